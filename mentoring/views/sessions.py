"""Writing down, planning and correcting sessions."""

import uuid
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from accounts.models import User
from accounts.submissions import once
from casework.viewing import shown
from casework.workflow import Conflict
from cms.services import safeguarding_numbers
from mentoring import policies, services
from mentoring.forms import CorrectionForm, FirstContactForm, PlanForm, SessionForm
from mentoring.models import Match, Session
from referrals.models import Concern

from .matches import find


def log(request: HttpRequest, reference: str) -> HttpResponse:
    """One screen on a phone. A repeat of the same submit finds the session that is there."""
    user = cast(User, request.user)
    match = _may_log(reference, user)
    form = SessionForm(request.POST or None, match=match)
    if request.method == "POST" and form.is_valid() and _record(form, match, user):
        key = form.cleaned_data["submit_key"]
        concern = Concern.objects.visible_to(user).filter(submit_key=services.concern_key(key))
        messages.success(request, _said(form))
        there = concern.first() if form.worried else None
        return redirect(there.home() if there else match.home())
    person = match.referral.young_person
    context = {
        "match": match,
        "form": form,
        "name": person.called if person else "",
        "numbers": safeguarding_numbers(area_id=match.area_id),
    }
    return _shown(request, "mentoring/session.html", context, match)


def _shown(request: HttpRequest, template: str, context: dict[str, Any], match: Match) -> Any:
    """It names a young person, so that the look is kept with the referral too."""
    return shown(request, template, context, match, match.referral, what="session")


def _may_log(reference: str, user: User) -> Match:
    match = find(reference, user)
    if not policies.mentors_or_matches(match, user):
        raise PermissionDenied
    if match.status not in Match.WITH_SESSIONS:
        raise Conflict(match, "log_session")
    return match


def _record(form: SessionForm, match: Match, user: User) -> bool:
    try:
        services.record_session(
            match=match,
            report=form.report,
            by=user,
            submit_key=form.cleaned_data["submit_key"],
            worry=form.worried,
            next_at=form.cleaned_data.get("next_at"),
        )
    except ValidationError as error:
        _show(error, form)
        return False
    return True


def _show(error: ValidationError, form: Any) -> None:
    """What the service found wrong, at its field where the form has it."""
    at = {"begins_at": "day", "next_at": "next_day"}
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for field, found in error.error_dict.items():
        name = at.get(field, field)
        form.add_error(name if name in form.fields else None, found)


def _said(form: SessionForm) -> str:
    if form.worried:
        return "Saved. A safeguarding lead has been told of your worry."
    return "Saved. Thank you."


@once
def contact(request: HttpRequest, reference: str) -> HttpResponse:
    """Write down a contact before they meet, or a try."""
    user = cast(User, request.user)
    match = find(reference, user)
    if not policies.mentors_or_matches(match, user):
        raise PermissionDenied
    if not match.awaits_meeting:
        raise Conflict(match, "keep_contact")
    form = FirstContactForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _keep_contact(form, match, user):
        messages.success(request, "The contact is written down.")
        return redirect(match.home())
    context = {"form": form, "match": match, "title": "Write down a contact"}
    return _shown(request, "mentoring/match_form.html", context, match)


def _keep_contact(form: FirstContactForm, match: Match, user: User) -> bool:
    try:
        services.keep_contact(match=match, by=user, **form.cleaned_data)
    except ValidationError as error:
        _show(error, form)
        return False
    return True


def plan(request: HttpRequest, reference: str) -> HttpResponse:
    """Plan the next session; one that was planned is moved."""
    user = cast(User, request.user)
    match = _may_log(reference, user)
    form = PlanForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        services.plan_session(
            match=match, begins_at=data["begins_at"], place=data["place"], by=user
        )
        messages.success(request, "The next session is planned.")
        return redirect(match.home())
    context = {"form": form, "match": match, "title": "Plan the next session"}
    return _shown(request, "mentoring/match_form.html", context, match)


def correct(request: HttpRequest, reference: str, pk: uuid.UUID) -> HttpResponse:
    """Add a correction to what was written about a session."""
    user = cast(User, request.user)
    match = find(reference, user)
    if not policies.mentors_or_matches(match, user):
        raise PermissionDenied
    rows = Session.objects.visible_to(user).held().filter(match=match).select_related("note")
    session = get_object_or_404(rows, pk=pk)
    form = CorrectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.correct_session(session=session, by=user, **form.cleaned_data)
        messages.success(request, "The correction is added.")
        return redirect(match.home())
    context = {"form": form, "match": match, "title": "Correct a session"}
    return _shown(request, "mentoring/match_form.html", context, match)
