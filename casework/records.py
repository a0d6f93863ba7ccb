"""What is kept beside a case: who has looked at it, and which letters about it went to whom."""

import uuid
from collections.abc import Iterable
from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts import roles
from accounts.models import Membership, User

from . import policies, timeline
from .letters import about
from .models import Case, Message, Viewing
from .queue import Page, page_of
from .viewing import looked
from .views import after, find


@transaction.atomic
def viewers(request: HttpRequest, reference: str, *, model: type[Case]) -> HttpResponse:
    """Who has looked at this case, newest first."""
    user = cast(User, request.user)
    case = _answered_for(model, reference, user) or find(model, reference, user)
    if not policies.sees_viewers(case, user):
        raise PermissionDenied
    looked(case, by=user, what="viewers")
    page = _page(request, Viewing.objects.of(case).select_related("viewer"), by="-at")
    lines = [(row, _seen(row.what)) for row in page.rows]
    context = {"case": case, "viewings": lines, "back_url": after(case, user), **_around(page)}
    return render(request, "casework/viewers.html", context)


def _answered_for(model: type[Case], reference: str, user: User) -> Case | None:
    """The case, for the officer who answers for the data of its area and sees nothing else of it.
    A draft is its author's alone."""
    areas = user.area_ids_as(roles.InformationGovernanceOfficer)
    cases = cast(Any, model._default_manager).filter(area__in=areas)
    kept = cases.exclude(status__in=model.EXPIRING)
    return cast(Case | None, kept.filter(reference=reference).first() if areas else None)


def _seen(what: str) -> str:
    """What was looked at, in words; of notes the closest band."""
    part, _, band = what.partition(":")
    if band:
        return f"Notes, up to {band}"
    return _SEEN.get(part, part.capitalize())


_SEEN = {
    "page": "The page",
    "form": "A form about it",
    "pdf": "The summary as PDF",
    "address": "The hidden address",
    "viewers": "Who has looked",
    "letters": "The letters about it",
}


@transaction.atomic
def letters(request: HttpRequest, reference: str, *, model: type[Case]) -> HttpResponse:
    """Which letters about this case went to whom, and whether they arrived at the mail server,
    newest first; none of a move that the reader does not learn of."""
    user = cast(User, request.user)
    case = find(model, reference, user)
    if not policies.sees_letters(case, user):
        raise PermissionDenied
    looked(case, by=user, what="letters")
    hidden = [f"{case.KIND}.{name}" for name in timeline.hidden(case, case.bands_for(user))]
    rows = Message.objects.of(case).exclude(letter__in=hidden)
    page = _page(request, rows, by="-created_at")
    places = _places(row.recipient_id for row in page.rows)
    lines = [(row, about(row.letter), places.get(row.recipient_id, "")) for row in page.rows]
    may_retry = policies.sees_failures(user)
    context = {"case": case, "letters": lines, "may_retry": may_retry, **_around(page)}
    return render(request, "casework/letters.html", context)


def _places(people: Iterable[uuid.UUID]) -> dict[uuid.UUID, str]:
    """As what and where each of them works now; those who have left are not in it."""
    found: dict[uuid.UUID, dict[str, list[str]]] = {}
    rows = Membership.objects.in_force().filter(user__in=set(people))
    for row in rows.select_related("organisation"):
        held = found.setdefault(row.user_id, {}).setdefault(str(row.organisation), [])
        held.append(row.role_class.name)
    return {
        user_id: "; ".join(f"{', '.join(held)}, {place}" for place, held in places.items())
        for user_id, places in found.items()
    }


def _page(request: HttpRequest, rows: Any, *, by: str) -> Page[Any]:
    return page_of(rows, after=request.GET.get("after"), before=request.GET.get("before"), by=by)


def _around(page: Page[Any]) -> dict[str, Any]:
    return {
        "count": page.count,
        "newer_url": f"?before={page.newer}" if page.newer else "",
        "older_url": f"?after={page.older}" if page.older else "",
    }
