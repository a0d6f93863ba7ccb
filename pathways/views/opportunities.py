"""Opportunities: the list with its filters, a page each, and the form that keeps them."""

import uuid
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import urlencode

from accounts.models import User
from accounts.submissions import once
from pathways import policies, services
from pathways.forms import FilterForm, OpportunityForm
from pathways.models import Opportunity, Placement
from pathways.progress import day

from .staff import page, reader, show, typed


def opportunities(request: HttpRequest) -> HttpResponse:
    """What young people could take up, newest first, narrowed by filters that stand in the link."""
    user = reader(request)
    form = FilterForm(request.GET, by=user)
    rows = form.narrow(Opportunity.objects.visible_to(user).with_places())
    found = page(request, rows.prefetch_related("areas"))
    chosen = {name: request.GET.get(name, "") for name in form.chosen()}
    context = {
        "rows": found.rows,
        "count": found.count,
        "chips": [
            {"label": _label(form, name), "url": _link(chosen, **{name: ""})} for name in chosen
        ],
        "groups": [_group(form, name, heading, chosen) for name, heading in _GROUPS.items()],
        "newer_url": found.newer and _link(chosen, before=found.newer),
        "older_url": found.older and _link(chosen, after=found.older),
        "keeps": policies.keeps_opportunities(user),
    }
    return render(request, "pathways/opportunities.html", context)


_GROUPS = {"kind": "Kind", "area": "Area", "hours": "Hours", "show": "Places"}


def _link(chosen: dict[str, str], **changes: str) -> str:
    found = {name: value for name, value in {**chosen, **changes}.items() if value}
    return f"?{urlencode(found)}" if found else "?"


def _choices(form: FilterForm, name: str) -> list[tuple[str, str]]:
    field: Any = form.fields[name]
    if name == "area":
        return [(area.code, area.name) for area in field.queryset]
    return list(field.choices)


def _label(form: FilterForm, name: str) -> str:
    chosen = form.chosen()[name]
    return str(getattr(chosen, "name", None) or dict(_choices(form, name))[chosen])


def _group(form: FilterForm, name: str, heading: str, chosen: dict[str, str]) -> dict[str, Any]:
    return {
        "heading": heading,
        "items": [
            {
                "label": label,
                "url": _link(chosen, **{name: "" if chosen.get(name) == value else value}),
                "current": chosen.get(name) == value,
            }
            for value, label in _choices(form, name)
        ],
    }


def opportunity(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    user = cast(User, request.user)
    rows = Opportunity.objects.visible_to(user).with_places().prefetch_related("areas")
    row = get_object_or_404(rows, pk=pk)
    placed = Placement.objects.visible_to(user).unfinished().filter(opportunity=row)
    context = {
        "row": row,
        "facts": facts_of(row),
        "placements": placed.with_people().order_by("-created_at", "-pk")[:25],
        "keeps": policies.keeps_opportunities(user),
        "may_apply": not row.is_over and row.left > 0,
    }
    return render(request, "pathways/opportunity.html", context)


def facts_of(row: Opportunity) -> list[dict[str, str]]:
    rows = {
        "Who offers it": row.offered_by,
        "Where": ", ".join(area.name for area in row.areas.all()),
        "Starts": day(row.starts_on) or "At any time",
        "Hours a week": str(row.hours or ""),
        "Pay": row.pay,
        "Entry needs": row.entry_needs,
        "People with convictions": row.get_convictions_display(),
        "Taking part with different needs": row.accessibility,
        "Apply until": day(row.expires_on),
    }
    return [{"key": key, "value": value} for key, value in rows.items()]


@once
def edit(request: HttpRequest, pk: uuid.UUID | None = None) -> HttpResponse:
    """Add an opportunity, or change one; the day it was checked stands on its page."""
    user = cast(User, request.user)
    row = get_object_or_404(Opportunity.objects.visible_to(user), pk=pk) if pk else None
    if not policies.keeps_opportunities(user):
        raise PermissionDenied
    form = OpportunityForm(typed(request), instance=row, by=user)
    if request.method == "POST" and form.is_valid() and (saved := _save(form, user)):
        messages.success(request, "The opportunity is saved.")
        return redirect(saved)
    return render(request, "pathways/edit_opportunity.html", {"form": form, "row": row})


def _save(form: OpportunityForm, user: User) -> Opportunity | None:
    try:
        return services.save_opportunity(
            opportunity=form.save(commit=False), areas=form.cleaned_data["areas"], by=user
        )
    except ValidationError as error:
        show(error, form)
        return None
