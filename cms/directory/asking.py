"""From an address to a search. What is not understood is left out, with a sentence that says so."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.http import QueryDict
from django.utils.text import slugify

from accounts.models import Area
from accounts.places import locate

from .models import TaxonomyTerm
from .search import MILES, Asked, Search, Sort

LONGEST_Q = 200
LONGEST_PLACE = 60
OLDEST = 120
MOST_PAGES = 10_000


@dataclass
class Question:
    """What was asked and understood, and the words for it."""

    search: Search
    asked: Asked
    needs: list[TaxonomyTerm]  # all that may be chosen
    districts: Mapping[str, Area]  # all that may be chosen, by slug
    notices: list[str] = field(default_factory=list)

    def need(self, sign: str) -> TaxonomyTerm:
        return next(term for term in self.needs if term.sign == sign)


def read(query: QueryDict) -> Question:
    """Read an address. At most three queries; never an error."""
    notices: list[str] = []
    needs = list(TaxonomyTerm.objects.of("need").current().select_related("taxonomy"))
    districts = {slugify(area.name): area for area in Area.objects.filter(kind=Area.Kind.DISTRICT)}
    reader = _Reader(query, notices)
    search = Search(
        q=reader.words(),
        place=reader.text("place", LONGEST_PLACE),
        within=reader.number("within", "distance", MILES),
        age=reader.number("age", "age", range(OLDEST + 1)),
        need=reader.several("need", {term.sign for term in needs}),
        area=reader.one_of("area", districts),
        free=reader.flag("free"),
        online=reader.flag("online"),
        sort=reader.one_of("sort", {sort.value: sort for sort in Sort}),
        page=reader.number("page", "page", range(1, MOST_PAGES)) or 1,
    )
    return _understand(search, needs, districts, notices)


def _understand(
    search: Search, needs: list[TaxonomyTerm], districts: Mapping[str, Area], notices: list[str]
) -> Question:
    point = locate(search.place) if search.place else None
    if search.place and point is None:
        notices.append(
            f"We do not know the place “{search.place}”. Try a town, or the first half of a "
            "postcode, such as NG7."
        )
    elif point and point.note:
        notices.append(point.note)
    elif search.within and not search.place:
        notices.append("Type a town or postcode to search within a distance.")
    if search.within and point is None:
        search = search.without("within")
    chosen = [term for term in needs if term.sign in search.need]
    asked = Asked(
        search=search,
        point=point,
        terms=tuple(f"need:{term.code}" for term in chosen),
        district=districts[search.area].code if search.area else "",
    )
    return Question(search, asked, needs, districts, notices)


class _Reader:
    """Takes values out of an address and notes what it could not use."""

    def __init__(self, query: QueryDict, notices: list[str]) -> None:
        self.query, self.notices = query, notices

    def text(self, name: str, limit: int) -> str:
        value = self.query.get(name, "")
        kept = "".join(c if unicodedata.category(c)[0] != "C" else " " for c in value[: limit * 4])
        return " ".join(kept.split())[:limit].strip()

    def words(self) -> str:
        if len(self.query.get("q", "").strip()) > LONGEST_Q:
            self.notices.append(f"We searched for the first {LONGEST_Q} letters of what you typed.")
        return self.text("q", LONGEST_Q)

    def number(self, name: str, noun: str, allowed: range | tuple[int, ...]) -> int | None:
        value = self.text(name, 20)
        if not value:
            return None
        if value.isascii() and value.isdigit() and int(value) in allowed:
            return int(value)
        self._leave_out(noun, value)
        return None

    def several(self, name: str, known: set[str]) -> tuple[str, ...]:
        values = dict.fromkeys(self.query.getlist(name)[:50])
        for value in values:
            if value and value not in known:
                self._leave_out(name, value)
        return tuple(sorted((v for v in values if v in known), key=lambda v: (len(v), v)))

    def one_of(self, name: str, known: Mapping[str, object]) -> str:
        value = self.text(name, 60)
        if not value or value in known:
            return value
        self._leave_out({"sort": "order"}.get(name, name), value)
        return ""

    def flag(self, name: str) -> bool:
        value = self.text(name, 10)
        if value not in ("", "0", "1"):
            self._leave_out("filter", value)
        return value == "1"

    def _leave_out(self, noun: str, value: str) -> None:
        short = "".join(c if c.isprintable() else " " for c in value[:30])
        sentence = f"We do not know the {noun} “{short}”, so we left it out."
        if sentence not in self.notices and len(self.notices) < 5:
            self.notices.append(sentence)
