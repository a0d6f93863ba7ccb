"""The merge queue in Wagtail's admin: services that may be one, side by side, for an editor."""

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST, require_safe
from wagtail.log_actions import LogFormatter

from accounts.models import User

from . import duplicates
from .differences import SAID
from .editor_pages import MOST, editor_page, for_editors, page_of
from .models import Duplicate, Service
from .values import latest

S = Duplicate.State
WITH = ("one__provider", "other__provider")


@require_safe
@for_editors
def queue(request: HttpRequest) -> HttpResponse:
    pairs = Duplicate.objects.select_related(*WITH, "kept", "decided_by", "taken_back_by")
    return editor_page(
        request,
        "duplicates",
        "Services that may be one",
        pairs=page_of(request, duplicates.waiting().select_related(*WITH)),
        merged=pairs.filter(state__in=(S.MERGED, S.BACK)).order_by("-decided_at")[:MOST],
    )


@require_safe
@for_editors
def compare(request: HttpRequest, pk: UUID) -> HttpResponse:
    pair = get_object_or_404(Duplicate, pk=pk)
    both = Service.objects.whole().in_bulk([pair.one_id, pair.other_id])
    one, other = (_as_read(both[pk]) for pk in (pair.one_id, pair.other_id))
    rows = [(label, say(one), say(other)) for label, say in SAID]
    return editor_page(
        request,
        "duplicate",
        "Are these one service?",
        pair=pair,
        one=one,
        other=other,
        rows=[row for row in rows if row[1] or row[2]],
    )


def _as_read(service: Service) -> Service:
    """As it is published, or as it was written last."""
    return service if service.live else latest(service)


@require_POST
@for_editors
def decide(request: HttpRequest, pk: UUID) -> HttpResponse:
    pair, by = get_object_or_404(Duplicate, pk=pk), cast(User, request.user)
    answer = request.POST.get("answer", "")
    kept = {"one": pair.one, "other": pair.other}.get(answer)
    if answer == "different":
        done, words = duplicates.part(pair, by=by), "We do not ask about these two again."
    elif answer == "back":
        done, words = duplicates.take_back(pair, by=by), "Both are as they were."
    elif kept is not None:
        done, words = duplicates.merge(pair, kept, by=by), f"{kept} is kept, the other is closed."
    else:
        messages.error(request, "Choose what to do with them.")
        return redirect("directory_duplicate", pk)
    if done:
        messages.success(request, words)
    else:
        words = "Somebody has decided that already, or who reads the one could not read the other."
        messages.warning(request, words)
    return redirect("directory_duplicates")


class Merged(LogFormatter):
    """In the history of a service."""

    label = "Merge"

    def format_message(self, log_entry: Any) -> str:
        other = log_entry.data["other"]
        is_kept = log_entry.data["is_kept"]
        return f"{other} was merged into this" if is_kept else f"Merged into {other}"


class TakenBack(LogFormatter):
    label = "Take back a merge"

    def format_message(self, log_entry: Any) -> str:
        return f"Took back the merge with {log_entry.data['other']}"


ACTIONS = {"directory.merge": Merged, "directory.take_back_merge": TakenBack}


def urls() -> list[URLPattern]:
    return [
        path("duplicates/", queue, name="directory_duplicates"),
        path("duplicates/<uuid:pk>/", compare, name="directory_duplicate"),
        path("duplicates/<uuid:pk>/decide/", decide, name="directory_decide_duplicate"),
    ]
