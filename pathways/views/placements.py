"""Placements: the list, the page of one, and how one begins."""

import uuid
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from accounts.models import User
from casework import timeline
from casework.policies import sees_letters, sees_viewers, writes_notes
from casework.viewing import looked
from casework.workflow import moves
from pathways import policies, services
from pathways.forms import ApplyForm
from pathways.models import Opportunity, Placement, SustainmentCheck
from pathways.progress import next_of, path_of
from pathways.queues import PLACEMENT_QUEUES
from referrals.models import Referral
from referrals.progress import turn

from .staff import frame, page, reader, show, typed


def placements(request: HttpRequest) -> HttpResponse:
    user = reader(request)
    queue = PLACEMENT_QUEUES.get(request.GET.get("queue", ""))
    rows = Placement.objects.visible_to(user).with_people().with_checks()
    found = page(request, queue.choose(rows, user) if queue else rows)
    context = {
        "rows": [(row, next_of(row)) for row in found.rows],
        **frame(found, queue, PLACEMENT_QUEUES.values(), user, "All"),
    }
    return render(request, "pathways/placements.html", context)


@transaction.atomic
def placement(request: HttpRequest, reference: str) -> HttpResponse:
    """One placement: its path with the checks, what can be done now, and its timeline."""
    user = cast(User, request.user)
    rows = Placement.objects.visible_to(user).with_people().with_checks()
    case = get_object_or_404(rows, reference=reference)
    looked(case, by=user)
    entries, has_older = timeline.entries(case, by=user)
    context = {
        "placement": case,
        "turn": turn(case, user),
        "next": next_of(case),
        "path": path_of(case),
        "asks": _to_answer(case, user),
        "answered": [check for check in _checks(case) if not check.is_due],
        "may_handle": policies.handles(case, user),
        "buttons": _buttons(case, user),
        "entries": entries,
        "has_older": has_older,
        "notes": timeline.notes(case, by=user)[0],
        "may_write": writes_notes(case, user),
        "may_see_letters": sees_letters(case, user),
        "may_see_viewers": sees_viewers(case, user),
    }
    return render(request, "pathways/placement.html", context)


def _checks(case: Placement) -> list[SustainmentCheck]:
    found: list[SustainmentCheck] = case.current_checks  # type: ignore[attr-defined]
    return sorted(found, key=lambda check: check.due_on)


def _to_answer(case: Placement, user: User) -> list[SustainmentCheck]:
    if not policies.handles(case, user):
        return []
    return [check for check in _checks(case) if check.is_askable(case)]


def _buttons(case: Placement, user: User) -> list[dict[str, str]]:
    return [
        {
            "label": move.custom["label"],
            "url": reverse("pathways:placement_move", args=[case.reference, move.name]),
            "kind": "" if move.custom.get("primary") else "secondary",
        }
        for move in moves(case, user)
        if not move.custom.get("hidden")
    ]


def apply(request: HttpRequest) -> HttpResponse:
    """Apply for a place with a young person: begun from either side."""
    user = reader(request)
    form = ApplyForm(typed(request), by=user, initial=_begun(request, user))
    if request.method == "POST" and form.is_valid():
        try:
            case = services.apply(by=user, **form.cleaned_data)
        except ValidationError as error:
            show(error, form)
        else:
            messages.success(request, f"{case.reference} is open. Now send the application.")
            return redirect(case.home())
    return render(request, "pathways/apply.html", {"form": form})


def _begun(request: HttpRequest, user: User) -> dict[str, Any]:
    """Whom and what the page before has chosen, as far as this person may see it."""
    people = Referral.objects.visible_to(user)
    begun: dict[str, Any] = {
        "referral": people.filter(reference=request.GET.get("referral", "")[:7]).first()
    }
    try:
        pk = uuid.UUID(request.GET.get("opportunity", ""))
    except ValueError:
        return begun
    return {**begun, "opportunity": Opportunity.objects.visible_to(user).filter(pk=pk).first()}
