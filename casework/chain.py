"""The chain of Events: verified link by link, its heads sealed each night."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max

from . import registry
from .models import Event, Seal


@dataclass(frozen=True)
class Fault:
    """A broken link: which case and event, and what is wrong with it."""

    kind: str
    case_id: str
    sequence: int
    what: str


def verify() -> Iterator[Fault]:
    """Walk every chain in the database; yields what does not hold. Reads as a stream."""
    yield from _verify_links()
    yield from _verify_heads()
    yield from _verify_seals()


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
    for seal in Seal.objects.all():
        events, digest = _sum_up(seal.last_event_id)
        if (events, digest) != (seal.events, seal.hash):
            yield Fault("seal", str(seal.pk), 0, "events before it are not those that were sealed")


@transaction.atomic
def seal() -> int:
    """Seal everything written so far. Returns how many events the seal covers."""
    last = Event.objects.aggregate(last=Max("pk"))["last"] or 0
    events, digest = _sum_up(last)
    Seal.objects.create(last_event_id=last, events=events, hash=digest)
    return events


def _sum_up(last_event_id: int) -> tuple[int, str]:
    hashes = (
        Event.objects.filter(pk__lte=last_event_id).order_by("pk").values_list("hash", flat=True)
    )
    total, count = hashlib.sha256(), 0
    for value in hashes.iterator(10_000):
        total.update(value.encode())
        count += 1
    return count, total.hexdigest()
