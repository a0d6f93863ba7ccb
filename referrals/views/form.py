"""Writing a referral: start, task list, one section a page, check and send."""

from typing import cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts import places, roles
from accounts.models import User, on_duty
from casework.calendar import now
from casework.viewing import shown
from casework.views import find
from casework.workflow import Conflict, move
from cms.services import safeguarding_numbers
from referrals import policies, services
from referrals.choices import Level, SectionCode
from referrals.forms import SECTIONS, SectionForm, StartForm
from referrals.forms.needs import RiskForm
from referrals.forms.sections import LevelForm
from referrals.models import Concern, Referral
from referrals.progress import decision_due
from referrals.reading import answers

TOLD_OF_SELF_HARM = (
    "We have told a safeguarding lead about the risk to themselves. If they may hurt themselves "
    "now, call 999. You can go on with this form."
)

UNKNOWN_POSTCODE = (
    "We do not know that postcode. If it is right, go on: the coordinators of {} read the referral."
)


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
    referral = draft_of(request, reference)
    form_class = SECTIONS.get(code)
    if form_class is None:
        raise Http404
    if too_early := _first_open(referral, code):
        messages.info(request, "Start with this part. The one you asked for opens after it.")
        return redirect("referrals:section", reference, too_early)
    form = form_class(request.POST or None, referral=referral)
    if request.method == "POST" and form.is_valid():
        return _save(request, referral, form)
    context = {
        "referral": referral,
        "form": form,
        "part": SectionCode(code),
        "place": list(SectionCode).index(SectionCode(code)) + 1,
        "places": len(SectionCode),
        "numbers": safeguarding_numbers(area_id=referral.area_id),
    }
    own, shared = f"referrals/sections/{code}.html", "referrals/section.html"
    return shown(request, [own, shared], context, referral)


@transaction.atomic
def _save(request: HttpRequest, referral: Referral, form: SectionForm) -> HttpResponse:
    """Save, and stop in the same transaction: danger that is saved and does not stop would be
    sent."""
    user = cast(User, request.user)
    referral = form.keep(by=user)
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
    postcode = form.cleaned_data.get("postcode")
    if postcode and not places.is_known(postcode):
        messages.warning(request, UNKNOWN_POSTCODE.format(referral.area))
    if isinstance(form, RiskForm) and form.cleaned_data["to_self"] == Level.HIGH:
        _open_self_harm_concern(referral, form, user)
        messages.warning(request, TOLD_OF_SELF_HARM)
    following = services.unfinished(referral)
    if following:
        return redirect("referrals:section", referral.reference, following[0])
    return redirect("referrals:check", referral.reference)


def _open_self_harm_concern(referral: Referral, form: RiskForm, user: User) -> None:
    """A high risk to themselves opens a linked concern, once; the form goes on (casework §5)."""
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
    """The draft, if this person writes it. What has been sent is a lost race, not a missing
    page."""
    user = cast(User, request.user)
    drafts = Referral.objects.visible_to(user).whole()
    referral = get_object_or_404(drafts, reference=reference)
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
    if not referral.is_stopped:
        return redirect("referrals:referral", reference)
    raised = referral.concerns.filter(raised_by=referral.referred_by)
    context = {
        "referral": referral,
        "concern": raised.order_by("created_at", "pk").last(),
        "is_on_duty": bool(referral.area_id and on_duty(referral.area_id, now())),
        "numbers": safeguarding_numbers(area_id=referral.area_id),
    }
    return shown(request, "referrals/stopped.html", context, referral)


def check(request: HttpRequest, reference: str) -> HttpResponse:
    """Every answer with its Change link, then send."""
    referral = draft_of(request, reference)
    if missing := services.unfinished(referral):
        return redirect("referrals:section", reference, missing[0])
    parts = answers(referral, all_of_it=True, may_change=True)
    context = {"referral": referral, "parts": parts}
    return shown(request, "referrals/check.html", context, referral)


@require_POST
def send(request: HttpRequest, reference: str) -> HttpResponse:
    """Check everything again, then send. A repeat finds it sent and says so."""
    user = cast(User, request.user)
    referral = cast(Referral, find(Referral, reference, user))
    if not policies.wrote(referral, user):
        raise PermissionDenied
    if referral.status != Referral.State.DRAFT:
        return redirect("referrals:sent", reference)
    if invalid := _first_invalid(referral):
        messages.error(request, "This part needs another look before you can send.")
        return redirect("referrals:section", reference, invalid)
    if referral.is_stopped:
        return redirect("referrals:stopped", reference)
    try:
        move(referral, "send", by=user)
    except ValidationError:  # stopped, or a part taken back, since it was looked at
        return redirect("referrals:check", reference)
    except Conflict as conflict:
        if conflict.case.status == Referral.State.DRAFT:
            raise
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
    if not policies.wrote(referral, user):
        raise PermissionDenied
    if referral.status == Referral.State.DRAFT:
        raise Http404
    context = {"referral": referral, "decision_due": decision_due(referral)}
    return shown(request, "referrals/sent.html", context, referral)


def delete(request: HttpRequest, reference: str) -> HttpResponse:
    """Delete a draft, after a page that asks."""
    referral = draft_of(request, reference)
    has_concern = referral.concerns.exists()
    if request.method == "POST" and not has_concern:
        services.delete_draft(referral=referral, by=cast(User, request.user))
        messages.success(request, "The draft is deleted.")
        return redirect("referrals:list")
    context = {"referral": referral, "has_concern": has_concern}
    return shown(request, "referrals/delete.html", context, referral)
