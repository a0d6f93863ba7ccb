"""What a source says anew of services and organisations that people read, and nobody has published:
an editor reads it beside what is shown, and publishes or drops it."""

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Cast
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST, require_safe
from wagtail.models import WorkflowState

from accounts.models import User

from .differences import Difference, differences
from .editor_pages import edit_url, editor_page, for_editors, page_of
from .following import Followed
from .holding import in_words, label
from .models import Service, SourceRecord
from .values import latest, snapshot

NOTHING = "Nothing of it waits any more."
CHANGED = "It is not what you read any more. Read it again before you decide."


def waiting() -> QuerySet[SourceRecord]:
    """What is shown and has a draft beside it that does not wait for a review of its own."""
    rows = SourceRecord.objects.filter(
        Q(service__live=True, service__has_unpublished_changes=True)
        | Q(provider__live=True, provider__has_unpublished_changes=True)
    )
    sent = WorkflowState.objects.filter(status=WorkflowState.STATUS_IN_PROGRESS)
    for name in ("service", "provider"):
        key = Cast(OuterRef(f"{name}_id"), CharField())
        rows = rows.exclude(Exists(sent.filter(object_id=key)))
    return rows


def compared(row: Followed) -> list[Difference]:
    """What is shown, and what its draft says."""
    draft = latest(row)
    if isinstance(row, Service) and isinstance(draft, Service):
        return differences(row, draft)
    ours, theirs = snapshot(row), snapshot(draft)
    return [
        Difference(label(name), in_words(name, ours[name]), in_words(name, theirs[name]))
        for name in ours
        if ours[name] != theirs[name]
    ]


@transaction.atomic
def decide(record: SourceRecord, answer: str, *, version: str, by: User) -> str:
    """Publish the draft of this version, or drop it. A sentence if that cannot be. Raises
    ValidationError for a draft that cannot be shown."""
    model: Any = type(record.subject)
    row = model._default_manager.select_for_update(of=("self",)).get(pk=record.subject.pk)
    if not (row.live and row.has_unpublished_changes):
        return NOTHING
    if str(row.latest_revision_id) != version or row.workflow_in_progress:
        return CHANGED
    if answer == "publish":
        latest(row).full_clean()
        row.latest_revision.publish(user=by)
    elif answer == "drop":
        row.save_revision(user=by, clean=False).publish(user=by)
    else:
        return "Choose what to do with it."
    return ""


@require_safe
@for_editors
def queue(request: HttpRequest) -> HttpResponse:
    rows = waiting().select_related("service__latest_revision", "provider__latest_revision")
    page = page_of(request, rows.select_related("source"))
    return editor_page(request, "changed", "Changed at the source", rows=page)


@require_safe
@for_editors
def one(request: HttpRequest, pk: UUID) -> HttpResponse:
    record = get_object_or_404(SourceRecord.objects.filter(location=None), pk=pk)
    row = record.subject
    if not (row.live and row.has_unpublished_changes):
        messages.info(request, NOTHING)
        return redirect("directory_changed")
    return editor_page(
        request,
        "changed_one",
        str(row),
        record=record,
        row=row,
        edit=edit_url(row),
        changes=compared(row),
    )


@require_POST
@for_editors
def answer(request: HttpRequest, pk: UUID) -> HttpResponse:
    record = get_object_or_404(SourceRecord.objects.filter(location=None), pk=pk)
    given, by = request.POST.get("answer", ""), cast(User, request.user)
    try:
        refusal = decide(record, given, version=request.POST.get("version", ""), by=by)
    except ValidationError as error:
        refusal = f"It cannot be shown like that. {' '.join(error.messages)} Edit it first."
    if refusal:
        messages.error(request, refusal)
        return redirect("directory_changed_one", pk)
    done = "is shown as its source has it" if given == "publish" else "stays as it is shown"
    messages.success(request, f"{record.subject} {done}.")
    return redirect("directory_changed")


def urls() -> list[URLPattern]:
    return [
        path("imports/changed/", queue, name="directory_changed"),
        path("imports/changed/<uuid:pk>/", one, name="directory_changed_one"),
        path("imports/changed/<uuid:pk>/decide/", answer, name="directory_decide_changed"),
    ]
