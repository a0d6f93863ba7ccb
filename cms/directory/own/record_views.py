"""The pages where people of an organisation say what is so about it and about its places."""

from typing import Any, TypeVar
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from cms.directory.differences import differences, published
from cms.directory.models import Location, Provider
from cms.directory.values import latest

from . import drafts
from .records import FORMS, PlaceForm, add_place, send
from .views import MEANWHILE, keeper, service_of

Record = TypeVar("Record", Provider, Location)
ADDRESSES: dict[type[Provider] | type[Location], str] = {
    Provider: "own:provider",
    Location: "own:place",
}


def _provider(user: User, pk: UUID) -> Provider:
    """What another directory says of an organisation is edited there."""
    return get_object_or_404(Provider.objects.kept_by(user).filter(source_record=None), pk=pk)


def _place(user: User, pk: UUID) -> Location:
    return get_object_or_404(Location.objects.kept_by(user), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def provider(request: HttpRequest, pk: UUID) -> HttpResponse:
    user = keeper(request)
    return _edit(request, user, _provider(user, pk))


@require_http_methods(["GET", "HEAD", "POST"])
def place(request: HttpRequest, pk: UUID) -> HttpResponse:
    user = keeper(request)
    return _edit(request, user, _place(user, pk))


@require_POST
def take_back_provider(request: HttpRequest, pk: UUID) -> HttpResponse:
    user = keeper(request)
    return _take_back(request, user, _provider(user, pk))


@require_POST
def take_back_place(request: HttpRequest, pk: UUID) -> HttpResponse:
    user = keeper(request)
    return _take_back(request, user, _place(user, pk))


@require_http_methods(["GET", "HEAD", "POST"])
def new_place(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Where a service happens, if nobody has named it yet."""
    user = keeper(request)
    service = service_of(user, pk)
    if closed := drafts.why_closed(service):
        messages.warning(request, closed)
        return redirect("own:service", pk=pk)
    form = PlaceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            add_place(form.save(commit=False), to=service, by=user)
        except drafts.Refused as refused:
            messages.warning(request, str(refused))
        else:
            messages.success(request, "Added. It is sent with the service, and public with it.")
        return redirect("own:service", pk=pk)
    return render(request, "cms/own/new_place.html", {"form": form, "service": service})


@transaction.atomic
def _edit(request: HttpRequest, user: User, row: Record) -> HttpResponse:
    row = drafts.held(row)
    draft = latest(row)
    if request.method != "POST":
        return _draw(request, row, FORMS[type(row)](instance=draft))
    if closed := drafts.why_closed(row):
        messages.warning(request, closed)
        return redirect(ADDRESSES[type(row)], pk=row.pk)
    form = FORMS[type(row)](request.POST, instance=draft)
    is_sound = form.is_valid()
    if request.POST.get("version", "") != drafts.version(row):
        form.add_error(None, MEANWHILE)
        return _draw(request, row, form, status=409)
    if not is_sound:
        return _draw(request, row, form)
    _send(request, user, row, form)
    return redirect(ADDRESSES[type(row)], pk=row.pk)


def _send(request: HttpRequest, user: User, row: Record, form: Any) -> None:
    draft: Record = form.save(commit=False)
    if not form.has_changed() and not (published(row) and row.has_unpublished_changes):
        messages.info(request, "Nothing has changed, so there is nothing to send.")
        return
    try:
        send(draft, by=user)
    except drafts.Refused as refusal:
        messages.error(request, str(refusal))
        return
    what = "Sent. An editor reads it and publishes it, or says why not."
    messages.success(request, what if published(row) else "Saved. It is sent with its service.")


def _draw(request: HttpRequest, row: Record, form: Any, *, status: int = 200) -> HttpResponse:
    context = {
        "row": row,
        "form": form,
        "is_place": isinstance(row, Location),
        "is_new": published(row) is None,
        "closed": drafts.why_closed(row),
        "standing": drafts.standing(row),
        "take_back": f"{ADDRESSES[type(row)]}_back",
        "version": drafts.version(row),
        "changes": differences(published(row), latest(row)) if published(row) else [],
    }
    return render(request, "cms/own/record.html", context, status=status)


def _take_back(request: HttpRequest, user: User, row: Record) -> HttpResponse:
    drafts.take_back(row, by=user)
    messages.success(request, "Taken back. You can go on writing.")
    return redirect(ADDRESSES[type(row)], pk=row.pk)
