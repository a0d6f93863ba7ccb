"""What is done about the gaps: the list, one action, a new one. Everybody who reads the figures
reads these; who manages the programme of a place writes them."""

import uuid
from typing import cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from accounts.models import Area, User
from casework.calendar import today

from . import policies
from .forms import DoneForm, GapActionForm
from .models import GapAction


def _reader(request: HttpRequest) -> User:
    user = cast(User, request.user)
    if not policies.reads_figures(user):
        raise PermissionDenied
    return user


@require_safe
def actions(request: HttpRequest) -> HttpResponse:
    """All of them, or mine that are late: the rows that My work counts."""
    user = _reader(request)
    rows = GapAction.objects.visible_to(user)
    is_mine = request.GET.get("show") == "mine-late"
    context = {
        "rows": (rows.of(user).late() if is_mine else rows).listed(),
        "is_mine": is_mine,
        "plans": policies.plans_actions(user),
    }
    return render(request, "insight/actions.html", context)


def action(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One, with what whoever answers for it can do: say that it is done."""
    user = _reader(request)
    row = get_object_or_404(GapAction.objects.visible_to(user).listed(), pk=pk)
    may_finish = policies.finishes(row, user)
    if request.method == "POST" and not may_finish:
        raise PermissionDenied
    form = DoneForm(request.POST or None, initial={"done_on": today()}) if may_finish else None
    if request.method == "POST" and form and form.is_valid():
        row.done_on, row.done_by = form.cleaned_data["done_on"], user
        row.save(update_fields=["done_on", "done_by"])
        messages.success(request, f"“{row.action}” is done.")
        return redirect("insight:actions")
    context = {"row": row, "form": form, "plans": policies.plans(row, user)}
    return render(request, "insight/action.html", context)


def add_action(request: HttpRequest) -> HttpResponse:
    """About a district, or with `?in=` its code, about one of its wards as well."""
    user = _reader(request)
    if not policies.plans_actions(user):
        raise PermissionDenied
    districts = Area.objects.filter(kind=Area.Kind.DISTRICT)
    district = districts.filter(code=request.GET.get("in", "")).first()
    place = Area.objects.filter(code=request.GET.get("place", "")).first()
    form = GapActionForm(
        request.POST or None, initial={"area": place or district}, by=user, district=district
    )
    if request.method == "POST" and form.is_valid():
        form.instance.added_by = user
        return _saved(request, form)
    return render(request, "insight/action_form.html", {"form": form, "heading": "Plan an action"})


def change_action(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    user = _reader(request)
    row = get_object_or_404(GapAction.objects.visible_to(user), pk=pk)
    if not policies.plans(row, user):
        raise PermissionDenied
    form = GapActionForm(request.POST or None, instance=row, by=user)
    if request.method == "POST" and form.is_valid():
        return _saved(request, form)
    context = {"form": form, "heading": "Change the action", "row": row}
    return render(request, "insight/action_form.html", context)


def _saved(request: HttpRequest, form: GapActionForm) -> HttpResponse:
    row = form.save()
    messages.success(request, f"{row.owner.name} answers for “{row.action}”.")
    return redirect("insight:action", row.pk)
