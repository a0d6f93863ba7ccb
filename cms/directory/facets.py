"""What a search can be narrowed by. A choice has a sign in the address and a mark on every row that
offers it: inside a facet any of the chosen marks will do, and every facet must be met."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.text import slugify

from accounts.models import Area

from .ages import AGE_GROUPS
from .languages import Language
from .models import Location, Schedule, Service, TaxonomyTerm
from .support import Support

# The facets that are taxonomies: their name in addresses and marks, and the taxonomy's code.
TAXONOMIES = {"need": "need", "type": "service_type", "tier": "tier", "route": "route"}


@dataclass(frozen=True, slots=True)
class Choice:
    sign: str
    mark: str  # facet:code
    label: str


@dataclass(frozen=True, slots=True)
class Facet:
    name: str
    heading: str
    choices: tuple[Choice, ...]
    chip: str = "{}"

    def choice(self, sign: str) -> Choice | None:
        return next((each for each in self.choices if each.sign == sign), None)


def _fixed(name: str, pairs: Iterable[tuple[str, str]]) -> tuple[Choice, ...]:
    return tuple(Choice(sign, f"{name}:{sign}", label) for sign, label in pairs)


COST = Facet("cost", "Cost", _fixed("cost", [("free", "Free")]))
HOW = Facet("how", "How", _fixed("how", [
    ("person", "In person"), ("online", "Online"), ("phone", "By phone"),
    ("home", "At home or school"),
]))  # fmt: skip
ASK = Facet("ask", "Who may ask", _fixed("ask", [
    ("yourself", "You can ask yourself"), ("professional", "Somebody can ask for you"),
]))  # fmt: skip
DAY = Facet("day", "Open on", _fixed("day", [
    (day.value.lower(), str(day.label)) for day in Schedule.Day
]), chip="Open on {}")  # fmt: skip
ACCESS = Facet("access", "The venue has", _fixed("access", [
    (code.value, str(code.label)) for code in Location.Access
]))  # fmt: skip
SEND = Facet("send", "Support for…", tuple(
    Choice(each.value.lower(), f"send:{each.value}", str(each.label)) for each in Support
), chip="Support for: {}")  # fmt: skip
LANGUAGE = Facet("language", "Languages besides English", _fixed("language", [
    (code.value, str(code.label)) for code in Language if code is not Language.ENGLISH
]))  # fmt: skip


def facets() -> list[Facet]:
    """All of them, in the order of the page. Two queries: terms and districts."""
    terms = list(TaxonomyTerm.objects.current().select_related("taxonomy"))

    def of(name: str) -> tuple[Choice, ...]:
        return tuple(
            Choice(term.sign, f"{name}:{term.code}", term.help_words)
            for term in terms
            if term.taxonomy.code == TAXONOMIES[name] and (term.parent_id is None or name != "type")
        )

    districts = Area.objects.filter(kind=Area.Kind.DISTRICT).order_by("name")
    return [
        Facet("need", "I need help with…", of("need")),
        COST,
        HOW,
        Facet("type", "Kind of help", of("type")),
        DAY,
        ASK,
        Facet("area", "Area", tuple(
            Choice(slugify(area.name), f"area:{area.code}", area.name) for area in districts
        )),
        Facet("route", "Into education and work", of("route")),
        Facet("tier", "For whom", of("tier")),
        SEND,
        LANGUAGE,
        ACCESS,
    ]  # fmt: skip


def marks(service: Service, places: list[Location], districts: list[Area]) -> set[str]:
    """What a search finds this service by. It comes with its terms, areas and schedules."""
    return {
        *_of_terms(service),
        *_of_ways(service),
        *(b.mark for b in AGE_GROUPS if b.suits(service.minimum_age, service.maximum_age)),
        *(f"day:{day.lower()}" for row in service.schedules.all() for day in row.days),
        *(f"access:{code}" for place in places for code in place.access),
        *(f"send:{code}" for code in service.support_for),
        *(f"language:{code}" for code in service.languages),
        *(f"area:{code}" for code in _districts(service, places, districts)),
    }


def _of_terms(service: Service) -> Iterator[str]:
    names = {code: name for name, code in TAXONOMIES.items()}
    for term in service.terms.all():
        if name := names.get(term.taxonomy.code):
            yield f"{name}:{term.code}"
            if term.parent is not None:
                yield f"{name}:{term.parent.code}"


def _of_ways(service: Service) -> Iterator[str]:
    W = Service.WhoAsks
    offered = {
        "cost:free": service.cost == Service.Cost.FREE,
        "how:person": service.is_in_person,
        "how:online": service.is_online,
        "how:phone": service.is_by_phone,
        "how:home": service.is_at_home,
        "ask:yourself": service.who_asks != W.PROFESSIONAL,
        "ask:professional": service.who_asks != W.YOURSELF,
    }
    return (mark for mark, is_offered in offered.items() if is_offered)


def _districts(service: Service, places: list[Location], districts: list[Area]) -> set[str]:
    """Codes of the districts served: all, for who takes people from anywhere; those chosen, of a
    chosen county, of a chosen ward; else where its places are."""
    if service.is_anywhere:
        return {district.code for district in districts}
    chosen = [area.path for area in service.areas.all()]
    if not chosen:
        return {place.district_code for place in places if place.district_code}
    return {
        district.code
        for district in districts
        if any(district.path.startswith(path) or path.startswith(district.path) for path in chosen)
    }
