"""The rota of those who answer concerns."""

from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime, time, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from accounts import access, policies, roles
from accounts.clock import is_bank_holiday, now, today
from accounts.models import Area, DutyShift, Membership, User

LONGEST = timedelta(days=366)


@transaction.atomic
def plan_duty(
    *,
    by: User | None,
    user: User,
    area: Area,
    weekdays: Collection[int],
    starts: time,
    ends: time,
    first: date,
    last: date,
    position: str = DutyShift.Position.LEAD,
    is_out_of_hours: bool = False,
) -> list[DutyShift]:
    """Write a weekly pattern (Monday is 0, London time) out; gives the shifts that were not there.

    `ends` at or before `starts` is on the next day. Bank holidays of England are left out, except
    of an out-of-hours shift.
    """
    if by is not None and not policies.plans_duty(by, area):
        raise PermissionDenied
    _check(user, first, last)
    if by is not None and first < today():
        raise ValidationError({"first": "The first day has passed."})
    whose = {"user": user, "area": area, "position": position}
    wanted = [
        DutyShift(
            starts_at=_london(day, starts),
            ends_at=_london(day + timedelta(days=ends <= starts), ends),
            is_out_of_hours=is_out_of_hours,
            **whose,
        )
        for day in _days(first, last, weekdays, with_holidays=is_out_of_hours)
    ]
    if not wanted:
        raise ValidationError({"weekdays": "None of these days lies between the two dates."})
    there = set(DutyShift.objects.filter(**whose).values_list("starts_at", flat=True))
    added = [shift for shift in wanted if shift.starts_at not in there]
    DutyShift.objects.bulk_create(added)
    access.record("duty_planned", user=user, by=by.pk if by else "system", shifts=len(added))
    return added


@transaction.atomic
def drop_shift(*, by: User, shift: DutyShift) -> None:
    """Take a shift out that has not begun: who answered on a day that has come stays known."""
    if not policies.plans_duty(by, shift.area):
        raise PermissionDenied
    row = DutyShift.objects.select_for_update(of=("self",)).filter(pk=shift.pk).first()
    if row is None or row.starts_at <= now():
        raise ValidationError("This shift has begun or is gone. It stays as it is.")
    row.delete()
    access.record("duty_dropped", user=row.user, by=by.pk, shift=shift.pk)


def _check(user: User, first: date, last: date) -> None:
    """Locks their role, so that a form sent twice at once finds the shifts of the first."""
    leads = Membership.objects.in_force().as_role(roles.SafeguardingLead).filter(user=user)
    if not leads.order_by("pk").select_for_update(of=("self",)):
        raise ValidationError({"user": f"{user.name} is not a safeguarding lead."})
    # A night shift of the last day that there is would end on none.
    if not first <= last < date.max or last - first > LONGEST:
        raise ValidationError({"last": "Plan at most a year, and end after the start."})


def _days(
    first: date, last: date, weekdays: Collection[int], *, with_holidays: bool
) -> Iterator[date]:
    for step in range((last - first).days + 1):
        day = first + timedelta(days=step)
        if day.weekday() in weekdays and (with_holidays or not is_bank_holiday(day)):
            yield day


def _london(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, timezone.get_default_timezone()).astimezone(UTC)
