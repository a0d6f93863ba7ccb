"""Concerns: raising one, its page, and what the raiser adds before it is read."""

from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts import roles
from accounts.models import User
from casework import timeline
from casework.viewing import looked
from casework.views import find
from casework.workflow import moves
from cms.services import safeguarding_numbers

from .. import policies, services
from ..forms import ConcernForm
from ..models import Concern, Referral
from ..services.concerns import add_to_concern
from ..services.drafts import home_area


def raise_concern(request: HttpRequest, reference: str) -> HttpResponse:
    """ "I am worried": raise a concern about a referral that one may see."""
    user = cast(User, request.user)
    referral = cast(Referral, find(Referral, reference, user))
    form = ConcernForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        is_danger = data.pop("is_danger")
        concern = services.raise_concern(
            by=user,
            area=referral.area or home_area(referral.organisation, referral.programme),
            referral=referral,
            origin=Concern.Origin.DANGER if is_danger else Concern.Origin.WORRY,
            is_danger=is_danger,
            **data,
        )
        return redirect(concern.home())
    context = {"referral": referral, "form": form, "numbers": safeguarding_numbers()}
    return render(request, "referrals/concern_form.html", context)


@transaction.atomic
def concern(request: HttpRequest, reference: str) -> HttpResponse:
    """A concern: everything for its leads; for its raiser that it was received, and what they wrote."""
    user = cast(User, request.user)
    case = cast(Concern, find(Concern, reference, user))
    looked(case, by=user)
    context: dict[str, Any] = {
        "concern": case,
        "numbers": safeguarding_numbers(),
        "moves": [each for each in moves(case, user) if not each.custom.get("hidden")],
        "may_add": policies.raised(case, user) and case.status == Concern.State.RAISED,
    }
    if not policies.leads_safeguarding(case, user) and not policies.manages_escalated(case, user):
        return render(request, "referrals/concern_received.html", context)
    entries, older = timeline.entries(case, by=user)
    linked = Referral.objects.visible_to(user).filter(pk=case.referral_id).first()
    return render(
        request,
        "referrals/concern.html",
        {**context, "entries": entries, "older": older, "linked": linked},
    )


def add(request: HttpRequest, reference: str) -> HttpResponse:
    """The raiser writes down more while nobody has read the concern."""
    user = cast(User, request.user)
    case = cast(Concern, find(Concern, reference, user))
    if not policies.raised(case, user):
        raise PermissionDenied
    form = ConcernForm(request.POST or None, instance=case, initial={"is_danger": case.is_danger})
    form.fields.pop("is_danger")
    if request.method == "POST" and form.is_valid():
        words = {name: form.cleaned_data[name] for name in form.Meta.fields if name in form.fields}
        add_to_concern(concern=case, by=user, **words)
        return redirect(case.home())
    context = {"concern": case, "form": form, "numbers": safeguarding_numbers()}
    return render(request, "referrals/concern_form.html", context)


def may_raise(user: User) -> bool:
    return user.holds(roles.Referrer, roles.Coordinator, roles.Mentor, roles.PathwayAdviser)
