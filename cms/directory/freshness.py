"""Whether what the directory says is still so. Providers are asked by letter; what nobody answers
for is said to be old and comes last, and at the end is hidden until somebody has checked it.

What another directory publishes is that one's to check: it only grows old.
"""

import logging
from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Case, Exists, OuterRef, TextChoices, Value, When
from django.db.models.functions import Coalesce
from wagtail.models import WorkflowState

from accounts import letters
from accounts.clock import now, today
from cms.services import site_settings

from . import listings
from .models import Freshness, Reminder, Service
from .models.services import ServiceQuerySet

log = logging.getLogger("waymark.directory")
SINCE = Coalesce("checked_at", "first_published_at", "last_modified")
LETTER = """\
These are in our directory, and it is some time since anybody checked them:

{services}Open the link under each one. If all of it is still right, press the button there.
If something has changed, you can tell us on the same page.

We take off what nobody has checked for {hidden_after} days, so that nobody stands at a closed door.

{sender}
"""


class State(TextChoices):
    """How it stands with the last check of a service."""

    FRESH = "fresh", "Checked in time"
    ASKED = "asked", "Asked, no answer yet"
    UNANSWERED = "unanswered", "Nobody has answered"
    HIDDEN = "hidden", "Hidden"


def to_check() -> ServiceQuerySet:
    """The services that are ours to check, those for professionals too: each with `since`, when
    nobody has checked it, and its `state`."""
    sent = _about(OuterRef("pk"), OuterRef("since")).filter(sent_at__isnull=False)
    last = sent.filter(days__gte=Freshness.ours().last_letter)
    state = Case(
        When(hidden_at__isnull=False, then=Value(State.HIDDEN.value)),
        When(Exists(last), then=Value(State.UNANSWERED.value)),
        When(Exists(sent), then=Value(State.ASKED.value)),
        default=Value(State.FRESH.value),
    )
    ours = Service.objects.running().filter(source_record=None)
    return ours.annotate(since=SINCE).annotate(state=state)


def ask() -> int:
    """Write the letter that is due for each service: one at a time, and none twice. Counts them."""
    written = 0
    for days in sorted(Freshness.ours().letters, reverse=True):
        already = _about(OuterRef("pk"), OuterRef("since")).filter(days__gte=days)
        listed = to_check().filter(hidden_at=None)
        due = listed.filter(~Exists(already), since__lte=now() - timedelta(days=days))
        rows = [Reminder(service=row, since=row.since, days=days) for row in due]
        written += len(Reminder.objects.bulk_create(rows, ignore_conflicts=True))
    return written


def _about(service: Any, since: Any) -> Any:
    return Reminder.objects.filter(service=service, since=since)


def send() -> int:
    """Send what has been written, one letter to each mailbox. Counts the letters.

    A letter that was sent when this process died is sent again: its links are the same.
    """
    waiting: dict[str, list[UUID]] = defaultdict(list)
    for row in Reminder.objects.filter(sent_at=None).select_related("service__provider"):
        waiting[row.service.mailbox].append(row.pk)
    return sum(_send(address, keys) for address, keys in waiting.items())


@transaction.atomic
def _send(address: str, keys: Sequence[UUID]) -> bool:
    held = Reminder.objects.select_for_update(of=["self"], skip_locked=True)
    rows = list(
        held.filter(pk__in=keys, sent_at=None)
        .select_related("service__provider")
        .order_by("service__title")
    )
    if address and rows:
        try:
            letters.deliver(_subject(rows), _text(rows), to=address)
        except letters.NotSent as error:
            log.warning("reminder_not_sent reminder=%s error=%s", rows[0].pk, error)
            return False
    Reminder.objects.filter(pk__in=[row.pk for row in rows]).update(sent_at=now())
    return bool(address and rows)


def _subject(rows: Sequence[Reminder]) -> str:
    many = "this" if len(rows) == 1 else f"what we say about {len(rows)} services"
    return f"Is {many} still right?"


def _text(rows: Sequence[Reminder]) -> str:
    told = "".join(
        f"{row.service.title}\n{letters.link_to(row.get_absolute_url())}\n\n" for row in rows
    )
    site = site_settings()
    sender = filter(None, (site.service_name, site.unit_name, site.contact_email))
    return LETTER.format(
        services=told, hidden_after=Freshness.ours().hidden_after, sender="\n".join(sender)
    )


def hide() -> int:
    """Take off what nobody has checked for so long, and has been asked about long enough ago.
    Counts it."""
    pace = Freshness.ours()
    time_to_answer = timedelta(days=pace.hidden_after - pace.last_letter)
    asked = _about(OuterRef("pk"), OuterRef("since")).filter(sent_at__lte=now() - time_to_answer)
    overdue = to_check().filter(
        Exists(asked), hidden_at=None, since__lte=now() - timedelta(days=pace.hidden_after)
    )
    keys = list(overdue.exclude(keep_until__gte=today()).values_list("pk", flat=True))
    Service.objects.filter(pk__in=keys).update(hidden_at=now())
    listings.renew(keys)
    return len(keys)


def show_again(service: Service) -> None:
    """After an editor has published it: checked lately, or to be kept, it is hidden no more."""
    if service.hidden_at is None:
        return
    is_kept = service.keep_until is not None and service.keep_until >= today()
    if is_kept or (service.checked_at and not Freshness.ours().is_old(service.checked_at)):
        service.hidden_at = None
        Service.objects.filter(pk=service.pk).update(hidden_at=None)


@transaction.atomic
def confirm(reminder: Reminder) -> bool:
    """Its provider says that all of it is still right. False if that has been said already."""
    unanswered = Reminder.objects.filter(pk=reminder.pk, answered_at=None)
    if not unanswered.update(answered_at=now()):
        return False
    vouch(reminder.service)
    return True


@transaction.atomic
def vouch(service: Service) -> None:
    """Its provider says that all that is published of it is right, now."""
    row = Service.objects.select_for_update(of=["self"]).get(pk=service.pk)
    moment, side = now(), Service.CheckedBy.PROVIDER
    Service.objects.filter(pk=row.pk).update(checked_at=moment, checked_by=side, hidden_at=None)
    if draft := row.latest_revision:  # what somebody is writing now has been checked too
        draft.content |= {"checked_at": moment.isoformat(), "checked_by": side.value}
        draft.save(update_fields=["content"])
    listings.renew([row.pk])


def approved(state: WorkflowState) -> None:
    """What its provider has sent and an editor has published has been checked by both."""
    subject, sender = state.content_object, state.requested_by
    if sender is None or not isinstance(subject, Service):
        return
    if Service.objects.kept_by(sender).filter(pk=subject.pk).exists():
        vouch(subject)
