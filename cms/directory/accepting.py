"""What a reader says that a plain field should be, taken over as it is: in a version of its own,
public at once by the editor's right, and in the draft that somebody may be writing."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST

from accounts.clock import now
from accounts.models import User

from .models import Service, Suggestion
from .own.drafts import Refused, held
from .values import latest


def can_accept(suggestion: Suggestion) -> bool:
    """Whether it is a new value, and nobody has answered."""
    field = suggestion.field
    is_new = bool(field) and getattr(suggestion.service, field) != suggestion.words
    return is_new and suggestion.state == Suggestion.State.NEW


@transaction.atomic
def accept(suggestion: Suggestion, *, by: User) -> None:
    """Raises Refused."""
    service = held(suggestion.service)
    row = Suggestion.objects.select_for_update(of=["self"]).get(pk=suggestion.pk)
    if not can_accept(row):
        raise Refused("This has been answered, or its page says so already.")
    if why := _why_not(service):
        raise Refused(why)
    draft = latest(service) if service.has_unpublished_changes else None
    setattr(service, row.field, row.words)
    try:
        service.full_clean()
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from error
    version = service.save_revision(user=by, log_action=True)
    version.publish(user=by)
    if draft is not None:
        setattr(draft, row.field, row.words)
        draft.save_revision(user=by, clean=False, log_action=True)
    row.state, row.put_right_in = Suggestion.State.DONE, version
    row.decided_at, row.decided_by = now(), by
    row.save(update_fields=["state", "put_right_in", "decided_at", "decided_by"])


def _why_not(service: Service) -> str:
    if service.workflow_in_progress:
        return "Its page waits for review: answer that first."
    if service.locked:
        return "Somebody has locked its page: ask them first."
    if not service.live:
        return "Its page is not public: change it in the editor."
    return ""


@require_POST
def accept_suggestion(request: HttpRequest, pk: UUID) -> HttpResponse:
    user: Any = request.user
    if not user.has_perms(["cms.publish_service", "cms.change_suggestion"]):
        raise PermissionDenied
    suggestion = get_object_or_404(Suggestion.objects.select_related("service"), pk=pk)
    try:
        accept(suggestion, by=user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Put right, and public.")
    return redirect("wagtailsnippets_cms_suggestion:edit", pk)


def urls() -> list[URLPattern]:
    address = "suggestions/<uuid:pk>/accept/"
    return [path(address, accept_suggestion, name="directory_accept")]
