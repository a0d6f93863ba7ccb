"""Lists by key: page after page of (name, pk), steady whatever is added meanwhile."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest

SIZE = 25


@dataclass(frozen=True)
class Page:
    rows: Sequence[Any]
    previous_url: str
    next_url: str
    more: bool = False


def page_of(rows: QuerySet[Any], request: HttpRequest) -> Page:
    """The page after or before the row whose key is in the address; else the first."""
    before = _row(rows, request.GET.get("before", ""))
    after = None if before else _row(rows, request.GET.get("after", ""))
    if before:
        found = list(rows.filter(_beyond(before, "lt")).order_by("-name", "-pk")[: SIZE + 1])
        shown = found[:SIZE][::-1]
        more_before, more_after = len(found) > SIZE, True
    else:
        later = rows.filter(_beyond(after, "gt")) if after else rows
        found = list(later.order_by("name", "pk")[: SIZE + 1])
        shown = found[:SIZE]
        more_before, more_after = after is not None, len(found) > SIZE
    return Page(
        rows=shown,
        previous_url=_url(request, before=shown[0].pk) if shown and more_before else "",
        next_url=_url(request, after=shown[-1].pk) if shown and more_after else "",
    )


def _row(rows: QuerySet[Any], key: str) -> Any:
    try:
        return rows.filter(pk=uuid.UUID(key)).first()
    except ValueError:
        return None


def _beyond(row: Any, way: str) -> Q:
    return Q(**{f"name__{way}": row.name}) | Q(**{"name": row.name, f"pk__{way}": row.pk})


def _url(request: HttpRequest, **key: uuid.UUID) -> str:
    query = request.GET.copy()
    for name in ("before", "after"):
        query.pop(name, None)
    query.update({name: str(value) for name, value in key.items()})
    return f"?{query.urlencode()}"
