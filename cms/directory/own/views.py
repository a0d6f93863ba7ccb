"""The pages where people of an organisation keep what the directory says about its services."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts import policies
from accounts.models import User
from cms.directory import freshness
from cms.directory.answering import for_providers
from cms.directory.cards import service_page
from cms.directory.differences import differences, published
from cms.directory.facts import missing, percent
from cms.directory.models import Location, Provider, Service
from cms.directory.values import latest

from . import drafts
from .sections import SECTIONS, NewServiceForm, SectionForm, tasks
from .today import TodayForm, say

MEANWHILE = (
    "Somebody else has changed this service since you opened the page. What you typed is still "
    "here. Read what the draft says now, then save again to keep yours."
)


def keeper(request: HttpRequest) -> User:
    """Who keeps services; everybody else has no such pages."""
    user: Any = request.user
    if not policies.keeps_services(user):
        raise PermissionDenied
    return user


def service_of(user: User, pk: UUID) -> Service:
    return get_object_or_404(Service.objects.kept_by(user).select_related("provider"), pk=pk)


@require_http_methods(["GET", "HEAD"])
def services(request: HttpRequest) -> HttpResponse:
    user = keeper(request)
    rows = Service.objects.kept_by(user).whole().order_by("title", "pk")
    shown = [
        {"service": row, "standing": drafts.standing(row), "missing": (lacks := missing(row))}
        | {"percent": percent(lacks)}
        for row in rows
    ]
    context = {"rows": shown, "providers": Provider.objects.kept_by(user)}
    return render(request, "cms/own/services.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    user = keeper(request)
    providers = Provider.objects.kept_by(user)
    form = NewServiceForm(request.POST or None, providers=providers)
    if request.method == "POST" and form.is_valid():
        service = drafts.begin(form.save(commit=False), by=user)
        return redirect("own:service", pk=service.pk)
    return render(request, "cms/own/new.html", {"form": form, "providers": providers})


@require_http_methods(["GET", "HEAD"])
def service(request: HttpRequest, pk: UUID) -> HttpResponse:
    user = keeper(request)
    row = service_of(user, pk)
    draft = latest(row)
    lacks = missing(draft)
    context = {
        "service": row,
        "standing": drafts.standing(row),
        "closed": drafts.why_closed(row),
        "percent": percent(lacks),
        "tasks": tasks(draft, lacks) + _access(user, draft),
        "changes": differences(published(row), draft),
        "can_vouch": Service.objects.running().filter(pk=pk).exists(),
        "said_wrong": for_providers().filter(service=row),
    }
    return render(request, "cms/own/service.html", context)


def _access(user: User, draft: Service) -> list[dict[str, str]]:
    """Where a draft says that it happens, for `components/task_list.html`. One that others have
    named can be changed once the service is published there."""
    places = [at.location for at in draft.service_at_locations.all()]
    theirs = set(Location.objects.kept_by(user).filter(pk__in=[place.pk for place in places]))
    return [
        {
            "label": f"Access at {place.name}",
            "url": reverse("own:place", args=[place.pk]) if place in theirs else "",
            "status": drafts.standing(place)["word"],
            "hint": ", ".join(latest(place).access_words) or "Does not say what the place has",
        }
        for place in places
    ]


@require_http_methods(["GET", "HEAD"])
def preview(request: HttpRequest, pk: UUID) -> HttpResponse:
    draft = latest(service_of(keeper(request), pk))
    return render(request, "cms/own/preview.html", service_page(draft))


@require_http_methods(["GET", "HEAD", "POST"])
def section(request: HttpRequest, pk: UUID, code: str) -> HttpResponse:
    user = keeper(request)
    row = service_of(user, pk)
    kind = SECTIONS.get(code)
    if kind is None:
        raise Http404
    if closed := drafts.why_closed(row):
        messages.warning(request, closed)
        return redirect("own:service", pk=pk)
    if request.method != "POST":
        return _draw(request, row, kind(instance=latest(row)))
    return _save(request, user, row, kind)


@transaction.atomic
def _save(request: HttpRequest, user: User, row: Service, kind: type[SectionForm]) -> HttpResponse:
    row = drafts.held(row)
    draft = latest(row)
    form = kind(request.POST, instance=draft)
    is_sound = form.is_valid()
    if request.POST.get("version", "") != drafts.version(row):
        form.add_error(None, MEANWHILE)
        return _draw(request, row, form, status=409)
    if not is_sound:
        return _draw(request, row, form)
    if form.has_changed():
        form.apply()
        drafts.keep(draft, by=user)
        messages.success(request, "Saved. It is not public yet: send it when all of it is right.")
    return redirect("own:service", pk=row.pk)


def _draw(
    request: HttpRequest, row: Service, form: SectionForm, *, status: int = 200
) -> HttpResponse:
    now_says = latest(row) if status == 409 else None
    context = {
        "service": row,
        "form": form,
        "version": drafts.version(row),
        "meanwhile": differences(None, now_says) if now_says else [],
    }
    return render(request, "cms/own/section.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def today(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What is public at once."""
    user = keeper(request)
    row = service_of(user, pk)
    form = TodayForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        say(row, form.cleaned_data, by=user)
        messages.success(request, "Saved, with today's date.")
        return redirect("own:service", pk=pk)
    return render(request, "cms/own/today.html", {"form": form, "service": row})


@require_POST
def still_right(request: HttpRequest, pk: UUID) -> HttpResponse:
    row = service_of(keeper(request), pk)
    if Service.objects.running().filter(pk=pk).exists():
        freshness.vouch(row)
        messages.success(request, "Thank you. The directory says that you checked it today.")
    else:
        messages.error(request, "It is not public, so there is nothing to check yet.")
    return redirect("own:service", pk=pk)


@require_POST
def send(request: HttpRequest, pk: UUID) -> HttpResponse:
    user = keeper(request)
    row = service_of(user, pk)
    try:
        drafts.send(row, by=user)
    except drafts.Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Sent. An editor reads it and publishes it, or says why not.")
    return redirect("own:service", pk=pk)


@require_POST
def take_back(request: HttpRequest, pk: UUID) -> HttpResponse:
    user = keeper(request)
    drafts.take_back(service_of(user, pk), by=user)
    messages.success(request, "Taken back. You can go on writing.")
    return redirect("own:service", pk=pk)
