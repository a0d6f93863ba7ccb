"""Lists of referrals and concerns."""

from collections.abc import Iterable
from contextlib import suppress
from functools import cache, lru_cache
from typing import Any, cast

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts import access, roles
from accounts.models import User
from casework.queue import InState, Page, Queue, Selection, page_of
from casework.references import parse
from referrals.models import Concern, Referral, brief
from referrals.models.sight import Sight
from referrals.progress import concern_line, line
from referrals.queues import CONCERN_QUEUES, REFERRAL_QUEUES

MOST_FOUND = 25


def referrals(request: HttpRequest) -> HttpResponse:
    """A person's referrals, by queue, 25 at a time; every queue is a link that can be shared."""
    user = _reader(request)
    queue = _queue(request, REFERRAL_QUEUES, user)
    page = _page(request, _chosen(queue, user), lines=brief.LINES)
    context = {
        "lines": [line(row, user) for row in page.rows],
        "may_refer": user.holds(roles.Referrer, roles.Coordinator),
        "new_url": _new_url(),
        **_frame(page, queue, REFERRAL_QUEUES.values(), user),
    }
    return render(request, "referrals/list.html", context)


def _chosen(queue: Queue | None, user: User) -> Any:
    """What is chosen by its state alone asks the same of PostgreSQL whenever somebody has the same
    sight: that is put into words once."""
    if queue and not isinstance(queue.choose, InState):
        return queue.choose(Referral.objects.visible_to(user), user)
    return _in_states(Sight.of(user), queue.choose if queue else None)


@lru_cache(maxsize=1_000)
def _in_states(sight: Sight, choice: InState | None) -> Selection:
    rows = Referral.objects.seen_with(sight)
    return Selection.of(rows.filter(status__in=choice.states) if choice else rows)


@cache
def _new_url() -> str:
    return reverse("referrals:new")


def concerns(request: HttpRequest) -> HttpResponse:
    """Concerns that a person leads on or has raised."""
    user = _reader(request)
    queue = _queue(request, CONCERN_QUEUES, user)
    rows = Concern.objects.visible_to(user).with_people()
    page = _page(request, queue.choose(rows, user) if queue else rows)
    context = {
        "lines": [concern_line(row, user) for row in page.rows],
        "leads": user.holds(roles.SafeguardingLead),
        **_frame(page, queue, CONCERN_QUEUES.values(), user),
    }
    return render(request, "referrals/concerns.html", context)


def _reader(request: HttpRequest) -> User:
    user = cast(User, request.user)
    if not user.holds(*_CASE_ROLES):
        raise PermissionDenied
    return user


def _queue(request: HttpRequest, queues: dict[str, Queue], user: User) -> Queue | None:
    """The queue that was asked for, if it is one of theirs: to a referrer, which of their own
    referrals stand in "held" would say what the page of each does not."""
    queue = queues.get(request.GET.get("queue", ""))
    return queue if queue and user.holds(*queue.roles) else None


def _page(request: HttpRequest, rows: Any, *, lines: Any = None) -> Page[Any]:
    after, before = request.GET.get("after"), request.GET.get("before")
    return page_of(rows, after=after, before=before, lines=lines)


def _frame(
    page: Page[Any], queue: Queue | None, queues: Iterable[Queue], user: User
) -> dict[str, Any]:
    """What stands around the rows: the queues as tabs, the count, the pages before and after."""
    chosen = f"queue={queue.code}&" if queue else ""
    tabs = [{"label": "All", "url": "?", "current": queue is None}]
    tabs += [
        {
            "label": each.label,
            "url": f"?queue={each.code}",
            "current": each is queue,
        }
        for each in queues
        if user.holds(*each.roles)
    ]
    return {
        "queue": queue,
        "tabs": tabs,
        "count": page.count,
        "newer_url": f"?{chosen}before={page.newer}" if page.newer else "",
        "older_url": f"?{chosen}after={page.older}" if page.older else "",
    }


def search(request: HttpRequest) -> HttpResponse:
    """Find by reference, date of birth or part of a name; posted, so that no name stands in a URL,
    and recorded without what was typed."""
    user = _reader(request)
    typed = request.POST.get("q", "").replace("\x00", "").strip()[:100]
    visible = Referral.objects.visible_to(user)
    if reference := parse(typed):
        found = visible.filter(reference=reference).first()
        if found is not None:
            return redirect(found.home())
    rows = _about(visible, typed).in_brief() if len(typed) > 1 else []
    if typed:
        access.record("searched", user=user, found=len(rows))
    context = {
        "lines": [line(row, user) for row in rows],
        "typed": typed,
        "is_cut": len(rows) == MOST_FOUND,
    }
    return render(request, "referrals/search.html", context)


_BIRTHDAY = forms.DateField(input_formats=["%d/%m/%Y", "%d %m %Y", "%d.%m.%Y", "%Y-%m-%d"])


def _about(rows: Any, words: str) -> Any:
    """Born on that day; or every word somewhere in the full name or in the name that they use."""
    with suppress(ValidationError):
        born = rows.filter(young_person__date_of_birth=_BIRTHDAY.clean(words))
        return born.order_by("-created_at", "pk")[:MOST_FOUND]
    for word in words.split()[:5]:
        rows = rows.filter(
            Q(young_person__legal_name__icontains=word) | Q(young_person__known_as__icontains=word)
        )
    return rows.order_by("-created_at", "pk")[:MOST_FOUND]


_CASE_ROLES = (
    roles.Referrer,
    roles.Coordinator,
    roles.SafeguardingLead,
    roles.Mentor,
    roles.Supervisor,
    roles.PathwayAdviser,
    roles.ProgrammeManager,
)
