"""Services that stand in the directory twice: found by what they share, decided by an editor.

A merge closes one of the two: its address leads to the other, readers of the feed are told, and it
can be taken back.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from rapidfuzz import fuzz

from accounts.clock import now
from accounts.models import User

from .models import Duplicate, Service
from .plain import fold

S = Duplicate.State
LARGEST = 50  # services that share a key; more of them share it for another reason
LONG = 4  # letters of a word that near names have to share
NEAR = 92  # of 100: names that are nearly the same
LIKE = 80  # names that are alike, where a register's number and a postcode are the same
Pair = tuple[UUID, UUID]


def find() -> int:
    """Keep the pairs that nobody has looked at yet. Counts the new ones."""
    reasons: dict[Pair, list[str]] = defaultdict(list)
    services = list(_services())
    for why, group in _groups(services):
        for one, other in combinations(sorted(group, key=lambda each: each.pk), 2):
            if why not in reasons[one.pk, other.pk] and _is_pair(why, one, other):
                reasons[one.pk, other.pk].append(why)
    known = set(Duplicate.objects.values_list("one", "other"))
    rows = [
        Duplicate(one_id=one, other_id=other, reasons=why)
        for (one, other), why in reasons.items()
        if why and (one, other) not in known
    ]
    Duplicate.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)
    return len(rows)


def waiting() -> QuerySet[Duplicate]:
    """The pairs to decide; one of which a service has been closed meanwhile is decided."""
    closed = Q(one__status=Service.Status.CLOSED) | Q(other__status=Service.Status.CLOSED)
    return Duplicate.objects.filter(state=S.OPEN).exclude(closed)


def _services() -> Iterator[Service]:
    return Service.objects.published().select_related("provider").with_places().iterator(500)


NAME_THERE = "The same name at the same postcode"
NAME_PHONE = "The same name and phone number"
NUMBER_THERE = "The same registered number and postcode, and names that are alike"
NEAR_NAME = "Nearly the same name, from the same provider"


def _groups(services: list[Service]) -> Iterator[tuple[str, list[Service]]]:
    """Those that share a key, so that not everything is compared with everything."""
    found: dict[tuple[str, ...], list[Service]] = defaultdict(list)
    for service in services:
        for key in _keys(service):
            found[key].append(service)
    for (why, *_), group in found.items():
        if 1 < len(group) <= LARGEST:
            yield why, group


def _keys(service: Service) -> set[tuple[str, ...]]:
    name, phone = " ".join(fold(service.title).split()), re.sub(r"\D", "", service.phone)
    postcodes = {at.location.postcode for at in service.service_at_locations.all()} - {""}
    numbers = {service.provider.charity_number, service.provider.company_number} - {""}
    words = [word for word in name.split() if len(word) >= LONG] or [name]
    keys: set[tuple[str, ...]] = {(NEAR_NAME, str(service.provider_id), word) for word in words}
    keys |= {(NAME_THERE, name, postcode) for postcode in postcodes}
    keys |= {(NAME_PHONE, name, phone)} if phone else set()
    keys |= {(NUMBER_THERE, number, there) for number in numbers for there in postcodes}
    return keys


def _is_pair(why: str, one: Service, other: Service) -> bool:
    least = {NEAR_NAME: NEAR, NUMBER_THERE: LIKE}.get(why, 0)
    return fuzz.token_sort_ratio(fold(one.title), fold(other.title)) >= least


def part(pair: Duplicate, *, by: User) -> bool:
    """They are not the same, and nobody is asked again. False if that was decided already."""
    return bool(
        Duplicate.objects.filter(pk=pair.pk, state=S.OPEN).update(
            state=S.DIFFERENT, decided_at=now(), decided_by=by
        )
    )


@transaction.atomic
def merge(pair: Duplicate, kept: Service, *, by: User) -> bool:
    """Keep one of the two and close the other. False if that was decided already."""
    row = Duplicate.objects.select_for_update(of=["self"]).get(pk=pair.pk)
    if row.state != S.OPEN or kept.pk not in (row.one_id, row.other_id):
        return False
    gone = row.other if kept.pk == row.one_id else row.one
    if not (gone.live and kept.is_public) or gone.merged.exists():
        return False  # what others have been merged into stays where they lead
    row.was_status, row.state, row.decided_at, row.decided_by = gone.status, S.MERGED, now(), by
    row.save()
    _set(gone, Service.Status.CLOSED, kept, by)
    return True


@transaction.atomic
def take_back(pair: Duplicate, *, by: User) -> bool:
    """Both as they were before the merge. False if there is none."""
    row = Duplicate.objects.select_for_update(of=["self"]).get(pk=pair.pk)
    if row.state != S.MERGED:
        return False
    gone = row.one if row.one.merged_into_id == row.other_id else row.other
    was = Service.Status(row.was_status)
    row.was_status, row.state, row.decided_at, row.decided_by = "", S.DIFFERENT, now(), by
    row.save()
    _set(gone, was, None, by)
    return True


def _set(service: Service, status: Service.Status, into: Service | None, by: User) -> None:
    """From what is published: a draft that nobody has approved does not come along."""
    Service.objects.filter(pk=service.pk).update(merged_into=into)
    live = Service.objects.get(pk=service.pk)
    live.status = status
    live.save_revision(user=by, clean=False).publish(user=by)
