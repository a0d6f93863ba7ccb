"""Writing a referral: start, task list, one section a page, check and send."""

from typing import cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from accounts import roles
from accounts.models import User
from casework.views import find
from casework.workflow import Conflict, move
from cms.services import safeguarding_numbers

from .. import policies, services
from ..choices import SectionCode
from ..forms import SECTIONS, SectionForm, StartForm
from ..forms.sections import LevelForm, RiskForm
from ..models import Concern, Referral


def new(request: HttpRequest) -> HttpResponse:
    """Choose the programme; the draft begins when it is posted, never by a GET."""
    user = cast(User, request.user)
    if not user.holds(roles.Referrer, roles.Coordinator):
        raise PermissionDenied
    form = StartForm(request.POST or None, by=user)
    if request.method == "POST" and form.is_valid():
        try:
            referral = services.start(by=user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return redirect("referrals:section", referral.reference, SectionCode.BEFORE)
    return render(request, "referrals/new.html", {"form": form})


def section(request: HttpRequest, reference: str, code: str) -> HttpResponse:
    """One section of a draft. A section opens when those before it have been saved."""
    user = cast(User, request.user)
    referral = draft_of(request, reference)
    form_class = SECTIONS.get(code)
    if form_class is None:
        raise Http404
    if too_early := _first_open(referral, code):
        messages.info(request, "Start with this part. The one you asked for opens after it.")
        return redirect("referrals:section", reference, too_early)
    form = form_class(request.POST or None, referral=referral)
    if request.method == "POST" and form.is_valid():
        return _save(referral, form, user)
    context = {
        "referral": referral,
        "form": form,
        "code": SectionCode(code),
        "sections": SectionCode,
    }
    context["numbers"] = safeguarding_numbers()
    return render(request, f"referrals/sections/{code}.html", context)


def _save(referral: Referral, form: SectionForm, user: User) -> HttpResponse:
    referral = form.save(by=user)
    if isinstance(form, LevelForm) and form.stops:
        move(
            referral,
            "stop",
            by=user,
            level=form.cleaned_data["level_of_need"],
            is_danger=form.cleaned_data["is_danger"],
            area=form.area,
        )
        return redirect("referrals:stopped", referral.reference)
    if isinstance(form, RiskForm) and form.cleaned_data["to_self"] == "high":
        _open_self_harm_concern(referral, form, user)
    following = services.unfinished(referral)
    if following:
        return redirect("referrals:section", referral.reference, following[0])
    return redirect("referrals:check", referral.reference)


def _open_self_harm_concern(referral: Referral, form: RiskForm, user: User) -> None:
    """A high risk to themselves opens a linked concern, once, and lets the form go on (casework §5)."""
    if referral.area and not referral.concerns.filter(origin=Concern.Origin.SELF_HARM).exists():
        services.raise_concern(
            by=user,
            area=referral.area,
            referral=referral,
            origin=Concern.Origin.SELF_HARM,
            fact=form.cleaned_data["fact"],
            opinion=form.cleaned_data["opinion"],
        )


def draft_of(request: HttpRequest, reference: str) -> Referral:
    """The draft, if this person writes it. What has been sent is a lost race, not a missing page."""
    user = cast(User, request.user)
    referral = cast(Referral, find(Referral, reference, user))
    if not policies.wrote(referral, user):
        raise PermissionDenied
    if referral.status != Referral.State.DRAFT:
        raise Conflict(referral, "edit")
    return referral


def _first_open(referral: Referral, code: str) -> SectionCode | None:
    """The unfinished section that has to come before this one, if there is any."""
    order = list(SectionCode)
    before = order[: order.index(SectionCode(code))]
    return next((each for each in before if each not in referral.sections_done), None)


def stopped(request: HttpRequest, reference: str) -> HttpResponse:
    """The stop: whom to ring now, what has been saved, who has been told, what happens next."""
    referral = draft_of(request, reference)
    concern = referral.concerns.filter(raised_by=referral.referred_by).order_by("created_at").last()
    context = {"referral": referral, "concern": concern, "numbers": safeguarding_numbers()}
    return render(request, "referrals/stopped.html", context)


def check(request: HttpRequest, reference: str) -> HttpResponse:
    """Every answer with its Change link, then send."""
    from ..reading import answers

    referral = draft_of(request, reference)
    if missing := services.unfinished(referral):
        return redirect("referrals:section", reference, missing[0])
    context = {"referral": referral, "parts": answers(referral, all_of_it=True)}
    return render(request, "referrals/check.html", context)


@require_POST
def send(request: HttpRequest, reference: str) -> HttpResponse:
    """Check everything again, then send. A repeat finds it sent and says so."""
    user = cast(User, request.user)
    referral = cast(Referral, find(Referral, reference, user))
    if not policies.wrote(referral, user):
        raise PermissionDenied
    if referral.status == Referral.State.SUBMITTED:
        return redirect("referrals:sent", reference)
    draft_of(request, reference)
    if invalid := _first_invalid(referral):
        messages.error(request, "This part needs another look before you can send.")
        return redirect("referrals:section", reference, invalid)
    if referral.is_stopped:
        return redirect("referrals:stopped", reference)
    move(referral, "send", by=user)
    return redirect("referrals:sent", reference)


def _first_invalid(referral: Referral) -> str | None:
    """The first section whose saved answers do not hold (any more)."""
    for code, form_class in SECTIONS.items():
        if code not in referral.sections_done or not form_class.bound_to(referral).is_valid():
            return code
    return None


def sent(request: HttpRequest, reference: str) -> HttpResponse:
    """The confirmation: the reference, and what happens next by when."""
    user = cast(User, request.user)
    referral = cast(Referral, find(Referral, reference, user))
    if not policies.wrote(referral, user) or referral.status == Referral.State.DRAFT:
        raise Http404
    return render(request, "referrals/sent.html", {"referral": referral})


def delete(request: HttpRequest, reference: str) -> HttpResponse:
    """Delete a draft, after a page that asks."""
    referral = draft_of(request, reference)
    if request.method == "POST":
        services.delete_draft(referral=referral, by=cast(User, request.user))
        messages.success(request, "The draft is deleted.")
        return redirect("referrals:list")
    return render(request, "referrals/delete.html", {"referral": referral})
