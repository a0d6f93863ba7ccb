"""The rota of those who answer concerns, for who leads, manages or administers there."""

import uuid
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts import services
from accounts.clock import now
from accounts.forms.duty import PlanDutyForm
from accounts.models import Area, DutyShift, User
from accounts.models.areas import AreaQuerySet

SHOWN = timedelta(weeks=6)


def _planner(request: HttpRequest) -> tuple[User, AreaQuerySet]:
    """Who asks, and the areas whose rota is theirs to write."""
    user: Any = request.user
    areas = Area.objects.on_rota_of(user)
    if not areas.exists():
        raise PermissionDenied
    return user, areas


def rota(request: HttpRequest) -> HttpResponse:
    """Who answers from now on, for six weeks, and until when the rota goes."""
    _, areas = _planner(request)
    shifts = DutyShift.objects.to_come().filter(area__in=areas)
    last = shifts.order_by("-ends_at").values_list("ends_at", flat=True).first()
    rows = shifts.filter(starts_at__lt=now() + SHOWN).select_related("user", "area")
    context = {
        "shifts": rows.order_by("starts_at", "position", "pk"),
        "now": now(),
        "last": last,
    }
    return render(request, "accounts/rota.html", context)


def plan(request: HttpRequest) -> HttpResponse:
    """Write a weekly pattern into the rota."""
    user, areas = _planner(request)
    form = PlanDutyForm(request.POST or None, areas=areas)
    if request.method == "POST" and form.is_valid():
        try:
            added = services.plan_duty(by=user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _said(len(added)))
            return redirect("accounts:rota")
    return render(request, "accounts/plan_duty.html", {"form": form})


def _said(count: int) -> str:
    if not count:
        return "Nothing was added: these shifts are in the rota already."
    return f"{count} shift{'' if count == 1 else 's'} added to the rota."


@require_POST
def drop(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Take one shift out that has not begun."""
    user, areas = _planner(request)
    shift = get_object_or_404(DutyShift.objects.filter(area__in=areas), pk=pk)
    try:
        services.drop_shift(by=user, shift=shift)
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
    else:
        messages.success(request, "The shift is out of the rota.")
    return redirect("accounts:rota")
