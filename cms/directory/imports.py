"""Imports from other directories, in Wagtail's admin: what ran and how far it is, what waits
because it was edited here, and what its source has no more. For whoever edits services."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_POST, require_safe
from wagtail.permission_policies import ModelPermissionPolicy

from accounts.models import User

from . import holding, runs, vocabularies
from .models import HeldValue, Run, Service, Source, SourceRecord

EDITS = ModelPermissionPolicy(Service)
MOST = 50  # of what waits, on one page
View = Callable[..., HttpResponse]


def for_editors(view: View) -> View:
    """For who may edit services; Wagtail itself asks only whether somebody may come in."""

    @wraps(view)
    def allowed(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not EDITS.user_has_permission(request.user, "publish"):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return allowed


def editor_page(request: HttpRequest, name: str, title: str, **context: Any) -> HttpResponse:
    """A page of ours with the head that Wagtail's pages have."""
    crumbs = [{"url": reverse("wagtailadmin_home"), "label": "Home"}]
    context |= HEADER | {
        "page_title": title,
        "header_title": title,
        "breadcrumbs_items": [*crumbs, {"url": "", "label": title}],
    }
    return render(request, f"cms/directory/editor/{name}.html", context)


# What the head of a page of Wagtail's wants to be told besides.
HEADER: dict[str, Any] = dict.fromkeys(
    ("side_panels", "history_url", "index_results_url", "search_form", "filters", "page_subtitle")
) | {"header_icon": "download", "header_buttons": []}


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
        held=HeldValue.objects.filter(state=HeldValue.State.OPEN).count(),
        gone=runs.gone().count(),
        words=vocabularies.undecided(),
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
    waiting = HeldValue.objects.filter(state=HeldValue.State.OPEN)
    rows = waiting.select_related("record__service", "record__source")
    shown = [(row, holding.compared(row)) for row in rows[:MOST]]
    return editor_page(
        request, "held", "Edited here, changed there", rows=shown, many=waiting.count()
    )


@require_POST
@for_editors
def decide(request: HttpRequest, pk: UUID) -> HttpResponse:
    row = get_object_or_404(HeldValue, pk=pk)
    states = {"take": "taken", "keep": "kept", "never": "never"}
    state = states.get(request.POST.get("answer", ""))
    if state is None:
        messages.error(request, "Choose what to do with it.")
    elif not holding.decide(row, HeldValue.State(state), by=cast(User, request.user)):
        messages.warning(request, "Somebody has decided that already.")
    else:
        messages.success(request, DECIDED[state])
    return redirect("directory_held")


DECIDED = {
    "taken": "Theirs is in a draft of the service now. Publish it to show it.",
    "kept": "Ours is kept. We ask again when theirs changes.",
    "never": "Ours is kept for good. We do not ask again.",
}


@require_safe
@for_editors
def gone(request: HttpRequest) -> HttpResponse:
    rows = runs.gone().select_related("service", "source")
    return editor_page(request, "gone", "Gone at the source", rows=rows[:MOST], many=rows.count())


@require_POST
@for_editors
def answer_gone(request: HttpRequest, pk: UUID) -> HttpResponse:
    record = get_object_or_404(SourceRecord.objects.filter(service__isnull=False), pk=pk)
    if request.POST.get("answer") == "close":
        runs.close(record, by=cast(User, request.user))
        messages.success(request, f"{record.service} is closed.")
    else:
        runs.keep(record)
        messages.success(request, f"{record.service} stays.")
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
