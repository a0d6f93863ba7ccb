"""Young people on their way into a place: the overview, what they do, and who helps them."""

from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts import roles
from accounts.models import User
from accounts.submissions import once
from casework.viewing import looked, shown
from pathways import policies, services
from pathways.forms import AskAdviserForm, ContactNoteForm, StatusForm
from pathways.models import EteStatus
from pathways.progress import facts_of, people, sign_of, what_referrer_wrote
from pathways.queues import PEOPLE_QUEUES, going_on, wants_ete
from referrals.models import Referral

from .staff import frame, page, reader, show, typed


def overview(request: HttpRequest) -> HttpResponse:
    """An adviser's young people; for others all whom they help who want education or work."""
    user = reader(request)
    queue = PEOPLE_QUEUES.get(request.GET.get("queue", ""))
    rows = Referral.objects.visible_to(user).with_people().with_workers()
    rows = rows.select_related("education")
    chosen = queue.choose(rows, user) if queue else going_on(wants_ete(rows.helped_by(user)))
    found = page(request, chosen)
    context = {
        "lines": people(found.rows, by=user),
        "keeps": policies.keeps_opportunities(user),
        **frame(found, queue, PEOPLE_QUEUES.values(), user, "Everybody"),
    }
    return render(request, "pathways/overview.html", context)


def _find(reference: str, user: User) -> Referral:
    return get_object_or_404(Referral.objects.visible_to(user).whole(), reference=reference)


@once
@transaction.atomic
def status(request: HttpRequest, reference: str) -> HttpResponse:
    """What a young person does, with its history, and the form that adds to it."""
    user = cast(User, request.user)
    referral = _find(reference, user)
    if referral.young_person is None or not policies.records(referral, user):
        raise PermissionDenied
    looked(referral, by=user, what="education")
    rows = EteStatus.objects.visible_to(user).filter(young_person=referral.young_person)
    history = list(rows.with_people()[:100])
    current = next((row for row in history if row.is_current), None)
    form = StatusForm(typed(request), referral=referral, current=current)
    if request.method == "POST" and form.is_valid() and _record(form, referral, user):
        messages.success(request, "It is recorded.")
        return redirect(f"{referral.home()}?tab=education")
    context = {
        "referral": referral,
        "form": form,
        "current": facts_of(current) if current else [],
        "sign": sign_of(current),
        "written": what_referrer_wrote(referral),
        "history": [row for row in history if not row.is_current],
    }
    return render(request, "pathways/status.html", context)


def _record(form: StatusForm, referral: Referral, user: User) -> bool:
    try:
        services.record_status(referral=referral, by=user, **form.details())
    except ValidationError as error:
        show(error, form)
        return False
    return True


@once
def contact(request: HttpRequest, reference: str) -> HttpResponse:
    """Write down a contact with a young person."""
    user = cast(User, request.user)
    referral = _find(reference, user)
    if not policies.records(referral, user) or referral.is_finished:
        raise PermissionDenied
    form = ContactNoteForm(typed(request))
    if request.method == "POST" and form.is_valid():
        services.keep_contact(referral=referral, by=user, **form.cleaned_data)
        messages.success(request, "The contact is written down.")
        return redirect(f"{referral.home()}?tab=education")
    context = {"referral": referral, "form": form}
    return shown(request, "pathways/contact.html", context, referral)


def ask_adviser(request: HttpRequest, reference: str) -> HttpResponse:
    """Put a pathway adviser beside whoever works with them."""
    user = cast(User, request.user)
    referral = _find(reference, user)
    if not policies.asks_advisers(referral, user):
        raise PermissionDenied
    form = AskAdviserForm(typed(request), referral=referral)
    if request.method == "POST" and form.is_valid():
        worker = cast(Any, form.cleaned_data["worker"])
        try:
            services.ask_adviser(referral=referral, worker=worker, by=user)
        except ValidationError as error:
            show(error, form)
        else:
            messages.success(request, f"{worker.name} is asked, and sees the referral from now on.")
            return redirect(f"{referral.home()}?tab=education")
    context = {"referral": referral, "form": form, "is_adviser": user.holds(roles.PathwayAdviser)}
    return shown(request, "pathways/ask_adviser.html", context, referral)
