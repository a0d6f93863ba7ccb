"""Organisations and areas, for administrators."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts import policies, services
from accounts.forms.organisations import AgreementForm, OrganisationForm
from accounts.models import Area, Organisation, SharingAgreement, User
from accounts.paging import page_of
from accounts.services import WorkRemains
from accounts.submissions import once


def _administrator(request: HttpRequest) -> User:
    user: Any = request.user
    if not policies.administers(user):
        raise PermissionDenied
    return user


def organisations(request: HttpRequest) -> HttpResponse:
    user = _administrator(request)
    words = request.GET.get("q", "")[:100]
    rows = Organisation.objects.visible_to(user)
    for word in words.split()[:5]:
        rows = rows.filter(name__icontains=word)
    unshared = request.GET.get("sharing") == "none"
    if unshared:
        rows = rows.without_agreement()
    page = page_of(rows, request)
    sharing = set(
        Organisation.objects.sharing()
        .filter(pk__in=[row.pk for row in page.rows])
        .values_list("pk", flat=True)
    )
    return render(
        request,
        "accounts/organisations.html",
        {"page": page, "words": words, "sharing": sharing, "tabs": _tabs(unshared)},
    )


def _tabs(unshared: bool) -> list[dict[str, Any]]:
    return [
        {"label": "All", "url": "?", "current": not unshared},
        {
            "label": "Without a sharing agreement",
            "url": "?sharing=none",
            "current": unshared,
        },
    ]


def organisation(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    user = _administrator(request)
    row = get_object_or_404(Organisation.objects.visible_to(user), pk=pk)
    context = {
        "row": row,
        "facts": [
            {"key": "Kind", "value": row.get_kind_display()},
            {"key": "Sector", "value": row.get_sector_display()},
            {"key": "URN", "value": row.urn},
            {"key": "UKPRN", "value": row.ukprn},
            {"key": "Charity number", "value": row.charity_number},
            {"key": "Company number", "value": row.company_number},
            {"key": "Postcode", "value": row.postcode},
            {"key": "Areas served", "value": ", ".join(area.name for area in row.areas.all())},
            {
                "key": "Colleagues see each other’s referrals",
                "value": "Yes" if row.team_sees_referrals else "No",
            },
        ],
        "agreements": row.sharing_agreements.all(),
        "shares_now": row.shares_now(),
    }
    return render(request, "accounts/organisation.html", context)


@once
def edit_organisation(request: HttpRequest, pk: uuid.UUID | None = None) -> HttpResponse:
    user = _administrator(request)
    row = get_object_or_404(Organisation.objects.visible_to(user), pk=pk) if pk else None
    form = OrganisationForm(request.POST if request.method == "POST" else None, instance=row)
    lines: list[str] = []
    if form.is_valid():
        try:
            areas = form.cleaned_data["areas"]
            filled = form.save(commit=False)
            saved = services.save_organisation(by=user, organisation=filled, areas=areas)
        except WorkRemains as refusal:
            lines = refusal.lines
            form.add_error("is_open", "Its people still have open work: hand that over first")
        except ValidationError as error:
            form.add_error("is_open", error)
        else:
            messages.success(request, "The organisation is saved.")
            return redirect("accounts:organisation", pk=saved.pk)
    context = {"form": form, "row": row, "lines": lines}
    return render(request, "accounts/edit_organisation.html", context)


@once
def edit_agreement(
    request: HttpRequest, pk: uuid.UUID, agreement_pk: uuid.UUID | None = None
) -> HttpResponse:
    user = _administrator(request)
    row = get_object_or_404(Organisation.objects.visible_to(user), pk=pk)
    agreement = SharingAgreement(organisation=row)
    if agreement_pk:
        agreement = get_object_or_404(row.sharing_agreements, pk=agreement_pk)
    form = AgreementForm(request.POST if request.method == "POST" else None, instance=agreement)
    if form.is_valid():
        services.save_agreement(by=user, agreement=form.save(commit=False))
        messages.success(request, "The sharing agreement is saved.")
        return redirect("accounts:organisation", pk=row.pk)
    context = {"form": form, "row": row, "is_new": agreement_pk is None}
    return render(request, "accounts/edit_agreement.html", context)


def areas(request: HttpRequest) -> HttpResponse:
    _administrator(request)
    rows = (
        Area.objects.exclude(kind=Area.Kind.WARD)
        .annotate(wards=Count("children", filter=Q(children__kind=Area.Kind.WARD)))
        .select_related("parent")
        .order_by("path")
    )
    return render(request, "accounts/areas.html", {"rows": rows})
