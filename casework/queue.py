"""Long lists, page by page: by key, newest first, in an order that never repeats or skips a row."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Generic, TypeVar
from urllib.parse import urlencode

from django.core.signing import BadSignature, Signer
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
        return "late" if count and self.code == "late" else ""


def counted(rows: QuerySet[Any]) -> int:
    """How many rows, but at most one more than 1,000: a count that a long list can afford."""
    return rows.order_by()[: MOST_COUNTED + 1].count()


def page_of(
    rows: QuerySet[Any], *, after: str | None = None, before: str | None = None
) -> Page[Any]:
    """The page after or before a key, newest first (`-created_at, -pk`). A broken key is the first
    page."""
    count = counted(rows)
    if key := _read(before):
        later = Q(created_at__gt=key[0]) | Q(created_at=key[0], pk__gt=key[1])
        found = list(rows.filter(later).order_by("created_at", "pk")[: PAGE + 1])
        more, shown = len(found) > PAGE, found[:PAGE][::-1]
        return Page(shown, count, _key(shown[0]) if more else "", _key(shown[-1]) if shown else "")
    key = _read(after)
    if key:
        rows = rows.filter(Q(created_at__lt=key[0]) | Q(created_at=key[0], pk__lt=key[1]))
    found = list(rows.order_by("-created_at", "-pk")[: PAGE + 1])
    more, shown = len(found) > PAGE, found[:PAGE]
    return Page(
        shown,
        count,
        _key(shown[0]) if key and shown else "",
        _key(shown[-1]) if more else "",
    )


_signer = Signer(salt="casework.queue")


def _key(row: Any) -> str:
    return _signer.sign(f"{row.created_at.isoformat()}~{row.pk}")


def _read(key: str | None) -> tuple[datetime, uuid.UUID] | None:
    try:
        moment, _, pk = _signer.unsign(key or "").partition("~")
        return datetime.fromisoformat(moment), uuid.UUID(pk)
    except (BadSignature, ValueError):
        return None
