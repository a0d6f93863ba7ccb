"""Imports from other directories, in Wagtail's admin: what ran and how far it is, what waits
because it was edited here, and what its source has no more. For whoever edits services."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User

from . import changed, duplicates, holding, runs
from .editor_pages import MOST, edit_url, editor_page, for_editors, page_of
from .models import HeldValue, Run, Source, SourceRecord


@require_safe
@for_editors
def imports(request: HttpRequest) -> HttpResponse:
    sources = Source.objects.exclude(url="")
    return editor_page(
        request,
        "imports",
        "Imports",
        sources=[(source, source.runs.first()) for source in sources],
        runs=Run.objects.select_related("source")[:MOST],
        held=holding.waiting().count(),
        changed=changed.waiting().count(),
        gone=runs.gone().count(),
        pairs=duplicates.waiting().count(),
    )


@require_POST
@for_editors
def start(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Begin a run; background work takes it from there."""
    source = get_object_or_404(Source.objects.exclude(url=""), pk=pk)
    run = runs.begin(source, is_dry="dry" in request.POST)
    return redirect("directory_import", run.pk)


@require_safe
@for_editors
def run(request: HttpRequest, pk: UUID) -> HttpResponse:
    row = get_object_or_404(Run.objects.select_related("source"), pk=pk)
    return editor_page(request, "run", str(row), run=row)


@require_safe
@for_editors
def held(request: HttpRequest) -> HttpResponse:
    page = page_of(request, holding.waiting().select_related("record__source", *SUBJECTS))
    shown = [
        (row, holding.label(row.field), edit_url(row.record.subject), holding.compared(row))
        for row in page
    ]
    return editor_page(request, "held", "Edited here, changed there", rows=shown, page=page)


SUBJECTS = ("record__service", "record__provider", "record__location")


@require_POST
@for_editors
def decide(request: HttpRequest, pk: UUID) -> HttpResponse:
    row = get_object_or_404(HeldValue, pk=pk)
    states = {"take": "taken", "keep": "kept", "never": "never"}
    state = states.get(request.POST.get("answer", ""))
    if state is None:
        messages.error(request, "Choose what to do with it.")
    else:
        _decide(request, row, HeldValue.State(state))
    return redirect("directory_held")


def _decide(request: HttpRequest, row: HeldValue, state: HeldValue.State) -> None:
    try:
        is_done = holding.decide(row, state, by=cast(User, request.user))
    except ValidationError as error:
        messages.error(request, f"It does not fit the rest. {' '.join(error.messages)}")
        return
    if is_done:
        messages.success(request, DECIDED[state])
    else:
        messages.warning(request, "Somebody has decided that already.")


DECIDED = {
    "taken": "Theirs is in a draft now: publish it to show it. At a place it is shown.",
    "kept": "Ours is kept. We ask again when theirs changes.",
    "never": "Ours is kept for good. We do not ask again.",
}


@require_safe
@for_editors
def gone(request: HttpRequest) -> HttpResponse:
    page = page_of(request, runs.gone().select_related("service", "source"))
    shown = [(row, runs.why_gone(row)) for row in page]
    return editor_page(request, "gone", "Gone at the source", rows=shown, page=page)


@require_POST
@for_editors
def answer_gone(request: HttpRequest, pk: UUID) -> HttpResponse:
    record = get_object_or_404(SourceRecord.objects.filter(service__isnull=False), pk=pk)
    answer, by = request.POST.get("answer"), cast(User, request.user)
    if answer == "close":
        runs.close(record, by=by)
        messages.success(request, f"{record.service} is closed.")
    elif answer == "off":
        runs.take_off(record, by=by)
        messages.success(request, f"{record.service} is off the public site.")
    elif answer == "keep":
        runs.keep(record)
        messages.success(request, f"{record.service} stays.")
    else:
        messages.error(request, "Choose what to do with it.")
    return redirect("directory_gone")


def urls() -> list[URLPattern]:
    return [
        path("imports/", imports, name="directory_imports"),
        path("imports/start/<uuid:pk>/", start, name="directory_start_import"),
        path("imports/held/", held, name="directory_held"),
        path("imports/held/<uuid:pk>/", decide, name="directory_decide_held"),
        path("imports/gone/", gone, name="directory_gone"),
        path("imports/gone/<uuid:pk>/", answer_gone, name="directory_answer_gone"),
        path("imports/<uuid:pk>/", run, name="directory_import"),
    ]
