"""Services that stand in the directory twice: found by what they share, decided by an editor.

A merge closes one of the two: its address leads to the other, readers of the feed are told, and it
can be taken back. Drafts are compared too, so that nobody publishes what stands here already.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from rapidfuzz import fuzz
from wagtail import log_actions

from accounts.clock import now
from accounts.models import User

from .models import Duplicate, Service
from .plain import fold
from .values import latest

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
    """All that are not closed, drafts too: what an import has brought is one at first."""
    rows = Service.objects.exclude(status=Service.Status.CLOSED)
    return rows.select_related("provider").with_places().iterator(500)


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
    """Keep one of the two and close the other. False if that was decided already, or cannot be."""
    row = Duplicate.objects.select_for_update(of=["self"]).get(pk=pair.pk)
    if row.state != S.OPEN or kept.pk not in (row.one_id, row.other_id):
        return False
    kept, gone = (row.one, row.other) if kept.pk == row.one_id else (row.other, row.one)
    if not _may_stand_for(kept, gone):
        return False
    row.was_status, row.state, row.kept = latest(gone).status, S.MERGED, kept
    row.decided_at, row.decided_by = now(), by
    row.save()
    _set(gone, Service.Status.CLOSED, kept, by)
    _tell("directory.merge", kept, gone, by)
    return True


def _may_stand_for(kept: Service, gone: Service) -> bool:
    """Whether everybody who reads the one can read the other, and neither is at its end. What
    others have been merged into stays where they lead."""
    is_at_end = Service.Status.CLOSED in (kept.status, gone.status)
    if is_at_end or gone.merged.exists():
        return False
    return kept.is_public if gone.is_public else kept.live or not gone.live


@transaction.atomic
def take_back(pair: Duplicate, *, by: User) -> bool:
    """Both as they were before the merge, of which its row still tells. False if there is none."""
    row = Duplicate.objects.select_for_update(of=["self"]).get(pk=pair.pk)
    if row.state != S.MERGED:
        return False
    kept, gone = row.one, row.other
    if kept.merged_into_id == gone.pk:
        kept, gone = gone, kept
    row.state, row.taken_back_at, row.taken_back_by = S.BACK, now(), by
    row.save()
    _set(gone, Service.Status(row.was_status), None, by)
    _tell("directory.take_back_merge", kept, gone, by)
    return True


def _set(service: Service, status: Service.Status, into: Service | None, by: User) -> None:
    """What is published changes as it is: a draft that nobody has approved does not come along.
    What is a draft stays one."""
    Service.objects.filter(pk=service.pk).update(merged_into=into)
    row = Service.objects.get(pk=service.pk)
    row.status = status
    if row.live:
        row.save_revision(user=by, clean=False).publish(user=by)
        return
    if sent := row.current_workflow_state:
        sent.cancel(user=by)
    draft = latest(row)
    draft.status = status
    row.save(update_fields=["status"])
    draft.save_revision(user=by, clean=False)


def _tell(action: str, kept: Service, gone: Service, by: User) -> None:
    """In the history that Wagtail keeps of each."""
    for row, other in ((kept, gone), (gone, kept)):
        data = {"other": other.title, "is_kept": row == kept}
        log_actions.log(row, action, user=by, data=data)
