"""Long lists, page by page: by key, newest first, in an order that never repeats or skips a row."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Generic, TypeVar
from urllib.parse import urlencode

from django.core.exceptions import EmptyResultSet
from django.core.signing import BadSignature, Signer
from django.db import connection
from django.db.models import Q, QuerySet

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

    @property
    def newer_query(self) -> str:
        return urlencode({"before": self.newer}) if self.newer else ""

    @property
    def older_query(self) -> str:
        return urlencode({"after": self.older}) if self.older else ""


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
    read: Callable[[QuerySet[Any]], list[Any]] = list,
) -> Page[Any]:
    """The page after or before a key, newest first unless `by` names another column; the primary
    key settles what is equal. A broken key is the first page. `read` gets its rows, in order."""
    count = counted(rows)
    if key := _read(before):
        back = by.removeprefix("-") if by.startswith("-") else f"-{by}"
        found = read(_from(rows, key, back)[: PAGE + 1])
        more, shown = len(found) > PAGE, found[:PAGE][::-1]
        ends = (_key(shown[0], by) if more else "", _key(shown[-1], by) if shown else "")
        return Page(shown, count, *ends)
    key = _read(after)
    found = read(_from(rows, key, by)[: PAGE + 1])
    more, shown = len(found) > PAGE, found[:PAGE]
    return Page(
        shown,
        count,
        _key(shown[0], by) if key and shown else "",
        _key(shown[-1], by) if more else "",
    )


def _from(rows: QuerySet[Any], key: tuple[datetime, uuid.UUID] | None, by: str) -> QuerySet[Any]:
    """The rows beyond a key in the order of `by`, and of the primary key in the same direction."""
    column, sign = by.removeprefix("-"), "-" if by.startswith("-") else ""
    if key:
        beyond = "lt" if sign else "gt"
        # The first condition says nothing new, but an index can begin there: a page deep in the
        # list costs what the first does.
        rows = rows.filter(**{f"{column}__{beyond}e": key[0]}).filter(
            Q(**{f"{column}__{beyond}": key[0]}) | Q(**{f"pk__{beyond}": key[1]})
        )
    return rows.order_by(by, f"{sign}pk")


_signer = Signer(salt="casework.queue")


def _key(row: Any, by: str) -> str:
    return _signer.sign(f"{getattr(row, by.removeprefix('-')).isoformat()}~{row.pk}")


def _read(key: str | None) -> tuple[datetime, uuid.UUID] | None:
    try:
        moment, _, pk = _signer.unsign(key or "").partition("~")
        return datetime.fromisoformat(moment), uuid.UUID(pk)
    except (BadSignature, ValueError):
        return None
