"""What pages of this app share: who may come in, the queues as tabs, the buttons of moves."""

from collections.abc import Iterable
from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode

from accounts import roles
from accounts.models import User
from accounts.roles import Role
from casework.models import Case
from casework.queue import Page, Queue, page_of
from casework.workflow import moves
from referrals.views.buttons import Button

REGISTER_ROLES: tuple[type[Role], ...] = (
    roles.Coordinator,
    roles.SafeguardingLead,
    roles.Supervisor,
    roles.Mentor,
    roles.ProgrammeManager,
)
MATCH_ROLES: tuple[type[Role], ...] = (
    roles.Coordinator,
    roles.Supervisor,
    roles.Mentor,
    roles.ProgrammeManager,
)
MOST_PAGES = 1000


def reader(request: HttpRequest, *wanted: type[Role]) -> User:
    user = cast(User, request.user)
    if not user.holds(*wanted):
        raise PermissionDenied
    return user


def page(request: HttpRequest, rows: Any) -> Page[Any]:
    return page_of(rows, after=request.GET.get("after"), before=request.GET.get("before"))


def number(request: HttpRequest) -> int:
    """The page that was asked for; the first for anything that is no number."""
    typed = request.GET.get("page", "1")[:6]
    asked = int(typed) if typed.isascii() and typed.isdecimal() else 1
    return min(max(asked, 1), MOST_PAGES)


def around(
    page: Page[Any], queue: Queue | None, queues: Iterable[Queue], user: User
) -> dict[str, Any]:
    """The queues as tabs, the count, the pages before and after."""
    chosen = {"queue": queue.code} if queue else {}
    tabs = [{"label": "All", "url": "?", "current": queue is None}]
    tabs += [
        {
            "label": each.label,
            "url": f"?{urlencode({'queue': each.code})}",
            "current": each is queue,
        }
        for each in queues
        if user.holds(*each.roles)
    ]
    return {
        "queue": queue,
        "tabs": tabs,
        "count": page.count,
        "newer_url": f"?{urlencode({**chosen, 'before': page.newer})}" if page.newer else "",
        "older_url": f"?{urlencode({**chosen, 'after': page.older})}" if page.older else "",
    }


def buttons(case: Case, by: User) -> list[Button]:
    """One for each move that has a page of its own; at most the first is primary."""
    return [
        Button(
            move.custom["label"],
            reverse(f"mentoring:{case.KIND}_move", args=[case.reference, move.name]),
            "" if move.custom.get("primary") else "secondary",
        )
        for move in moves(case, by)
        if not move.custom.get("hidden")
    ]
