"""The review queue in Wagtail's admin: what people have sent, what it would change, and the answer.

Wagtail keeps the states; these pages say in words what differs from what is published.
"""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_http_methods
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views.reports import ReportView
from wagtail.models import WorkflowState
from wagtail.permission_policies import ModelPermissionPolicy

from cms.reports import report_urls

from .differences import differences
from .models import Service
from .models.reviews import is_of
from .own.drafts import held, version
from .values import latest

OWN = "You sent this yourself, or wrote it last: somebody else has to read it."
CHANGED = "It is not what you read any more. Read it again before you answer."
NO_REASON = "Write what has to change: whoever sent it reads this."
NO_PROVIDER = "Publish its provider first: its services show only then."
MOST = 2000


def waiting() -> QuerySet[WorkflowState]:
    """The services that wait for an answer, longest first."""
    return (
        WorkflowState.objects.filter(
            base_content_type=ContentType.objects.get_for_model(Service),
            status=WorkflowState.STATUS_IN_PROGRESS,
        )
        .select_related("requested_by")
        .order_by("created_at", "pk")
    )


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
            label="Service",
            get_url=lambda row: reverse("directory_review", args=[row.object_id]),
        ),
        Column("provider", label="Provider", accessor=lambda row: row.content_object.provider),
        Column("requested_by", label="Sent by"),
        DateColumn("created_at", label="Since"),
    )

    def get_base_queryset(self) -> QuerySet[WorkflowState]:
        return waiting()


@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One service that waits: what would change, and the answer to it."""
    user: Any = request.user
    if not user.has_perm("cms.publish_service"):
        raise PermissionDenied
    row = get_object_or_404(Service.objects.select_related("provider"), pk=pk)
    if not row.workflow_in_progress:
        messages.info(request, "This does not wait for review any more.")
        return redirect("directory_waiting")
    refusal = _answer(row, request.POST, user) if request.method == "POST" else ""
    if request.method == "POST" and not refusal:
        messages.success(request, "Answered. Whoever sent it is told.")
        return redirect("directory_waiting")
    draft = latest(row)
    context = {
        "service": row,
        "state": row.current_workflow_state,
        "version": version(row),
        "changes": differences(row if row.live else None, draft),
        "refusal": refusal,
        "reason": request.POST.get("reason", ""),
        "own": OWN if is_of(row, user) else "",
    }
    return render(request, "cms/own/review.html", context)


@transaction.atomic
def _answer(service: Service, given: Any, user: Any) -> str:
    """Approve it, which publishes, or return it. A sentence if that cannot be."""
    row = held(service.pk)
    reason = given.get("reason", "").strip()[:MOST].replace("\x00", "")
    is_approval = given.get("answer") == "approve"
    if not row.workflow_in_progress or given.get("version", "") != version(row):
        return CHANGED
    if is_of(row, user):
        return OWN
    if is_approval and not row.provider.live:
        return NO_PROVIDER
    if not is_approval and not reason:
        return NO_REASON
    task = row.current_workflow_state.current_task_state
    (task.approve if is_approval else task.reject)(user=user, comment=reason)
    return ""


def urls() -> list[URLPattern]:
    one = path("reports/waiting-for-review/<uuid:pk>/", review, name="directory_review")
    return [*report_urls("waiting-for-review", WaitingView), one]
