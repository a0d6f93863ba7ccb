"""The chain of Events: verified link by link, all of them sealed each night."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection, transaction
from django.db.models import Max

from . import registry
from .calendar import now
from .models import Event, Seal

# No transaction that writes an Event lives as long as this, so none that took an earlier id than an
# Event of this age has still to commit: what is sealed stays as it is.
SETTLED = timedelta(hours=1)


@dataclass(frozen=True)
class Fault:
    """A broken link: which case and event, and what is wrong with it."""

    kind: str
    case_id: str
    sequence: int
    what: str


def verify() -> list[Fault]:
    """Walk every chain in the database; returns what does not hold. Reads as a stream."""
    with _one_moment():
        return [*_verify_links(), *_verify_heads(), *_verify_seals()]


@contextmanager
def _one_moment() -> Iterator[None]:
    """What is read within shows the database as it was at one moment: a move between two reads is
    no fault. Within a transaction that has begun, its own isolation holds."""
    is_first = not connection.in_atomic_block
    with transaction.atomic():
        if is_first:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def _verify_links() -> Iterator[Fault]:
    case: tuple[str, object] | None = None
    head, sequence = "", 0
    for event in Event.objects.order_by("case_kind", "case_id", "sequence").iterator(5000):
        if (event.case_kind, event.case_id) != case:
            case, head, sequence = (event.case_kind, event.case_id), "", 0
        sequence += 1
        for wrong, what in [
            (event.sequence != sequence, "an event is missing before it"),
            (event.previous != head, "it does not follow the event before"),
            (event.hash != event.digest(), "its content is not what was written"),
        ]:
            if wrong:
                yield Fault(event.case_kind, str(event.case_id), event.sequence, what)
        head, sequence = event.hash, event.sequence


def _verify_heads() -> Iterator[Fault]:
    """Each case's own head must be the hash of the last Event: a cut tail shows here."""
    for kind, model in registry.kinds().items():
        last = dict(
            Event.objects.filter(case_kind=kind)
            .order_by("case_id", "-sequence")
            .distinct("case_id")
            .values_list("case_id", "hash")
        )
        for pk, head, version in model._base_manager.values_list("pk", "head", "version").iterator(
            5000
        ):
            if last.get(pk) != head:
                yield Fault(kind, str(pk), version, "the case does not end with its last event")


def _verify_seals() -> Iterator[Fault]:
    seals = list(Seal.objects.order_by("last_event_id", "pk"))
    sums = _sum_up([seal.last_event_id for seal in seals])
    for seal, (events, digest) in zip(seals, sums, strict=True):
        if (events, digest) != (seal.events, seal.hash):
            yield Fault("seal", str(seal.pk), 0, "events before it are not those that were sealed")


@transaction.atomic
def seal() -> int:
    """Seal everything that has settled. Returns how many events the seal covers."""
    settled = Event.objects.filter(at__lte=now() - SETTLED)
    last = settled.aggregate(last=Max("pk"))["last"] or 0
    [(events, digest)] = _sum_up([last])
    Seal.objects.create(last_event_id=last, events=events, hash=digest)
    return events


def _sum_up(ends: list[int]) -> Iterator[tuple[int, str]]:
    """For each of these ids, which ascend: how many Events there are up to it, and the hash over
    theirs. All in one pass."""
    hashes = Event.objects.filter(pk__lte=max(ends, default=0)).order_by("pk")
    rows = hashes.values_list("pk", "hash").iterator(10_000)
    row, total, count = next(rows, None), hashlib.sha256(), 0
    for end in ends:
        while row and row[0] <= end:
            total.update(row[1].encode())
            row, count = next(rows, None), count + 1
        yield count, total.hexdigest()
