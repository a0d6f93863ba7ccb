"""What people of an organisation write about its services: a draft of each, which editors read and
publish. Nothing of it is public before."""

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from wagtail.models import WorkflowState

from accounts.models import User
from cms.directory.models import Service
from cms.directory.values import latest


class Refused(Exception):
    """It cannot be done now; says why in a sentence."""


def version(service: Service) -> str:
    """Which writing of a service somebody has before them."""
    return str(service.latest_revision_id or "")


def held(pk: UUID) -> Service:
    """The service, which nobody else changes until this transaction ends."""
    return Service.objects.select_for_update(of=["self"]).get(pk=pk)


def why_closed(service: Service) -> str:
    """Why nobody can edit it now; "" if they can."""
    if service.workflow_in_progress:
        return "The directory's editors are reading it. Take it back to change something."
    if service.locked:
        return "The directory's editors are working on it. Try again later."
    return ""


def keep(draft: Service, *, by: User) -> None:
    """A draft may lack what a published service needs: sending it asks for that."""
    draft.save_revision(user=by, clean=False, log_action=True)


@transaction.atomic
def begin(service: Service, *, by: User) -> Service:
    """A new one. The public sees it once an editor has published it."""
    service.live = False
    service.save()
    keep(service, by=by)
    return service


@transaction.atomic
def send(service: Service, *, by: User) -> None:
    """Ask the editors to publish the draft. Raises Refused."""
    row = held(service.pk)
    if closed := why_closed(row):
        raise Refused(closed)
    if not row.has_unpublished_changes:
        raise Refused("There is nothing to send: the directory says all of this already.")
    try:
        latest(row).full_clean()
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from error
    state = row.current_workflow_state
    if state is not None:  # it was returned
        state.resume(user=by)
        return
    workflow = row.get_workflow()
    if workflow is None:
        raise Refused("Nobody reads what is sent yet. Ask the directory's editors.")
    workflow.start(row, by)


@transaction.atomic
def take_back(service: Service, *, by: User) -> None:
    """Go on writing: the editors need not read this one."""
    state = held(service.pk).current_workflow_state
    if state is not None and state.status == WorkflowState.STATUS_IN_PROGRESS:
        state.cancel(user=by)


def standing(service: Service) -> dict[str, Any]:
    """How it stands with the draft: in a word, since when, and why it was returned."""
    state = service.current_workflow_state
    if state and state.status == WorkflowState.STATUS_IN_PROGRESS:
        return {"word": "Sent", "since": state.created_at}
    if state and state.status == WorkflowState.STATUS_NEEDS_CHANGES:
        task = state.current_task_state
        return {"word": "Returned", "since": task.finished_at, "reason": task.comment}
    if not service.live:
        return {"word": "Not public"}
    return {"word": "Changes not sent" if service.has_unpublished_changes else "Public"}
