"""What people of an organisation write about itself, its services and where they happen: a draft of
each, which editors read and publish. Nothing of it is public before."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from wagtail.models import WorkflowState

from accounts.models import User
from cms.directory.models import Location, Provider, Service
from cms.directory.values import Kept, latest

Record = Service | Provider | Location


class Refused(Exception):
    """It cannot be done now; says why in a sentence."""


def version(record: Record) -> str:
    """Which writing of it somebody has before them."""
    return str(record.latest_revision_id or "")


def held(record: Kept) -> Kept:
    """The same, which nobody else changes until this transaction ends."""
    rows: Any = type(record)._default_manager.select_for_update(of=["self"])
    row: Kept = rows.get(pk=record.pk)
    return row


def why_closed(record: Record) -> str:
    """Why nobody can edit it now; "" if they can."""
    if record.workflow_in_progress:
        return "The directory's editors are reading it. Take it back to change something."
    if record.locked:
        return "The directory's editors are working on it. Try again later."
    if isinstance(record, Location) and record.first_published_at is None and _is_sent(record):
        return "It has been sent with a service. Take that service back to change something."
    return ""


def _is_sent(place: Location) -> bool:
    """A new place is read, and public, with the services of its provider: what an editor reads, or
    has let wait for its day, must not become something else."""
    services = Service.objects.filter(provider=place.provider_id).select_related("latest_revision")
    return any(
        service.workflow_in_progress
        or (service.latest_revision and service.latest_revision.approved_go_live_at)
        for service in services
    )


def keep(draft: Record, *, by: User) -> None:
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
def send(record: Kept, *, by: User) -> None:
    """Ask the editors to publish the draft. Raises Refused."""
    row = held(record)
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
def take_back(record: Kept, *, by: User) -> None:
    """Go on writing: the editors need not read this one."""
    state = held(record).current_workflow_state
    if state is not None and state.status == WorkflowState.STATUS_IN_PROGRESS:
        state.cancel(user=by)


def standing(record: Record) -> dict[str, Any]:
    """How it stands with the draft: in a word, since when, and why it was returned."""
    state = record.current_workflow_state
    if state and state.status == WorkflowState.STATUS_IN_PROGRESS:
        return {"word": "Sent", "since": state.created_at}
    if state and state.status == WorkflowState.STATUS_NEEDS_CHANGES:
        task = state.current_task_state
        return {"word": "Returned", "since": task.finished_at, "reason": task.comment}
    draft = record.latest_revision
    if draft and draft.approved_go_live_at:
        return {"word": "Waits for its day", "since": draft.approved_go_live_at}
    if not record.live:
        return {"word": "Not public"}
    return {"word": "Changes not sent" if record.has_unpublished_changes else "Public"}


def publish_places(service: Service) -> None:
    """New ones are public with the first service that happens there."""
    new = Location.objects.filter(service_at_locations__service=service, live=False)
    for place in new.filter(first_published_at=None):
        place.get_latest_revision().publish()
