"""Finding a mentor for one young person."""

import uuid
from dataclasses import dataclass
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.models import User
from accounts.submissions import once
from casework.references import parse
from casework.viewing import looked
from casework.views import find
from mentoring import policies, reading, services
from mentoring.forms import KeepApartForm
from mentoring.matching import Line
from mentoring.models import KeepApart, Match, Mentor
from referrals.models import Referral
from referrals.progress import line


@dataclass(frozen=True)
class Choice:
    """A mentor who may be proposed, with the points."""

    place: int
    mentor: Mentor
    total: int
    sentence: str
    lines: tuple[Line, ...]
    key: uuid.UUID


@dataclass(frozen=True)
class No:
    """A mentor who may not, with the reasons that this reader may know."""

    mentor: Mentor
    reasons: list[tuple[str, str]]


@transaction.atomic
def proposal(request: HttpRequest, reference: str) -> HttpResponse:
    """The ranked list, each line with its points, and why not the others."""
    user = cast(User, request.user)
    referral = _find(reference, user)
    looked(referral, by=user, what="proposal")
    return _show(request, referral, user)


def _find(reference: str, user: User) -> Referral:
    referral = cast(Referral, find(Referral, reference, user))
    if not policies.sees_proposal(referral, user):
        raise PermissionDenied
    return referral


def _show(
    request: HttpRequest, referral: Referral, user: User, *, error: str = "", status: int = 200
) -> HttpResponse:
    why_not = services.why_not_now(referral)
    proposed = Match.objects.visible_to(user).filter(referral=referral, status=Match.State.PROPOSED)
    context: dict[str, Any] = {
        "referral": referral,
        "line": line(referral, user),
        "why_not": why_not,
        "error": error,
        "may_propose": policies.proposes(referral, user) and not why_not,
        "proposed": [(reading.match_line(row, user), row) for row in proposed.with_people()],
        "is_asked": _is_asked(referral),
    }
    if not why_not:
        context |= _choices(referral, user)
    return render(request, "mentoring/proposal.html", context, status=status)


def _is_asked(referral: Referral) -> bool:
    """Whether the young person has said if they take part; nothing is proposed before."""
    agreement = getattr(referral, "agreement", None)
    return agreement is None or agreement.agrees is not None


def _choices(referral: Referral, user: User) -> dict[str, Any]:
    found = services.shortlist(referral, by=user)
    cleared = policies.is_cleared(referral, user)
    ranked = [
        Choice(
            place,
            found.mentors[each.mentor.pk],
            each.score.total,
            each.sentence,
            each.score.lines,
            uuid.uuid4(),
        )
        for place, each in enumerate(found.proposal.ranked, 1)
    ]
    refused = [
        No(found.mentors[each.mentor.pk], each.said(cleared=cleared))
        for each in found.proposal.refused
    ]
    return {"ranked": ranked, "refused": refused}


@require_POST
def propose(request: HttpRequest, reference: str) -> HttpResponse:
    """Propose one mentor from the list; both are asked once a coordinator says so on its page."""
    user = cast(User, request.user)
    referral = _find(reference, user)
    mentor = get_object_or_404(
        Mentor.objects.visible_to(user), reference=parse(request.POST.get("mentor", "")[:20])
    )
    try:
        match = services.propose_mentor(
            referral=referral, mentor=mentor, by=user, submit_key=_key(request)
        )
    except ValidationError as error:
        return _show(request, referral, user, error=" ".join(error.messages), status=422)
    return redirect(match.home())


def _key(request: HttpRequest) -> uuid.UUID | None:
    try:
        return uuid.UUID(request.POST.get("submit_key", ""))
    except ValueError:
        return None


@require_POST
def agreed(request: HttpRequest, reference: str) -> HttpResponse:
    """The young person was asked, and takes part."""
    user = cast(User, request.user)
    referral = _find(reference, user)
    services.agree_to_take_part(referral=referral, by=user)
    messages.success(request, "Written down: they agree to take part.")
    return redirect("mentoring:proposal", reference)


@once
@transaction.atomic
def keep_apart(request: HttpRequest, reference: str) -> HttpResponse:
    """Whom this young person must not meet, as far as this person may know it."""
    user = cast(User, request.user)
    referral = _find(reference, user)
    looked(referral, by=user, what="keep-apart")
    form = KeepApartForm(request.POST or None, by=user)
    if request.method == "POST" and form.is_valid():
        services.keep_apart(referral=referral, by=user, **form.cleaned_data)
        messages.success(request, "Written down. The two are not proposed to each other.")
        return redirect("mentoring:proposal", reference)
    rows = (
        KeepApart.objects.visible_to(user)
        .in_force()
        .filter(young_person=referral.young_person_id)
        .select_related("mentor", "added_by")
    )
    context = {"referral": referral, "line": line(referral, user), "form": form, "rows": rows}
    return render(request, "mentoring/keep_apart.html", context)


@require_POST
def end_keep_apart(request: HttpRequest, reference: str, pk: uuid.UUID) -> HttpResponse:
    user = cast(User, request.user)
    referral = _find(reference, user)
    rows = KeepApart.objects.visible_to(user).filter(young_person=referral.young_person_id)
    services.end_keep_apart(row=get_object_or_404(rows.in_force(), pk=pk), by=user)
    return redirect(reverse("mentoring:keep_apart", args=[reference]))
