"""Finding services: what was asked, and one statement over the search rows that answers it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db import connection

from accounts.clock import LONDON, is_bank_holiday, now, today
from accounts.places import Place

from .addresses import search_url
from .ages import BY_SIGN, AgeGroup, group_of
from .models import Schedule
from .wording import METRES_IN_MILE
from .words import Heard

PER_PAGE = 20
MILES = (1, 2, 5, 10, 20)
DAYS = [day.value for day in Schedule.Day]


class Sort(StrEnum):
    BEST = "best"
    NEAR = "near"
    NAME = "name"
    CHECKED = "checked"


# What is equally good takes turns, another order each day, so that nobody is always last.
TURN = "uuid_hash_extended(service_id, %(day)s), service_id"
FULLEST = "completeness DESC NULLS LAST"
ORDER_BY = {
    Sort.BEST: f"rank DESC, metres NULLS LAST, {FULLEST}, {TURN}",
    Sort.NEAR: f"metres NULLS LAST, rank DESC, {FULLEST}, {TURN}",
    Sort.NAME: "title, service_id",
    Sort.CHECKED: "checked_at DESC NULLS LAST, title, service_id",
}


@dataclass(frozen=True, slots=True)
class Search:
    """What was asked, already checked. Everything that decides the answer is in the address."""

    q: str = ""
    exact: bool = False
    place: str = ""
    within: int | None = None  # miles
    age: int | None = None
    ages: str = ""  # a group, by its sign, where no one age is asked for
    picks: tuple[tuple[str, str], ...] = ()  # of facets: name and sign, sorted
    open: str = ""  # "now"
    nearby: str = ""  # "yes" or "no": what neighbours offer; unsaid, only near the border
    sort: str = ""
    view: str = ""  # "map": a map above the list; it changes no answer
    chosen: tuple[str, ...] = ()  # slugs of services on the reader's list; they change no answer
    page: int = 1

    def url(self, **changes: Any) -> str:
        """The address of this search with changes; another search starts at its first page."""
        other = replace(self, **{"page": 1, **changes})
        values: dict[str, Any] = {name: getattr(other, name) for name in self.__slots__}
        values["age"] = other.ages or other.age
        for name, sign in values.pop("picks"):
            values.setdefault(name, []).append(sign)
        return search_url(**{**values, "page": other.page if other.page > 1 else None})

    def picked(self, name: str) -> list[str]:
        """The signs that were picked of this facet."""
        return [sign for facet, sign in self.picks if facet == name]

    def toggled(self, name: str, sign: str) -> tuple[tuple[str, str], ...]:
        """The picks with one more, or one less when it was among them."""
        return tuple(sorted(set(self.picks) ^ {(name, sign)}, key=natural))

    def without(self, name: str) -> "Search":
        """As it would be without the words, the age, …, or without what was picked of a facet."""
        if name not in self.__slots__:
            return replace(self, picks=tuple(p for p in self.picks if p[0] != name), page=1)
        changes: dict[str, Any] = {name: type(self).__dataclass_fields__[name].default}
        return replace(self, **changes, page=1, ages="" if name == "age" else self.ages)

    @property
    def filters(self) -> list[str]:
        """Names of what narrows the search."""
        on = {"q": self.q, "age": self.age_group, "within": self.within, "open": self.open}
        return [name for name in on if on[name]] + list(
            dict.fromkeys(name for name, _ in self.picks)
        )

    @property
    def age_group(self) -> AgeGroup | None:
        """The group of ages that was asked for, or that the age lies in."""
        return BY_SIGN[self.ages] if self.ages else None if self.age is None else group_of(self.age)

    @property
    def span(self) -> tuple[int, int] | None:
        """Whom it is to suit: from what age to what age."""
        if self.age is not None:
            return self.age, self.age
        return (self.age_group.youngest, self.age_group.oldest) if self.age_group else None


def natural(pick: tuple[str, str]) -> tuple[str, int, str]:
    """Orders picks so that one search has one address, with n2 before n10."""
    return pick[0], len(pick[1]), pick[1]


@dataclass(frozen=True, slots=True)
class Asked:
    """A search with what its names stand for in this database."""

    search: Search
    heard: Heard = field(default_factory=Heard)
    point: Place | None = None
    marks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # of facets
    moment: datetime | None = None  # London; for what is open now
    is_professional: bool = False  # finds what is for professionals only, too
    is_near_border: bool = False  # of the place

    def without(self, name: str) -> "Asked":
        marks = {facet: held for facet, held in self.marks.items() if facet != name}
        return replace(
            self,
            search=self.search.without(name),
            marks=marks,
            heard=Heard() if name == "q" else self.heard,
            moment=None if name == "open" else self.moment,
        )

    @property
    def takes_nearby(self) -> bool:
        """Whether it finds what neighbours offer: as the reader said; unsaid, near the border."""
        return self.search.nearby == "yes" or (not self.search.nearby and self.is_near_border)

    @property
    def sort(self) -> Sort:
        """The order asked for, if it can be had; else by distance, by fit."""
        wanted = self.search.sort
        if wanted in (Sort.NAME, Sort.CHECKED):
            return Sort(wanted)
        if self.point and not (wanted == Sort.BEST and self.search.q):
            return Sort.NEAR
        return Sort.BEST


@dataclass(frozen=True, slots=True)
class Hit:
    service_id: UUID
    location_id: UUID | None
    metres: float | None
    is_unsure: bool = False  # asked for what is open now, and nobody can say that it is


@dataclass(frozen=True, slots=True)
class Found:
    """`counts`: how many each mark would find, with the other facets as they are."""

    total: int
    hits: Sequence[Hit]
    counts: Mapping[str, int] = field(default_factory=dict)
    had_words: bool = True  # false: nothing is left of the words without "the", "and" and signs
    has_neighbours: bool = False  # there are services of areas beside ours, found or not


def find(asked: Asked, *, counting: bool = True) -> Found:
    """One page of answers, how many there are in all, and (if counting) how many each choice
    would give. One query."""
    base, values = _base(asked, counting=counting)
    words = _query(asked.heard, values).query
    skip = (asked.search.page - 1) * PER_PAGE
    values |= {"size": PER_PAGE, "skip": skip, "day": today().toordinal()}
    statement = f"""
        WITH {base}, page AS (
            SELECT row_number() OVER (ORDER BY {_order(asked)}) AS place,
                service_id, location_id, metres, is_unsure
            FROM base WHERE failing = 0 ORDER BY place LIMIT %(size)s OFFSET %(skip)s
        ), counted AS ({_counted(asked, values) if counting else COUNTED_NOT})
        SELECT (SELECT count(*) FROM base WHERE failing = 0),
            (SELECT json_object_agg(mark, many) FROM counted),
            {f"numnode({words}) > 0" if words else "true"},
            EXISTS (SELECT FROM cms_source WHERE is_neighbour),
            array_agg(service_id ORDER BY place), array_agg(location_id ORDER BY place),
            array_agg(metres ORDER BY place), array_agg(is_unsure ORDER BY place)
        FROM page
    """  # noqa: S608  only our own fragments; what was typed goes in as values
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        total, counts, had_words, has_neighbours, *columns = cursor.fetchone()
    hits = [Hit(*row) for row in zip(*columns, strict=True)] if columns[0] else []
    return Found(total, hits, _read(counts) or {}, had_words, has_neighbours)


def _order(asked: Asked) -> str:
    """Of what nobody can say is open, and what nobody has checked for long, the latter comes
    last only where the reader has asked for no order."""
    first = ["is_unsure"] if asked.search.sort else ["is_unsure", "is_old"]
    return ", ".join([*first, ORDER_BY[asked.sort]])


# Every row has how many facets it fails; one that fails a single facet counts for its choices.
COUNTED = """
    SELECT mark, count(*) AS many FROM base, unnest(marks) AS mark
    WHERE failing = 0 OR (failing = 1 AND split_part(mark, ':', 1) = failed) GROUP BY mark
"""
COUNTED_NOT = "SELECT NULL AS mark, NULL AS many WHERE false"


def _counted(asked: Asked, values: dict[str, Any]) -> str:
    """How many each choice would give: of the facets, of what is open now, and of the distances
    so far as the box reaches."""
    moment = asked.moment or now().astimezone(LONDON)
    is_open, unsure = _open(moment, values, is_anywhere=asked.point is not None)
    counted = f"""
        {COUNTED} UNION ALL SELECT 'open:now', count(*) FROM base AS here
        WHERE failing = 0 AND ({is_open} OR {unsure})
    """  # noqa: S608
    if asked.point is None:
        return counted
    values["miles"] = [each for each in MILES if each <= (asked.search.within or MILES[-1])]
    return f"""
        {counted} UNION ALL SELECT 'within:' || miles, count(*) FROM base
        JOIN unnest(%(miles)s::int[]) AS miles
            ON metres IS NULL OR metres <= miles * {METRES_IN_MILE}
        WHERE failing = 0 GROUP BY miles
    """  # noqa: S608


def _read(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def count_each(several: Sequence[Asked]) -> list[int]:
    """How many each search would find. One query for all."""
    parts, values = [], {}
    for number, asked in enumerate(several):
        base, own = _base(asked)
        for name, value in own.items():
            base = base.replace(f"%({name})s", f"%({name}_{number})s")
            values[f"{name}_{number}"] = value
        parts.append(f"(WITH {base} SELECT count(*) FROM base WHERE failing = 0)")  # noqa: S608
    if not parts:
        return []
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", values)
        return list(cursor.fetchone())


# The statement ---------------------------------------------------------------------------------
def _base(asked: Asked, *, counting: bool = False) -> tuple[str, dict[str, Any]]:
    """CTEs that end in `base`: one row per service, its nearest place first. To count what other
    choices would give, rows that fail facets stay, with how many. The box is cut out first."""
    values: dict[str, Any] = {}
    columns, where = _columns(asked, values, counting=counting)
    table = BOTH if asked.is_professional else "cms_listing"
    if asked.point is None:
        condition = " AND ".join(["is_first", *where])
        select = f"SELECT {columns}, NULL::float8 AS metres FROM {table} AS here"  # noqa: S608
        return f"base AS MATERIALIZED ({select} WHERE {condition})", values
    values |= {"x": asked.point.easting, "y": asked.point.northing}
    metres = "sqrt((easting - %(x)s)::float8 ^ 2 + (northing - %(y)s)::float8 ^ 2)"
    near = table
    if asked.search.within:
        values["r"] = asked.search.within * METRES_IN_MILE
        near = IN_THE_BOX.format(table=table)
        where.append(f"(easting IS NULL OR {metres} <= %(r)s)")
    return (
        f"base AS MATERIALIZED (SELECT DISTINCT ON (service_id) {columns}, {metres} AS metres "  # noqa: S608
        f"FROM {near} AS here WHERE {' AND '.join(where) or 'true'} "
        "ORDER BY service_id, metres NULLS LAST, location_id)"
    ), values


HELD = """service_id, location_id, is_first, title, search, minimum_age, maximum_age, marks,
    easting, northing, checked_at, completeness, is_old, is_nearby"""
# What the public finds, and beside it what is for professionals only.
BOTH = f"(SELECT {HELD} FROM cms_listing UNION ALL SELECT {HELD} FROM cms_professionallisting)"  # noqa: S608  only our own names

# OFFSET 0 keeps the box first: else the index of all words is read for those of a few miles.
IN_THE_BOX = """(
    SELECT * FROM {table} AS every
    WHERE point(easting::float8, northing::float8) <@ box(
        point(%(x)s - %(r)s, %(y)s - %(r)s), point(%(x)s + %(r)s, %(y)s + %(r)s))
    UNION ALL SELECT * FROM {table} AS every WHERE easting IS NULL
    OFFSET 0
)"""


def _columns(asked: Asked, values: dict[str, Any], *, counting: bool) -> tuple[str, list[str]]:
    """What `base` has of a row, and the conditions for it to be there."""
    words = _query(asked.heard, values)
    where, unsure = [words.condition] if words.condition else [], "false"
    if not asked.takes_nearby:
        where.append("NOT is_nearby")
    if asked.moment:
        is_open, unsure = _open(asked.moment, values)
        where.append(f"({is_open} OR {unsure})")
    tests = _tests(asked, values)
    if not counting:
        where, tests = [*where, *tests.values()], {}
    failing, failed = _failing(tests)
    columns = (
        f"service_id, location_id, title, checked_at, completeness, is_old, {words.rank} AS rank, "
        f"{unsure} AS is_unsure, {failing} AS failing, {failed} AS failed"
    )
    columns += ", marks" if counting else ""
    return columns, where


@dataclass(frozen=True, slots=True)
class Words:
    """What was typed, as SQL. `query`: the words as a tsquery. `condition`: that they match, or
    that nothing is left of them, as of "the". `rank`: a word that only begins like the last one
    comes after all that have it."""

    query: str = ""
    condition: str = ""
    rank: str = "0"


def _query(heard: Heard, values: dict[str, Any]) -> Words:
    parts = []
    for number, query in enumerate(heard.queries):
        values[f"q{number}"] = query
        parts.append(f"websearch_to_tsquery('english', %(q{number})s)")
    if not parts:
        return Words()
    words = f"({' || '.join(parts)})"
    rank = f"ts_rank(search, {words})"
    if heard.begins:
        values["begins"] = f"{heard.begins}:*"
        begun = "to_tsquery('simple', %(begins)s)"
        if head := heard.queries[0].removesuffix(heard.begins).strip():
            values["head"] = head
            begun = f"(websearch_to_tsquery('english', %(head)s) && {begun})"
        words, rank = f"({words} || {begun})", f"{rank} + ts_rank(search, {begun}) / 100"
    return Words(words, f"(numnode({words}) = 0 OR search @@ {words})", rank)


def _tests(asked: Asked, values: dict[str, Any]) -> dict[str, str]:
    """What a row must be for each facet that was asked for, the age among them."""
    tests = {}
    if asked.search.span:
        values["youngest"], values["oldest"] = asked.search.span
        tests["age"] = (
            "coalesce(minimum_age, 0) <= %(oldest)s AND coalesce(maximum_age, 999) >= %(youngest)s"
        )
    for name, wanted in asked.marks.items():
        values[f"of_{name}"] = list(wanted)
        tests[name] = f"marks && %(of_{name})s::varchar[]"
    return tests


def _failing(tests: Mapping[str, str]) -> tuple[str, str]:
    """How many of the facets a row fails, and the name of one that it fails."""
    if not tests:
        return "0", "''"
    failing = " + ".join(f"(NOT ({test}))::int" for test in tests.values())
    failed = " ".join(f"WHEN NOT ({test}) THEN '{name}'" for name, test in tests.items())
    return failing, f"CASE {failed} ELSE '' END"


def _open(
    moment: datetime, values: dict[str, Any], *, is_anywhere: bool = False
) -> tuple[str, str]:
    """The conditions that a service is open at that moment, and that nobody can say so: its hours
    are not known, or they are of now but hold only in term time, on some weeks, or not on a bank
    holiday. What is open on every day of the week is taken to be open on that one, too.
    `is_anywhere`: at whichever of its places."""
    values |= {
        "weekday": DAYS[moment.weekday()],
        "today": moment.date(),
        "clock": moment.time().replace(tzinfo=None),
        "is_holiday": is_bank_holiday(moment.date()),
    }
    hours = "EXISTS (SELECT FROM cms_schedule AS hours WHERE hours.service_id = here.service_id AND"
    here = "" if is_anywhere else "AND coalesce(hours.location_id = here.location_id, true)"
    of_now = f"""%(weekday)s = ANY(hours.days) {here}
        AND hours.opens_at <= %(clock)s AND coalesce(hours.closes_at > %(clock)s, true)
        AND coalesce(hours.valid_from <= %(today)s, true)
        AND coalesce(hours.valid_until >= %(today)s, true)"""
    always = """hours.every = 'WEEKLY' AND hours.words = ''
        AND (NOT %(is_holiday)s::boolean OR cardinality(hours.days) = 7)"""
    is_open = f"{hours} {of_now} AND {always})"
    unknown = f"NOT {hours} hours.opens_at IS NOT NULL)"
    return is_open, f"({unknown} OR ({hours} {of_now}) AND NOT {is_open}))"
