"""The outbox: letters are written with the change and sent afterwards, at least once, with a key.

The rows are the truth; django-q2 only wakes the relay, and a schedule sweeps what a wake-up missed.
"""

import math
import time
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Q, QuerySet
from django_q.tasks import async_task

from accounts.models import Membership, User

from . import registry
from .actors import Actor
from .calendar import now
from .letters import letter
from .models import Case, Event, Message

LEASE = timedelta(minutes=5)
MOST_ATTEMPTS = 8
BATCH = 20
RECEIPT = "receipt"


def tell(case: Case, event: Event, audiences: Iterable[str], *, by: User | Actor) -> None:
    post(drafts(case, event, audiences, by=by))


def drafts(
    case: Case, event: Event, audiences: Iterable[str], *, by: User | Actor
) -> list[Message]:
    """The letters of an Event, unsaved. Nobody is told of their own action, nor twice of one Event;
    a receipt, which is a letter of its own, is for whoever has acted."""
    named = {name: case.audience(name) for name in audiences}
    receipts = _letters(case, RECEIPT, event.sequence, named.pop(RECEIPT, ()))
    people = {user.pk: user for users in named.values() for user in users}
    people.pop(by.pk, None)  # type: ignore[arg-type]
    return receipts + _letters(case, event.name, event.sequence, people.values())


def post(letters: list[Message]) -> None:
    _write(letters, wakes=True)


def tell_people(case: Case, name: str, people: Iterable[User], *, wakes: bool = True) -> int:
    """Write a letter about the case as it now stands (a reminder, an escalation), to those who
    have none yet. Returns how many were written; without `wakes`, the caller wakes the relay."""
    rows = _letters(case, name, case.version, people)
    keys = Message.objects.filter(dedup_key__in=[row.dedup_key for row in rows])
    there = set(keys.values_list("dedup_key", flat=True)) if rows else set()
    new = [row for row in rows if row.dedup_key not in there]
    _write(new, wakes=wakes)
    return len(new)


def _letters(case: Case, name: str, sequence: int, people: Iterable[User]) -> list[Message]:
    return [
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


def _write(rows: list[Message], *, wakes: bool) -> None:
    if rows:
        Message.objects.bulk_create(rows, ignore_conflicts=True)  # another process may be first
        if wakes:
            wake()


def wake() -> None:
    """Within the transaction of the letters: the queue's row becomes visible with them, at no extra
    commit, and a crash after it leaves no gap."""
    async_task("casework.tasks.relay")


def relay(*, within: float = math.inf) -> int:
    """Send what is due, in batches, until nothing is. Safe to run twice at once. Returns how many
    were sent.

    After `within` seconds no other letter is begun: those that were claimed are given back, and
    another run follows, at once when mail goes out, by the schedule when it does not.
    """
    end, sent = time.monotonic() + within, 0
    while batch := claim():
        while batch and time.monotonic() < end:
            sent += deliver(batch.pop(0))
        if batch:
            _give_back(batch)
            if sent:
                wake()
            break
    return sent


def claim() -> list[Message]:
    """Lease a batch of due messages to this process; another process skips them until the lease
    ends. What is claimed has not been tried yet: see `_begin`."""
    free = Q(claimed_at__isnull=True) | Q(claimed_at__lt=now() - LEASE)
    with transaction.atomic():
        due = Message.objects.filter(free, state=Message.State.DUE, next_at__lte=now())
        ids = list(
            due.select_for_update(skip_locked=True)
            .order_by("next_at", "pk")
            .values_list("pk", flat=True)[:BATCH]
        )
        Message.objects.filter(pk__in=ids).update(claimed_at=now())
        batch = list(Message.objects.filter(pk__in=ids).select_related("recipient"))
        _tell_stand_ins(batch)
    return batch


def _tell_stand_ins(batch: Iterable[Message]) -> None:
    """Who stands in for somebody that is away gets their letters too, of what they may see; by its
    key nobody gets one twice."""
    recipients = [message.recipient_id for message in batch]
    away = Membership.objects.in_force().away().filter(user__in=recipients)
    covers: dict[Any, set[User]] = {}
    for row in away.select_related("cover"):
        if row.cover and row.cover.is_active:
            covers.setdefault(row.user_id, set()).add(row.cover)
    _write(
        [
            _copy(message, cover)
            for message in batch
            for cover in covers.get(message.recipient_id, ())
            if _may_see(registry.find(message.case_kind, message.case_id), cover)
        ],
        wakes=False,
    )


def _copy(message: Message, reader: User) -> Message:
    event, _, _ = message.dedup_key.rpartition(":")
    return Message(
        dedup_key=f"{event}:{reader.pk.hex[:12]}",
        letter=message.letter,
        case_kind=message.case_kind,
        case_id=message.case_id,
        recipient=reader,
        created_at=now(),
        next_at=now(),
    )


def _leased(messages: Iterable[Message]) -> QuerySet[Message]:
    """Those of a batch whose lease still runs: nobody else has claimed them since."""
    leases = {message.pk: message.claimed_at for message in messages}
    rows = Message.objects.filter(pk__in=leases, claimed_at__in=set(leases.values()))
    return rows.filter(state=Message.State.DUE)


def _give_back(batch: list[Message]) -> None:
    _leased(batch).update(claimed_at=None)


def _begin(message: Message) -> bool:
    """Count the attempt before it is made: should the process end within it, it has counted. False
    when the lease ran out and the letter is another process's now."""
    message.attempts += 1
    return bool(_leased([message]).update(attempts=message.attempts))


def deliver(message: Message) -> bool:
    """Send one leased message and mark it. A failure waits longer each time, then shows to
    staff."""
    if not message.recipient.is_active:
        return _mark(message, state=Message.State.DROPPED)
    if not _begin(message):
        return False
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
    wake()


def _place(case: Case | None, reader: User) -> str:
    """The case, or My work for somebody who has to act on it or knew it and does not see it: a
    mentor who is asked, one whose match has ended."""
    return case.home() if case and _may_see(case, reader) else "/work/"


def _may_see(case: Case | None, reader: User) -> bool:
    if case is None:
        return False
    cases: Any = type(case)._default_manager.filter(pk=case.pk)
    return bool(cases.visible_to(reader).exists())


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
        headers={"X-Waymark-Key": str(message.pk), "Auto-Submitted": "auto-generated"},
    )
