"""Concerns: raising one, its page, and what the raiser adds before it is read."""

from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts import roles
from accounts.models import User
from casework import timeline
from casework.policies import sees_letters, writes_notes
from casework.viewing import looked, shown
from casework.views import find
from casework.workflow import Conflict
from cms.services import safeguarding_numbers
from referrals import policies, services
from referrals.forms import ConcernForm
from referrals.models import Concern, Referral
from referrals.progress import concern_line
from referrals.services.concerns import add_to_concern
from referrals.services.drafts import home_area

from .buttons import buttons


def raise_concern(request: HttpRequest, reference: str) -> HttpResponse:
    """ "I am worried": raise a concern about a referral that one may see."""
    user = cast(User, request.user)
    referral = cast(Referral, find(Referral, reference, user))
    area = referral.area or home_area(referral.organisation, referral.programme)
    form = ConcernForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        is_danger = data.pop("is_danger")
        concern = services.raise_concern(
            by=user,
            area=area,
            referral=referral,
            origin=Concern.Origin.DANGER if is_danger else Concern.Origin.WORRY,
            is_danger=is_danger,
            **data,
        )
        return redirect(concern.home())
    context = {"case": referral, "form": form, "numbers": safeguarding_numbers(area_id=area.pk)}
    return shown(request, "referrals/concern_form.html", context, referral)


@transaction.atomic
def concern(request: HttpRequest, reference: str) -> HttpResponse:
    """A concern: everything for its leads; for who raised it that it was received, and what they
    wrote."""
    user = cast(User, request.user)
    case = cast(Concern, find(Concern, reference, user))
    looked(case, by=user)
    context: dict[str, Any] = {
        "concern": case,
        "line": concern_line(case, user),
        "numbers": safeguarding_numbers(area_id=case.area_id),
        "may_add": policies.raised(case, user) and case.status == Concern.State.RAISED,
    }
    if not policies.leads_safeguarding(case, user) and not policies.manages_escalated(case, user):
        return render(request, "referrals/concern_received.html", context)
    context |= _for_leads(case, user)
    return render(request, "referrals/concern.html", context)


def _for_leads(case: Concern, user: User) -> dict[str, Any]:
    entries, has_older = timeline.entries(case, by=user)
    notes, _ = timeline.notes(case, by=user)
    mine = case.is_danger and case.lead_id in user.acts_for(roles.SafeguardingLead)
    return {
        "buttons": buttons(case, user, prefix="concern_"),
        "flags": ["Somebody in danger"] if case.is_danger else [],
        "needs_second_lead": mine and not case.is_finished,
        "may_write": writes_notes(case, user),
        "may_see_letters": sees_letters(case, user),
        "entries": entries,
        "has_older": has_older,
        "notes": notes,
        "linked": Referral.objects.visible_to(user).filter(pk=case.referral_id).first(),
    }


def add(request: HttpRequest, reference: str) -> HttpResponse:
    """The raiser writes down more while nobody has read the concern."""
    user = cast(User, request.user)
    case = cast(Concern, find(Concern, reference, user))
    if not policies.raised(case, user):
        raise PermissionDenied
    if case.status != Concern.State.RAISED:  # what was said is the leads' to read from now on
        raise Conflict(case, "add_to")
    form = ConcernForm(request.POST or None, instance=case)
    form.fields.pop("is_danger")
    if request.method == "POST" and form.is_valid():
        words = {name: form.cleaned_data[name] for name in form.Meta.fields if name in form.fields}
        add_to_concern(concern=case, by=user, **words)
        return redirect(case.home())
    numbers = safeguarding_numbers(area_id=case.area_id)
    context = {"case": case, "form": form, "numbers": numbers, "is_addition": True}
    return shown(request, "referrals/concern_form.html", context, case)
