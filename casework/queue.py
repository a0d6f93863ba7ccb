"""Long lists, page by page: by key, newest first, in an order that never repeats or skips a row."""

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from django.core.exceptions import EmptyResultSet, ValidationError
from django.core.signing import BadSignature, Signer
from django.db import connection
from django.db.models import QuerySet

from accounts.roles import Role

if TYPE_CHECKING:
    from accounts.models import User

PAGE = 25
MOST_COUNTED = 1000
T = TypeVar("T")
Place = tuple[datetime, uuid.UUID | int]


@dataclass(frozen=True)
class Page(Generic[T]):
    """25 rows, the keys of the pages before and after ("" when there is none), and a capped
    count."""

    rows: list[T]
    count: int
    newer: str
    older: str


@dataclass(frozen=True)
class Lines(Generic[T]):
    """How a long list reads its rows in the statement that finds them: a SELECT of `found.place`
    and more, from `found`, which are the page's primary keys and their places, and what makes a row
    of its values (without the place)."""

    select: str
    row: Callable[[Iterable[Any]], T]

    def read(self, keys: list[uuid.UUID]) -> list[T]:
        """The rows of these primary keys, in their order. Whoever asks has chosen among what they
        may see."""
        statement = f"{self.select.format(found=_FOUND.format(keys='%s::uuid[]'))} ORDER BY place"
        with connection.cursor() as cursor:
            cursor.execute(statement, [keys])
            return [self.row(row[1:]) for row in cursor.fetchall()]


class Selection(NamedTuple):
    """The key and the primary key of chosen rows as PostgreSQL is asked for them; no words when
    there can be none."""

    sql: str
    values: tuple[Any, ...]

    @classmethod
    def of(cls, rows: QuerySet[Any], by: str = "-created_at") -> "Selection":
        keys = rows.order_by().values_list(by.removeprefix("-"), "pk")
        try:
            return cls(*keys.query.sql_with_params())
        except EmptyResultSet:
            return cls("", ())


@dataclass(frozen=True)
class InState:
    """A choice by nothing but the state."""

    states: tuple[str, ...]

    def __call__(self, rows: Any, user: "User") -> Any:
        return rows.filter(status__in=self.states)


def in_state(*states: str) -> InState:
    return InState(states)


@dataclass(frozen=True)
class Queue:
    """A named selection: its words, for whom it is, and which rows. Its count and its list are one
    query."""

    code: str
    label: str
    roles: tuple[type[Role], ...]
    choose: Callable[[Any, "User"], Any]
    words: str = ""

    def tone(self, count: int) -> str:
        """How its card looks: late work is not calm."""
        return "late" if count and self.code.startswith("late") else ""


def counted(rows: QuerySet[Any]) -> int:
    """How many rows, but at most one more than 1,000: a count that a long list can afford."""
    try:
        some, values = rows.order_by().values("pk")[: MOST_COUNTED + 1].query.sql_with_params()
    except EmptyResultSet:
        return 0
    with connection.cursor() as cursor:  # `count()` would build the query twice
        cursor.execute(f"SELECT count(*) FROM ({some}) AS counted", values)  # noqa: S608  Django's own
        return int(cursor.fetchone()[0])


def page_of(
    rows: QuerySet[Any] | Selection,
    *,
    after: str | None = None,
    before: str | None = None,
    by: str = "-created_at",
    lines: Lines[Any] | None = None,
) -> Page[Any]:
    """The page after or before a key, newest first unless `by` names another column; the primary
    key settles what is equal. A broken key is the first page. Without `lines` the rows are the
    instances; a `Selection`, which a view may keep, needs them."""
    newer = _read(before, rows)
    key, towards = (newer, _turned(by)) if newer else (_read(after, rows), by)
    chosen = rows if isinstance(rows, Selection) else Selection.of(rows, by)
    found, count = _found(chosen, key, towards, lines or _KEYS)
    more, shown = len(found) > PAGE, found[:PAGE]
    if not lines:
        shown = _instances(rows, shown)
    if newer:
        shown = shown[::-1]
    is_before, is_after = (more, True) if newer else (bool(key), more)
    return Page(
        shown,
        count,
        newer=_key(shown[0], by) if shown and is_before else "",
        older=_key(shown[-1], by) if shown and is_after else "",
    )


_FOUND = "unnest({keys}) WITH ORDINALITY AS found(id, place)"
_PAGE = """
    WITH chosen(key, id) AS NOT MATERIALIZED ({chosen}),
    page AS (
        SELECT
            ARRAY(SELECT id FROM chosen WHERE {beyond} ORDER BY key {way}, id {way} LIMIT {page})
                AS keys,
            (SELECT count(*) FROM (SELECT FROM chosen LIMIT {most}) AS counted) AS count
    )
    SELECT page.count, line.* FROM page LEFT JOIN LATERAL ({lines}) AS line ON true ORDER BY place
"""
_KEYS = Lines[uuid.UUID](
    "SELECT found.place, found.id FROM {found}", lambda values: next(iter(values))
)


def _found(
    chosen: Selection, key: Place | None, by: str, lines: Lines[Any]
) -> tuple[list[Any], int]:
    """The rows of a page and one row more, and the count of the whole: one statement around one
    query, because to build a query costs more than to ask it."""
    if not chosen.sql:
        return [], 0
    way, beyond = ("DESC", "<") if by.startswith("-") else ("ASC", ">")
    statement = _PAGE.format(
        chosen=chosen.sql,
        # A comparison of rows is one range of the index: deep in the list costs what the top does.
        beyond=f"(key, id) {beyond} (%s, %s)" if key else "true",
        way=way,
        page=PAGE + 1,
        most=MOST_COUNTED + 1,
        lines=lines.select.format(found=_FOUND.format(keys="page.keys")),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [*chosen.values, *(key or ())])
        found = cursor.fetchall()
    return [lines.row(row[2:]) for row in found if row[1]], found[0][0]


def _turned(by: str) -> str:
    return by.removeprefix("-") if by.startswith("-") else f"-{by}"


def _instances(rows: Any, keys: list[uuid.UUID]) -> list[Any]:
    found = {row.pk: row for row in rows.order_by().filter(pk__in=keys)}
    return [found[key] for key in keys if key in found]


_signer = Signer(salt="casework.queue")


def _key(row: Any, by: str) -> str:
    """A row's place in the list, in letters that an address may hold as they are."""
    moment = getattr(row, by.removeprefix("-")).astimezone(UTC).replace(tzinfo=None)
    return _signer.sign(f"{moment.isoformat()}~{row.pk}")


def _read(key: str | None, rows: Any) -> Place | None:
    """Also a key of another list is none, where primary keys are of another kind."""
    to_pk = uuid.UUID if isinstance(rows, Selection) else rows.model._meta.pk.to_python
    try:
        moment, _, pk = _signer.unsign(key or "").partition("~")
        return datetime.fromisoformat(moment).replace(tzinfo=UTC), to_pk(pk)
    except (BadSignature, ValueError, ValidationError):
        return None
