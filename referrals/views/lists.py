"""Lists of referrals and concerns."""

from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from accounts import roles
from accounts.models import User
from casework.queue import Page, page_of
from casework.references import parse

from ..models import Concern, Referral
from ..queues import CONCERN_QUEUES, REFERRAL_QUEUES


def referrals(request: HttpRequest) -> HttpResponse:
    """A person's referrals, by queue, 25 at a time; every queue is a link that can be shared."""
    user = cast(User, request.user)
    if not user.holds(*_CASE_ROLES):
        raise PermissionDenied
    queue = REFERRAL_QUEUES.get(request.GET.get("queue", ""))
    rows = Referral.objects.visible_to(user).with_people()
    rows = queue.choose(rows, user) if queue else rows
    page: Page[Any] = page_of(
        rows, after=request.GET.get("after"), before=request.GET.get("before")
    )
    tabs = [each for each in REFERRAL_QUEUES.values() if user.holds(*each.roles)]
    context = {"page": page, "queue": queue, "queues": tabs, "may_refer": _may_refer(user)}
    return render(request, "referrals/list.html", context)


def concerns(request: HttpRequest) -> HttpResponse:
    """Concerns that a person leads on or has raised."""
    user = cast(User, request.user)
    if not user.holds(*_CASE_ROLES):
        raise PermissionDenied
    queue = CONCERN_QUEUES.get(request.GET.get("queue", ""))
    rows = Concern.objects.visible_to(user).with_people()
    rows = queue.choose(rows, user) if queue else rows
    page: Page[Any] = page_of(
        rows, after=request.GET.get("after"), before=request.GET.get("before")
    )
    tabs = [each for each in CONCERN_QUEUES.values() if user.holds(*each.roles)]
    return render(
        request, "referrals/concerns.html", {"page": page, "queue": queue, "queues": tabs}
    )


@require_POST
def search(request: HttpRequest) -> HttpResponse:
    """Find by reference, or by part of a name; posted, so that no name stands in a URL."""
    user = cast(User, request.user)
    typed = request.POST.get("q", "").replace("\x00", "").strip()[:100]
    visible = Referral.objects.visible_to(user).with_people()
    if reference := parse(typed):
        found = visible.filter(reference=reference).first()
        if found is not None:
            return redirect(found.home())
    rows = (
        list(visible.filter(young_person__legal_name__icontains=typed)[:25])
        if len(typed) > 1
        else []
    )
    if not rows and not typed:
        messages.info(request, "Type a reference or a part of a name.")
    return render(request, "referrals/search.html", {"rows": rows, "typed": typed})


_CASE_ROLES = (
    roles.Referrer,
    roles.Coordinator,
    roles.SafeguardingLead,
    roles.Mentor,
    roles.Supervisor,
    roles.PathwayAdviser,
    roles.ProgrammeManager,
)


def _may_refer(user: User) -> bool:
    return user.holds(roles.Referrer, roles.Coordinator)
