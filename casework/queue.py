"""Long lists, page by page: by key, newest first, in an order that never repeats or skips a row."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from django.core.exceptions import EmptyResultSet
from django.core.signing import BadSignature, Signer
from django.db import connection
from django.db.models import QuerySet

from accounts.roles import Role

if TYPE_CHECKING:
    from accounts.models import User

PAGE = 25
MOST_COUNTED = 1000
T = TypeVar("T")


@dataclass(frozen=True)
class Page(Generic[T]):
    """25 rows, the keys of the pages before and after ("" when there is none), and a capped
    count."""

    rows: list[T]
    count: int
    newer: str
    older: str


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
    rows: QuerySet[Any],
    *,
    after: str | None = None,
    before: str | None = None,
    by: str = "-created_at",
    read: Callable[[list[uuid.UUID]], list[Any]] | None = None,
) -> Page[Any]:
    """The page after or before a key, newest first unless `by` names another column; the primary
    key settles what is equal. A broken key is the first page. `read` fetches rows by their primary
    keys, in that order; without it they are the instances."""
    newer = _read(before)
    key, towards = (newer, _turned(by)) if newer else (_read(after), by)
    found, count = _found(rows, key, towards)
    more = len(found) > PAGE
    shown = (read or partial(_instances, rows))(found[:PAGE])
    if newer:
        shown = shown[::-1]
    first, last = (_key(shown[0], by), _key(shown[-1], by)) if shown else ("", "")
    if newer:
        return Page(shown, count, first if more else "", last)
    return Page(shown, count, first if key else "", last if more else "")


_PAGE_AND_COUNT = """
    WITH chosen(key, id) AS NOT MATERIALIZED ({chosen})
    SELECT
        ARRAY(SELECT id FROM chosen WHERE {beyond} ORDER BY key {way}, id {way} LIMIT {page}),
        (SELECT count(*) FROM (SELECT FROM chosen LIMIT {most}) AS counted)
"""


def _found(
    rows: QuerySet[Any], key: tuple[datetime, uuid.UUID] | None, by: str
) -> tuple[list[uuid.UUID], int]:
    """The primary keys of a page and of one row more, and the count of the whole: one statement
    around one query, because to build a query costs more than to ask it."""
    way, beyond = ("DESC", "<") if by.startswith("-") else ("ASC", ">")
    try:
        chosen, values = (
            rows.order_by().values_list(by.removeprefix("-"), "pk").query.sql_with_params()
        )
    except EmptyResultSet:
        return [], 0
    statement = _PAGE_AND_COUNT.format(
        chosen=chosen,
        # A comparison of rows is one range of the index: deep in the list costs what the top does.
        beyond=f"(key, id) {beyond} (%s, %s)" if key else "true",
        way=way,
        page=PAGE + 1,
        most=MOST_COUNTED + 1,
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [*values, *(key or ())])
        return cast(tuple[list[uuid.UUID], int], cursor.fetchone())


def _turned(by: str) -> str:
    return by.removeprefix("-") if by.startswith("-") else f"-{by}"


def _instances(rows: QuerySet[Any], keys: list[uuid.UUID]) -> list[Any]:
    found = {row.pk: row for row in rows.order_by().filter(pk__in=keys)}
    return [found[key] for key in keys if key in found]


_signer = Signer(salt="casework.queue")


def _key(row: Any, by: str) -> str:
    return _signer.sign(f"{getattr(row, by.removeprefix('-')).isoformat()}~{row.pk}")


def _read(key: str | None) -> tuple[datetime, uuid.UUID] | None:
    try:
        moment, _, pk = _signer.unsign(key or "").partition("~")
        return datetime.fromisoformat(moment), uuid.UUID(pk)
    except (BadSignature, ValueError):
        return None
