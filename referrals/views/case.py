"""The page of a referral: a task list for its author, a stage for its referrer, the work for its team."""

from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from accounts.models import User
from casework import timeline
from casework.models import Note
from casework.policies import writes_notes
from casework.viewing import looked
from casework.views import find
from casework.workflow import moves

from .. import policies, services
from ..models import Referral
from ..reading import answers, stages
from ..reports import summary_pdf
from ..sections import tasks


@transaction.atomic
def referral(request: HttpRequest, reference: str) -> HttpResponse:
    """One referral, as far as this person may read it; who looked is kept in the same transaction."""
    user = cast(User, request.user)
    case = _find(reference, user)
    looked(case, by=user)
    if case.status == Referral.State.DRAFT and policies.wrote(case, user):
        return render(request, "referrals/tasks.html", {"referral": case, "tasks": tasks(case)})
    if reads_as_referrer(case, user):
        return render(request, "referrals/referrer.html", _for_referrer(case, user))
    return render(request, "referrals/case.html", _for_team(request, case, user))


def _find(reference: str, user: User) -> Referral:
    case = cast(Referral, find(Referral, reference, user))
    return Referral.objects.with_people().prefetch_related("assignments__worker").get(pk=case.pk)


def reads_as_referrer(case: Referral, user: User) -> bool:
    """The author and their team see stages and answers, never notes or triage (casework §12)."""
    return not case.bands_for(user) - {"shared"} and not policies.works(case, user)


def _for_referrer(case: Referral, user: User) -> dict[str, Any]:
    return {
        "referral": case,
        "stages": stages(case),
        "question": case.questions.filter(is_open=True).first(),
        "moves": [each for each in moves(case, user) if not each.custom.get("hidden")],
        "parts": answers(case, all_of_it=True) if policies.wrote(case, user) else [],
        "words": timeline.words_for(case, bands={"shared"}),
    }


def _for_team(request: HttpRequest, case: Referral, user: User) -> dict[str, Any]:
    page = max(1, int(p) if (p := request.GET.get("page", "1")).isdecimal() else 1)
    entries, older = timeline.entries(case, by=user, page=min(page, 1000))
    return {
        "referral": case,
        "moves": [each for each in moves(case, user) if not each.custom.get("hidden")],
        "parts": answers(case, all_of_it=policies.triages(case, user) or _leads(case, user)),
        "entries": entries,
        "older": page + 1 if older else None,
        "duplicates": services.likely_same(case, by=user) if policies.triages(case, user) else [],
        "concerns": case.concerns.visible_to(user),
        "may_write": writes_notes(case, user),
        "may_see_address": policies.sees_address(case, user),
        "note_kinds": Note.Kind,
    }


def _leads(case: Referral, user: User) -> bool:
    return policies.leads_safeguarding(case, user)


@require_POST
@transaction.atomic
def address(request: HttpRequest, reference: str) -> HttpResponse:
    """Show a protected address: an act of its own that leaves its own Viewing."""
    user = cast(User, request.user)
    case = _find(reference, user)
    if not policies.sees_address(case, user):
        raise PermissionDenied
    looked(case, by=user, what="address")
    home = getattr(case.young_person, "home", None)
    return render(request, "referrals/address.html", {"referral": case, "home": home})


@transaction.atomic
def summary(request: HttpRequest, reference: str) -> FileResponse:
    """One page about the referral as PDF, with what this person may read."""
    user = cast(User, request.user)
    case = _find(reference, user)
    if case.status == Referral.State.DRAFT:
        raise PermissionDenied
    looked(case, by=user, what="pdf")
    full = policies.wrote(case, user) or policies.triages(case, user) or _leads(case, user)
    return FileResponse(
        summary_pdf(case, answers(case, all_of_it=full), reader=user),
        filename=f"referral-{case.reference}.pdf",
        content_type="application/pdf",
    )
