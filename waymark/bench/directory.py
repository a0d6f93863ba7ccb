"""`directory_search`, `directory_facets`, `directory_vs_modelsearch`: the first page of a search by
word, age and distance in a large directory, through the page's own path; beside the least SQL that
gives the same, beside itself without counts, and beside modelsearch."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any
from uuid import UUID

from django.db import connection
from django.http import QueryDict

from cms.directory import asking
from cms.directory.search import PER_PAGE, Asked, find
from cms.directory.wording import METRES_IN_MILE
from waymark.generate import databases

from . import modelsearch, rows
from .measuring import Measured, alternate, seconds
from .setting import Setting

QUERY = "q=boxing&place=Nottingham&age=14"
METRES = 10_000
REPEAT = 40  # searches in one round, each far shorter than the clock is sure of

# Box first, then text; only what the page needs. Nothing is looked up and no choice is counted.
BY_HAND = """
    WITH near AS MATERIALIZED (
        SELECT *, sqrt((easting - %(x)s)::float8 ^ 2 + (northing - %(y)s)::float8 ^ 2) AS metres
        FROM cms_listing WHERE point(easting::float8, northing::float8) <@ box(
            point(%(x)s - %(r)s, %(y)s - %(r)s), point(%(x)s + %(r)s, %(y)s + %(r)s))
        UNION ALL SELECT *, NULL FROM cms_listing WHERE easting IS NULL
    ), base AS (
        SELECT DISTINCT ON (service_id) service_id, metres, is_old, title FROM near
        WHERE (metres <= %(r)s OR metres IS NULL) AND NOT is_nearby
        AND coalesce(minimum_age, 0) <= %(age)s AND coalesce(maximum_age, 999) >= %(age)s
        AND search @@ websearch_to_tsquery('english', %(q)s) ORDER BY service_id, metres
    )
    SELECT service_id, count(*) OVER () FROM base
    ORDER BY is_old, metres NULLS LAST, title, service_id LIMIT %(size)s
"""


@dataclass(frozen=True)
class Figures:
    search: Measured
    facets: Measured
    modelsearch: Measured


def run(setting: Setting) -> list[rows.Row]:
    small, large = (100_000, 1_000_000) if setting.is_full else (10_000, 100_000)
    before, after = _measured(setting, small), _measured(setting, large)
    n = {"n": large}
    return [
        rows.of("directory_search", after.search, unit="ms", scale=1000, better="lower",
                goal=1.15, floor=2.0, growth=after.search.ours / before.search.ours,
                remark=_grown(before.search, after.search, small, large), **n),
        rows.of("directory_vs_modelsearch", after.modelsearch, unit="ms", scale=1000,
                better="higher", goal=30, floor=5,
                growth=after.modelsearch.ratio / before.modelsearch.ratio,
                remark=f"{before.modelsearch.ratio:.1f} times with {small:,}", **n),
        rows.of("directory_facets", after.facets, unit="ms", scale=1000, better="lower",
                goal=1.2, floor=2.0, growth=after.facets.ours / before.facets.ours,
                remark=_grown(before.facets, after.facets, small, large), **n),
    ]  # fmt: skip


def _grown(before: Measured, after: Measured, small: int, large: int) -> str:
    return f"{small:,} / {large:,} services: {after.ours / before.ours:.2f}×"


def _measured(setting: Setting, services: int) -> Figures:
    with databases.using(setting.directory(services)):
        asked = _asked()
        ours, by_hand = partial(_ours, asked, counting=False), partial(_by_hand, asked)
        theirs = modelsearch.search(asked, METRES)
        wanted = by_hand()
        for other in (ours(), theirs()):
            if _in_any_turn(other) != _in_any_turn(wanted) or len(wanted[0]) < PER_PAGE:
                raise AssertionError(f"Not the same answer: {other} is not {wanted}.")
        own = partial(_timed, ours)
        return Figures(
            search=alternate(own, partial(_timed, by_hand)),
            facets=alternate(partial(_timed, partial(_ours, asked, counting=True)), own),
            modelsearch=_inverse(alternate(own, partial(_timed, theirs))),
        )


def _in_any_turn(answer: tuple[list[UUID], int]) -> tuple[set[UUID], int]:
    """What lies equally far, such as two services of one venue, takes turns by the day."""
    found, total = answer
    return set(found), total


def _inverse(measured: Measured) -> Measured:
    return replace(measured, ratio=1 / measured.ratio)


def _timed(work: Callable[[], object]) -> float:
    return seconds(lambda: [work() for _ in range(REPEAT)]) / REPEAT


def _asked() -> Asked:
    """What the page's own reader makes of the address; no choice of the page is 10 km."""
    asked = asking.read(QueryDict(QUERY)).asked
    within: Any = METRES / METRES_IN_MILE
    return replace(asked, search=replace(asked.search, within=within))


def _ours(asked: Asked, *, counting: bool) -> tuple[list[UUID], int]:
    found = find(asked, counting=counting)
    return [hit.service_id for hit in found.hits], found.total


def _by_hand(asked: Asked) -> tuple[list[UUID], int]:
    assert asked.point  # noqa: S101  by the address
    point = {"x": asked.point.easting, "y": asked.point.northing, "r": METRES}
    values = point | {"age": asked.search.age, "q": asked.search.q, "size": PER_PAGE}
    with connection.cursor() as cursor:
        cursor.execute(BY_HAND, values)
        found = cursor.fetchall()
    return [service for service, _ in found], found[0][1]
