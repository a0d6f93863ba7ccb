"""How an assessment reads: the same columns on screen and on paper."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.formats import date_format

from cms.directory import provision
from cms.directory.wording import and_list

from . import maps, releases
from .disclosure import BOARD, LEGEND, VERSION
from .models import GapAction, Release, Weights
from .needs import Assessment
from .scoring import HUNDRED, MISSING, PROVISION, WITHHELD, Figure, Place

HEADS = {
    "deprivation": "Deprived small areas",
    "referred": "Young people referred",
    "referrals": "Referred per 1,000",
    "unmet": "Searches that found nothing",
    "out_of_place": "Out of education and work, or not known",
    PROVISION: "Services",
}
PARTS_SAID = {
    "deprivation": "deprivation",
    "referrals": "the rate of referrals",
    "unmet": "searches that found nothing",
    "out_of_place": "who is out of education and work",
}
STAMP = f"Disclosure rules version {VERSION}, for the Board: counts below {BOARD} are withheld."


@dataclass(frozen=True, slots=True)
class Cell:
    head: str
    words: str
    rank: float | None = None


@dataclass(frozen=True, slots=True)
class Row:
    code: str
    name: str
    inputs: list[Cell]
    need: str
    provision: str
    gap: str
    left_out: str


def rows(assessment: Assessment) -> list[Row]:
    names = columns(assessment)
    parts = used(assessment)
    return [_row(place, names, parts) for place in assessment.places]


def in_all(assessment: Assessment) -> str:
    """How many young people were referred, as a sentence."""
    total, last_day = assessment.total, date_format(assessment.period.last_day, "j F Y")
    if total == MISSING:
        return (
            "How many young people were referred is not counted yet: that is done in the night "
            "after a quarter ends, and once the areas are set up."
        )
    if total == WITHHELD:
        return (
            f"How many young people were referred in the year to {last_day} is withheld: it is "
            f"below {BOARD}, or would give away a number that is."
        )
    return f"{total.words} young people were referred in all in the year to {last_day}."


def columns(assessment: Assessment) -> list[str]:
    """The figures that are asked for here; a rate only where it can be had."""
    asked = [name for name in HEADS if any(name in place.figures for place in assessment.places)]
    return [name for name in asked if name != "referrals" or assessment.has_population]


def used(assessment: Assessment) -> list[str]:
    """The parts of need that are known of some place."""
    known = {part for place in assessment.places for part in place.ranks}
    return [part for part in PARTS_SAID if part in known]


GAP_SAID = (
    "The gap is need less provision, from −100 to +100. Above 0 a place has more need than "
    "services, compared with the others here; it says nothing of how much would be enough."
)


def warnings(assessment: Assessment) -> list[str]:
    """What a reader should know before they lean on the gaps."""
    found = [_rests_on(assessment)]
    if assessment.places and all(place.gap is None for place in assessment.places):
        lacks = "services" if all(p.provision is None for p in assessment.places) else "need"
        found.append(
            f"There is no gap to show, because {lacks} can be compared of fewer than two places. "
            "The order is that of need."
        )
    return [sentence for sentence in found if sentence]


def _rests_on(assessment: Assessment) -> str:
    """Where some part of need is known of no place at all."""
    asked = {part for place in assessment.places for part in place.figures}
    parts = used(assessment)
    without = [PARTS_SAID[part] for part in PARTS_SAID if part in asked and part not in parts]
    if not without:
        return ""
    if not parts:
        return "Nothing is known yet from which need could be worked out."
    said = and_list(PARTS_SAID[part] for part in parts)
    return (
        f"Need rests on {said} alone. Left out everywhere, because it is not available or "
        f"withheld: {and_list(without)}."
    )


def _row(place: Place, names: Sequence[str], parts: Sequence[str]) -> Row:
    """`left_out`: what its need lacks and the need of others has."""
    lacks = place.left_out if place.need is not None else []
    left_out = [PARTS_SAID[part] for part in lacks if part in parts]
    return Row(
        place.code,
        place.name,
        [_cell(name, place.figures[name], place.ranks.get(name)) for name in names],
        need=_points(place.need),
        provision=_points(place.provision),
        gap=_points(place.gap, signed=True),
        left_out=and_list(left_out),
    )


def _cell(name: str, figure: Figure, rank: float | None) -> Cell:
    return Cell(HEADS[name], figure.words, rank)


def _points(value: float | None, *, signed: bool = False) -> str:
    """Whole points: the figures are good for no more."""
    if value is None:
        return MISSING.words
    points = round(value)
    return f"{points:+d}".replace("-", "−") if signed and points else str(points)


def unanswered(assessment: Assessment, to_do: Iterable[GapAction]) -> list[Place]:
    """The places with more need than services for which nobody has anything to do."""
    answered = {action.area.code for action in to_do}
    wide = (place for place in assessment.places if maps.gap(place) in maps.MORE_NEED)
    return [place for place in wide if place.code not in answered]


def searched(assessment: Assessment) -> list[tuple[str, str, str]]:
    """Of each place, in the order of the table, how many searches found nothing and what share that
    is; nothing where nobody has searched."""
    found = [(place.name, place.figures["unmet"]) for place in assessment.places]
    if all(figure.value is None and figure != WITHHELD for _, figure in found):
        return []
    return [(name, figure.words, _share(figure)) for name, figure in found]


def _share(figure: Figure) -> str:
    if figure.value is None:
        return figure.words if figure in (WITHHELD, MISSING) else "–"
    return f"{round(HUNDRED * figure.value)}%"


def weighed(weights: Weights) -> list[tuple[str, str]]:
    return [
        (str(Weights._meta.get_field(part).verbose_name), f"{weight}%")  # type: ignore[union-attr]
        for part, weight in weights.of.items()
    ]


def provided(assessment: Assessment) -> list[tuple[str, list[Cell]]]:
    """A row for each kind of help: how many services of it reach each district today."""
    places = sorted(assessment.places, key=lambda place: place.name)
    return [
        (label, [Cell(p.name, f"{assessment.provision.of(p.code, mark):,}") for p in places])
        for mark, label in provision.kinds()
    ]


def not_found(assessment: Assessment) -> list[tuple[str, str, str]]:
    """Of each need the searches that found nothing and how often people said that it was missing,
    the most first. A count below what may be shown looks like none: both are "under 5"."""
    found = releases.read(assessment.period, Release.Table.NEEDS)
    counts = [(name, searches or 0, told or 0) for name, (searches, told) in found.items()]
    counts.sort(key=lambda row: (-row[1] - row[2], row[0]))
    return [(name, _enough(searches), _enough(told)) for name, searches, told in counts]


def _enough(many: int) -> str:
    return f"{many:,}" if many else f"under {BOARD}"


def _left_out(assessment: Assessment) -> str:
    """Of neighbours' directories."""
    many = assessment.provision.left_out
    found = f"{many:,} of them would count" if many else "none of them would count today"
    return (
        "Services from directories of areas beside ours are left out, because nobody here has "
        f"checked them: {found}."
    )


def method(assessment: Assessment) -> list[str]:
    """What a reader has to know of these figures, in sentences."""
    found = [
        "Each figure of a place is compared with those of the others here: 0 is the lowest of all, "
        "100 the highest. Need is the weighted mean of its parts. The gap is need less provision: "
        "above 0, a place has more need than services.",
        "Deprived small areas: those of about 1,500 people (LSOA) that are among the most deprived "
        "fifth of England (Indices of Deprivation 2025, by the postcodes that were imported).",
        "Young people referred: those of whom a referral was sent in the period, once each, in the "
        "district of the latest. Out of education and work: what was recorded of them at the end "
        "of the period; nothing recorded counts as not known.",
        "Searches: those of the public directory for a place in that district, by anybody, with no "
        "more kept of them than counts.",
        "Services: public services of the directory that reach the district, or have a place in "
        f"the ward. How many places they have is not known. {_left_out(assessment)}",
        "Young people and searches are counted once, in the night after the period ends. What was "
        "counted does not change afterwards.",
        "A part that is withheld or not available is left out of need, and the others count for "
        "more. It is never taken for zero.",
    ]
    if not assessment.has_population:
        found.append(
            "How many young people live in each place is not loaded. So referrals have no rate and "
            "do not count in need (a large place has more of them for its size alone), and "
            "services are compared by their number."
        )
    if not assessment.has_deprivation:
        found.append(
            "Postcodes with deprivation deciles are not loaded, so deprivation is not available."
        )
    return [*found, f"{LEGEND}. {STAMP}"]
