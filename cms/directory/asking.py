"""From an address to a search. What is not understood is left out, with a sentence that says so."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.http import QueryDict

from accounts.clock import LONDON, is_bank_holiday, now
from accounts.places import locate, wards_named

from .ages import BY_SIGN, OLDEST
from .facets import Choice, Facet, facets
from .outlines import is_near_border
from .search import MILES, Asked, Search, Sort, natural
from .words import Heard, hear

LONGEST_Q = 200
LONGEST_PLACE = 60
MOST_PAGES = 10_000
MOST_CHOSEN = 30
SLUG = re.compile(r"[a-z0-9_-]{1,80}")


@dataclass
class Question:
    """What was asked and understood, and the words for it."""

    search: Search
    asked: Asked
    facets: Sequence[Facet]  # all that may be picked
    notices: list[str] = field(default_factory=list)

    def choices(self, name: str) -> list[Choice]:
        """What was picked of a facet."""
        facet = next(each for each in self.facets if each.name == name)
        found = (facet.choice(sign) for sign in self.search.picked(name))
        return [choice for choice in found if choice]


def read(query: QueryDict, *, is_professional: bool = False) -> Question:
    """Read an address. At most six queries; never an error."""
    notices: list[str] = []
    offered = facets()
    reader = _Reader(query, notices)
    picks = (
        (facet.name, sign)
        for facet in offered
        for sign in reader.several(facet.name, {choice.sign for choice in facet.choices})
    )
    search = Search(
        q=reader.words(),
        exact=reader.flag("exact"),
        place=reader.text("place", LONGEST_PLACE),
        within=reader.number("within", "distance", MILES),
        **reader.age(),
        picks=tuple(sorted(picks, key=natural)),
        open=reader.one_of("open", {"now": "now"}),
        nearby=reader.one_of("nearby", {"yes": "yes", "no": "no"}),
        sort=reader.one_of("sort", {sort.value: sort for sort in Sort}),
        view=reader.one_of("view", {"map": "map"}),
        chosen=read_list(query.getlist("chosen")),
        page=reader.number("page", "page", range(1, MOST_PAGES)) or 1,
    )
    return _understand(search, offered, notices, is_professional)


def read_list(slugs: Iterable[str]) -> tuple[str, ...]:
    """The reader's list as it stands in an address: each once, and so many at most."""
    known = (slug for slug in dict.fromkeys(slugs) if SLUG.fullmatch(slug))
    return tuple(islice(known, MOST_CHOSEN))


def _understand(
    search: Search, offered: Sequence[Facet], notices: list[str], is_professional: bool
) -> Question:
    point = locate(search.place) if search.place else None
    if search.place and point is None:
        notices.append(_unknown(search.place))
    elif point and point.note:
        notices.append(point.note)
    elif search.within and not search.place:
        notices.append("Type a town or postcode to search within a distance.")
    if search.within and point is None:
        search = search.without("within")
    asked = Asked(
        search=search,
        heard=_hear(search, is_professional),
        point=point,
        marks=_marks(search, offered),
        moment=now().astimezone(LONDON) if search.open else None,
        is_professional=is_professional,
        is_near_border=point is not None and is_near_border(point.easting, point.northing),
    )
    if asked.moment and is_bank_holiday(asked.moment.date()):
        notices.append("Today is a bank holiday. Ring before you go: many places are closed.")
    return Question(search, asked, offered, notices)


def _unknown(place: str) -> str:
    """Why we do not know a place, and what to type instead."""
    wards = wards_named(place)
    if len(wards) > 1:
        named = " or ".join(f"“{ward.name}, {ward.parent}”" for ward in wards)
        return f"There is more than one place called “{place}”. Say which: {named}."
    return (
        f"We do not know the place “{place}”. Try a town, or the first half of a postcode, such as "
        "NG7."
    )


def _hear(search: Search, is_professional: bool) -> Heard:
    if not search.q:
        return Heard()
    return hear(search.q, exactly=search.exact, is_professional=is_professional)


def _marks(search: Search, offered: Sequence[Facet]) -> dict[str, tuple[str, ...]]:
    picked = {
        facet.name: tuple(
            choice.mark
            for sign in search.picked(facet.name)
            if (choice := facet.choice(sign)) is not None
        )
        for facet in offered
    }
    return {name: marks for name, marks in picked.items() if marks}


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

    def age(self) -> dict[str, Any]:
        """One age, or a group of ages."""
        value = self.text("age", 20)
        if value in BY_SIGN:
            return {"ages": value}
        return {"age": self.number("age", "age", range(OLDEST + 1))}

    def several(self, name: str, known: set[str]) -> tuple[str, ...]:
        values = dict.fromkeys(self.query.getlist(name)[:50])
        for value in values:
            if value and value not in known:
                self._leave_out(name, value)
        return tuple(value for value in values if value in known)

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
