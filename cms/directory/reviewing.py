"""The review queue in Wagtail's admin: what people have sent, what it would change, and the answer.
Pages of the site stand in it too, and are answered where they are edited.

Wagtail keeps the states; these pages say in words what differs from what is published.
"""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_http_methods
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views.reports import ReportView
from wagtail.models import Page, WorkflowState
from wagtail.permission_policies import ModelPermissionPolicy

from cms.reports import report_urls

from .differences import differences, published
from .models import Location, Provider, Service
from .models.reviews import is_of
from .own.drafts import held, version
from .values import Kept, latest

OWN = "You sent this yourself, or wrote it last: somebody else has to read it."
CHANGED = "It is not what you read any more. Read it again before you answer."
NO_REASON = "Write what has to change: whoever sent it reads this."
NO_PROVIDER = "Publish its provider first: its services show only then."
MOST = 2000
REVIEWED: tuple[type[Model], ...] = (Service, Provider, Location)


def waiting() -> QuerySet[WorkflowState]:
    """All that waits for an answer, longest first."""
    types = ContentType.objects.get_for_models(*REVIEWED, Page).values()
    return (
        WorkflowState.objects.filter(
            base_content_type__in=types, status=WorkflowState.STATUS_IN_PROGRESS
        )
        .select_related("requested_by", "base_content_type")
        .prefetch_related("content_object")
        .order_by("created_at", "pk")
    )


def _address(state: WorkflowState) -> str:
    if isinstance(state.content_object, Page):
        return reverse("wagtailadmin_pages:edit", args=[state.object_id])
    return reverse("directory_review", args=[state.object_id])


def _kind(state: WorkflowState) -> str:
    name = str(state.content_object._meta.verbose_name)
    return {"location": "place"}.get(name, name).capitalize()


def _provider(row: Any) -> str:
    return str(row.provider) if isinstance(row, Service) else "–"


class WaitingView(ReportView):
    page_title = "Waiting for review"
    header_icon = "clipboard-list"
    index_url_name = "directory_waiting"
    index_results_url_name = "directory_waiting_results"
    permission_policy = ModelPermissionPolicy(Service)
    any_permission_required = ("publish",)
    is_searchable = False
    columns = (
        TitleColumn(
            "content_object",
            label="What",
            get_url=_address,
        ),
        Column("kind", label="Kind", accessor=_kind),
        Column("provider", label="Provider", accessor=lambda row: _provider(row.content_object)),
        Column("requested_by", label="Sent by"),
        DateColumn("created_at", label="Since"),
    )

    def get_base_queryset(self) -> QuerySet[WorkflowState]:
        return waiting()


@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One of them: what would change, and the answer to it."""
    user: Any = request.user
    if not user.has_perm("cms.publish_service"):
        raise PermissionDenied
    row = _found(pk)
    if not row.workflow_in_progress:
        messages.info(request, "This does not wait for review any more.")
        return redirect("directory_waiting")
    refusal = _answer(row, request.POST, user) if request.method == "POST" else ""
    if request.method == "POST" and not refusal:
        messages.success(request, "Answered. Whoever sent it is told.")
        return redirect("directory_waiting")
    draft = latest(row)
    context = {
        "row": row,
        "kind": _kind(row.current_workflow_state).lower(),
        "provider": row.provider if isinstance(row, Service) else "",
        "edit_url": AdminURLFinder(user).get_edit_url(row),
        "before": published(row),
        "state": row.current_workflow_state,
        "version": version(row),
        "changes": differences(published(row), draft),
        "refusal": refusal,
        "reason": request.POST.get("reason", ""),
        "own": OWN if is_of(row, user) else "",
    }
    return render(request, "cms/own/review.html", context)


def _found(pk: UUID) -> Any:
    for model in REVIEWED:
        if row := model._default_manager.filter(pk=pk).first():
            return row
    raise Http404


@transaction.atomic
def _answer(record: Kept, given: Any, user: Any) -> str:
    """Approve it, which publishes, or return it. A sentence if that cannot be."""
    row = held(record)
    reason = given.get("reason", "").strip()[:MOST].replace("\x00", "")
    is_approval = given.get("answer") == "approve"
    if not row.workflow_in_progress or given.get("version", "") != version(row):
        return CHANGED
    if is_of(row, user):
        return OWN
    if is_approval and isinstance(row, Service) and not row.provider.live:
        return NO_PROVIDER
    if not is_approval and not reason:
        return NO_REASON
    task = row.current_workflow_state.current_task_state
    (task.approve if is_approval else task.reject)(user=user, comment=reason)
    return ""


def urls() -> list[URLPattern]:
    one = path("reports/waiting-for-review/<uuid:pk>/", review, name="directory_review")
    return [*report_urls("waiting-for-review", WaitingView), one]
