"""How many young people are in no place or not known to be in one, for figures in which nobody is
recognised."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from accounts.clock import LONDON
from referrals import nccis

from .models import EteStatus

_NO_PLACE = {nccis.Group.AVAILABLE, nccis.Group.NOT_AVAILABLE, nccis.Group.NOT_KNOWN}
_NO_SCHOOL = {"140", "150"}  # not registered anywhere, situation not known
OUT = {status.code for status in nccis.ALL if status.group in _NO_PLACE} | _NO_SCHOOL


def out_of_place(people: Collection[UUID], moment: datetime) -> set[UUID]:
    """Those of whom, at that moment, it was recorded that they are in no education, training or
    work, or of whom nothing was known: nothing recorded, or what was recorded had lapsed."""
    day = moment.astimezone(LONDON).date()
    known = EteStatus.objects.filter(young_person__in=people, recorded_at__lt=moment)
    latest = known.order_by("young_person", "-recorded_at", "-pk").distinct("young_person")
    settled = {
        who
        for who, code, lapses_on in latest.values_list("young_person", "code", "lapses_on")
        if code not in OUT and (lapses_on is None or lapses_on >= day)
    }
    return set(people) - settled
