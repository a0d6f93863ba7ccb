"""Finding services: what was asked, and one statement over the search rows that answers it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db import connection

from accounts.places import Place

from .addresses import search_url
from .plain import fold
from .wording import METRES_IN_MILE

PER_PAGE = 20
MILES = (1, 2, 5, 10, 20)


class Sort(StrEnum):
    BEST = "best"
    NEAR = "near"
    NAME = "name"
    CHECKED = "checked"


ORDER_BY = {
    Sort.BEST: "rank DESC, title, service_id",
    Sort.NEAR: "metres NULLS LAST, rank DESC, title, service_id",
    Sort.NAME: "title, service_id",
    Sort.CHECKED: "checked_at DESC NULLS LAST, title, service_id",
}


@dataclass(frozen=True, slots=True)
class Search:
    """What was asked, already checked. Everything that decides the answer is in the address."""

    q: str = ""
    place: str = ""
    within: int | None = None  # miles
    age: int | None = None
    need: tuple[str, ...] = ()  # signs of terms
    area: str = ""  # slug of a district
    free: bool = False
    online: bool = False
    sort: str = ""
    page: int = 1

    def url(self, **changes: Any) -> str:
        """The address of this search with changes; another search starts at its first page."""
        other = replace(self, **{"page": 1, **changes})
        page = other.page if other.page > 1 else None
        values = {name: getattr(other, name) for name in self.__slots__}
        return search_url(**{**values, "page": page})

    def without(self, name: str) -> "Search":
        changes: dict[str, Any] = {name: type(self).__dataclass_fields__[name].default, "page": 1}
        return replace(self, **changes)

    @property
    def filters(self) -> list[str]:
        """Names of what narrows the search."""
        names = ("q", "need", "age", "area", "within", "free", "online")
        return [name for name in names if getattr(self, name) not in ("", None, (), False)]


@dataclass(frozen=True, slots=True)
class Asked:
    """A search with what its names stand for in this database."""

    search: Search
    point: Place | None = None
    terms: tuple[str, ...] = ()  # taxonomy:code
    district: str = ""  # code

    @property
    def sort(self) -> Sort:
        """The order asked for, if it can be had; else by distance, by fit, by name."""
        wanted = self.search.sort
        if wanted in (Sort.NAME, Sort.CHECKED):
            return Sort(wanted)
        if self.point and not (wanted == Sort.BEST and self.search.q):
            return Sort.NEAR
        return Sort.BEST if self.search.q else Sort.NAME


@dataclass(frozen=True, slots=True)
class Hit:
    service_id: UUID
    location_id: UUID | None
    metres: float | None


@dataclass(frozen=True, slots=True)
class Found:
    total: int
    hits: Sequence[Hit]
    had_words: bool = True  # false: nothing is left of the words without "the", "and" and signs


def find(asked: Asked) -> Found:
    """One page of answers and how many there are in all. One query."""
    matched, values = _matched(asked)
    words = fold(asked.search.q)
    values |= {"words": words, "size": PER_PAGE, "skip": (asked.search.page - 1) * PER_PAGE}
    statement = f"""
        {matched}
        SELECT service_id, location_id, metres, count(*) OVER (),
            numnode(websearch_to_tsquery('english', %(words)s)) > 0
        FROM matched
        ORDER BY {ORDER_BY[asked.sort]} LIMIT %(size)s OFFSET %(skip)s
    """  # noqa: S608  only our own fragments; what was typed goes in as values
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        rows = cursor.fetchall()
    hits = [Hit(service, location, metres) for service, location, metres, _, _ in rows]
    if not rows:
        return Found(total=0, hits=hits)
    return Found(total=rows[0][3], hits=hits, had_words=rows[0][4] or not asked.search.q)


def count_each(several: Sequence[Asked]) -> list[int]:
    """How many each search would find. One query for all."""
    parts, values = [], {}
    for number, asked in enumerate(several):
        matched, own = _matched(asked)
        for name, value in own.items():
            matched = matched.replace(f"%({name})s", f"%({name}_{number})s")
            values[f"{name}_{number}"] = value
        parts.append(f"SELECT ({matched} SELECT count(*) FROM matched)")  # noqa: S608  as above
    if not parts:
        return []
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), values)
        return [row[0] for row in cursor.fetchall()]


def _matched(asked: Asked) -> tuple[str, dict[str, Any]]:
    """WITH … matched: one row per service, its nearest place first. The box is cut out first."""
    conditions, values = _conditions(asked)
    rank = "ts_rank(search, websearch_to_tsquery('english', %(q)s))" if asked.search.q else "0"
    columns = f"service_id, location_id, title, checked_at, {rank} AS rank"
    where = " AND ".join(conditions) or "true"
    if asked.point is None:
        return (
            f"WITH matched AS (SELECT {columns}, NULL::float8 AS metres "  # noqa: S608  as above
            f"FROM cms_listing WHERE is_first AND {where})"
        ), values
    values |= {"x": asked.point.easting, "y": asked.point.northing}
    metres = "sqrt((easting - %(x)s)::float8 ^ 2 + (northing - %(y)s)::float8 ^ 2)"
    near, limit = "cms_listing", "true"
    if asked.search.within:
        values["r"] = asked.search.within * METRES_IN_MILE
        near = """(
            SELECT * FROM cms_listing
            WHERE point(easting::float8, northing::float8) <@ box(
                point(%(x)s - %(r)s, %(y)s - %(r)s), point(%(x)s + %(r)s, %(y)s + %(r)s))
            UNION ALL SELECT * FROM cms_listing WHERE easting IS NULL
        )"""
        limit = f"(easting IS NULL OR {metres} <= %(r)s)"
    return (
        f"WITH near AS MATERIALIZED (SELECT * FROM {near} AS boxed), "  # noqa: S608  as above
        f"matched AS (SELECT DISTINCT ON (service_id) {columns}, {metres} AS metres FROM near "
        f"WHERE {where} AND {limit} ORDER BY service_id, metres NULLS LAST, location_id)"
    ), values


def _conditions(asked: Asked) -> tuple[list[str], dict[str, Any]]:
    search = asked.search
    wanted: list[tuple[bool, str, dict[str, Any]]] = [
        (
            bool(search.q),
            "(numnode(websearch_to_tsquery('english', %(q)s)) = 0"
            " OR search @@ websearch_to_tsquery('english', %(q)s))",
            {"q": fold(search.q)},
        ),
        (bool(asked.terms), "terms && %(terms)s::varchar[]", {"terms": list(asked.terms)}),
        (
            search.age is not None,
            "coalesce(minimum_age, 0) <= %(age)s AND coalesce(maximum_age, 999) >= %(age)s",
            {"age": search.age},
        ),
        (
            bool(asked.district),
            "(is_anywhere OR districts @> ARRAY[%(district)s]::varchar[])",
            {"district": asked.district},
        ),
        (search.free, "is_free", {}),
        (search.online, "is_online", {}),
    ]
    used = [(condition, values) for is_wanted, condition, values in wanted if is_wanted]
    return [condition for condition, _ in used], {k: v for _, vs in used for k, v in vs.items()}
