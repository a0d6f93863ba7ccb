"""The outbox: letters are written with the change and sent afterwards, at least once, with a key.

The rows are the truth; django-q2 only wakes the relay, and a schedule sweeps what a wake-up missed.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F, Q
from django_q.tasks import async_task

from . import registry
from .actors import Actor
from .calendar import now
from .letters import letter
from .models import Case, Event, Message

if TYPE_CHECKING:
    from accounts.models import User

LEASE = timedelta(minutes=5)
MOST_ATTEMPTS = 8
BATCH = 20


def tell(case: Case, event: Event, audiences: Iterable[str], *, by: "User | Actor") -> None:
    """Write the letters of an Event. Nobody is told of their own action, nor twice of one Event."""
    people = {user.pk: user for name in audiences for user in case.audience(name)}
    people.pop(by.pk, None)  # type: ignore[arg-type]
    _write(case, event.name, event.sequence, people.values())


def tell_people(case: Case, name: str, people: Iterable["User"]) -> None:
    """Write a letter about the case as it now stands (a reminder, an escalation)."""
    _write(case, name, case.version, people)


def _write(case: Case, name: str, sequence: int, people: Iterable["User"]) -> None:
    rows = [
        Message(
            dedup_key=f"{case.KIND}:{case.pk}:{sequence}:{name}:{user.pk.hex[:12]}",
            letter=f"{case.KIND}.{name}",
            case_kind=case.KIND,
            case_id=case.pk,
            recipient=user,
            created_at=now(),
            next_at=now(),
        )
        for user in people
        if user.is_active
    ]
    if rows:
        Message.objects.bulk_create(rows, ignore_conflicts=True)
        # Within the transaction: the queue's row becomes visible with the letters, at no extra
        # commit, and a crash after it leaves no gap.
        async_task("casework.tasks.relay")


def relay() -> int:
    """Send what is due, in batches, until nothing is. Safe to run twice at once. Returns how many
    were sent."""
    sent = 0
    while batch := claim():
        sent += sum(deliver(message) for message in batch)
    return sent


def claim() -> list[Message]:
    """Lease a batch of due messages to this process; another process skips them until the lease
    ends."""
    free = Q(claimed_at__isnull=True) | Q(claimed_at__lt=now() - LEASE)
    with transaction.atomic():
        due = Message.objects.filter(free, state=Message.State.DUE, next_at__lte=now())
        ids = list(
            due.select_for_update(skip_locked=True)
            .order_by("next_at", "pk")
            .values_list("pk", flat=True)[:BATCH]
        )
        Message.objects.filter(pk__in=ids).update(claimed_at=now(), attempts=F("attempts") + 1)
    return list(Message.objects.filter(pk__in=ids).select_related("recipient"))


def deliver(message: Message) -> bool:
    """Send one leased message and mark it. A failure waits longer each time, then shows to
    staff."""
    if not message.recipient.is_active:
        return _mark(message, state=Message.State.DROPPED)
    try:
        _mail(message).send()
    except (
        Exception
    ) as error:  # any failure of any mail backend must leave a row that staff can see
        _back_off(message, error)
        return False
    return _mark(message, state=Message.State.SENT, sent_at=now(), last_error="")


def _mark(message: Message, **values: object) -> bool:
    return bool(
        Message.objects.filter(pk=message.pk, state=Message.State.DUE).update(
            claimed_at=None, **values
        )
    )


def _back_off(message: Message, error: Exception) -> None:
    values: dict[str, object] = {
        "last_error": type(error).__name__[:80],
        "next_at": now() + timedelta(minutes=2**message.attempts),
    }
    if message.attempts >= MOST_ATTEMPTS:
        values["state"] = Message.State.FAILED
    _mark(message, **values)


def retry(message: Message) -> None:
    """Start a failed message over; a person has asked for it."""
    Message.objects.filter(pk=message.pk, state=Message.State.FAILED).update(
        state=Message.State.DUE, attempts=0, next_at=now(), claimed_at=None
    )
    async_task("casework.tasks.relay")


def _place(case: Case | None, reader: "User") -> str:
    """The case, or My work for somebody who has to act on it or knew it and does not see it: a
    mentor who is asked, one whose match has ended."""
    if case is None:
        return "/work/"
    cases = type(case)._default_manager.filter(pk=case.pk)  # type: ignore[attr-defined]
    return case.home() if cases.visible_to(reader).exists() else "/work/"


def _mail(message: Message) -> EmailMessage:
    words = letter(message.letter)
    case = registry.find(message.case_kind, message.case_id)
    facts = {
        "reference": case.reference if case else "",
        "link": f"{settings.BASE_URL}{_place(case, message.recipient)}",
    }
    return EmailMessage(
        subject=words.subject.format(**facts),
        body=words.text.format(**facts),
        to=[message.recipient.email],
        headers={"X-Waymark-Key": message.dedup_key, "Auto-Submitted": "auto-generated"},
    )
