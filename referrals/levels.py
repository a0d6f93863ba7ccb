"""The four levels of need as each area's thresholds put them. Our summaries of public documents:
Nottingham City "Right Support, Right Time", Nottinghamshire "Pathway to Provision"."""

LEVELS: dict[str, list[tuple[str, str]]] = {
    "city": [
        ("Level 1: universal", "Everyday help from school, health and family is enough."),
        ("Level 2: extra help", "One service besides could help, such as a mentor or youth work."),
        ("Level 3: targeted help", "Several needs at once; services have to work together."),
        ("Level 4: at risk of serious harm", "A social worker or MASH has to act now."),
    ],
    "county": [
        ("Level 1: universal", "Needs are met by services that everybody has."),
        ("Level 2: in need of help", "They need some extra help from one or two services."),
        ("Level 3: early help", "They have complex needs and an early help plan would fit."),
        ("Level 4: specialist", "They need protection or specialist services through MASH."),
    ],
    "other": [
        ("Level 1: universal", "Everyday services are enough."),
        ("Level 2: extra help", "They need some extra help."),
        ("Level 3: targeted help", "They have several needs at once."),
        ("Level 4: at risk of serious harm", "Children's social care has to act now."),
    ],
}


def level_words(thresholds: str, level: int) -> tuple[str, str]:
    """The name of a level and what it means, in the words of these thresholds."""
    return LEVELS[thresholds][level - 1]
