"""Sustainment checks: what has to be asked, and the small page that answers it."""

import uuid
from typing import cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from accounts.models import User
from casework.viewing import looked
from pathways import policies, services
from pathways.forms import AnswerForm, CorrectionForm
from pathways.models import SustainmentCheck
from pathways.queues import CHECK_QUEUES

from .staff import frame, page, reader, show, typed

Status = SustainmentCheck.Status


def checks(request: HttpRequest) -> HttpResponse:
    """What is to be asked, the oldest first."""
    user = reader(request)
    queue = CHECK_QUEUES.get(request.GET.get("queue", ""))
    rows = SustainmentCheck.objects.visible_to(user).with_people()
    chosen = queue.choose(rows, user) if queue else rows.due()
    found = page(request, chosen, by="due_on")
    context = {
        "rows": found.rows,
        **frame(found, queue, CHECK_QUEUES.values(), user, "All to come"),
    }
    return render(request, "pathways/checks.html", context)


@transaction.atomic
def check(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Answer a check; one that is answered can only be corrected."""
    user = cast(User, request.user)
    rows = SustainmentCheck.objects.visible_to(user).current().with_people()
    row = get_object_or_404(rows, pk=pk)
    if not policies.handles(row.placement, user):
        raise PermissionDenied
    looked(row.placement, by=user, what="check")
    form_class = AnswerForm if row.is_due else CorrectionForm
    form = form_class(typed(request))
    if request.method == "POST" and form.is_valid() and (answered := _save(row, form, user)):
        messages.success(request, f"The {row.point}-week check is recorded.")
        return redirect(_afterwards(answered))
    context = {
        "check": row,
        "form": form,
        "is_askable": not row.is_due or row.is_askable(row.placement),
        "earlier": SustainmentCheck.objects.visible_to(user)
        .filter(placement=row.placement, point=row.point, is_current=False)
        .select_related("answered_by", "corrected_by"),
    }
    return render(request, "pathways/check.html", context)


def _save(row: SustainmentCheck, form: AnswerForm, user: User) -> SustainmentCheck | None:
    service = services.answer_check if row.is_due else services.correct_check
    try:
        with transaction.atomic():
            return service(check=row, by=user, **form.cleaned_data)
    except ValidationError as error:
        show(error, form)
        return None


def _afterwards(check: SustainmentCheck) -> str:
    """Who is not there any more has a last day, and somebody speaks with them."""
    placement = type(check.placement)._base_manager.get(pk=check.placement_id)
    if check.status == Status.NOT_ACHIEVED and placement.status in placement.IN_PLACE:
        return reverse("pathways:placement_move", args=[placement.reference, "leave"])
    return placement.home()
