"""The rota of those who answer concerns."""

from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta

import holidays
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from accounts import access, policies, roles
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
    """Write a weekly pattern (Monday is 0, London time) out as shifts; those there are left alone.

    `ends` at or before `starts` is on the next day. Bank holidays of England are left out, except
    of an out-of-hours shift.
    """
    if by is not None and not policies.plans_duty(by, area):
        raise PermissionDenied
    if not Membership.objects.in_force().as_role(roles.SafeguardingLead).filter(user=user).exists():
        raise ValidationError({"user": f"{user.name} is not a safeguarding lead."})
    if not first <= last <= first + LONGEST:
        raise ValidationError({"last": "Plan at most a year, and end after the start."})
    closed = holidays.country_holidays("GB", subdiv="ENG", years=range(first.year, last.year + 1))
    shifts = []
    for step in range((last - first).days + 1):
        day = first + timedelta(days=step)
        if day.weekday() not in weekdays or (day in closed and not is_out_of_hours):
            continue
        begin, end = _london(day, starts), _london(day + timedelta(days=ends <= starts), ends)
        shift, _ = DutyShift.objects.get_or_create(
            user=user, area=area, position=position, starts_at=begin,
            defaults={"ends_at": end, "is_out_of_hours": is_out_of_hours},
        )  # fmt: skip
        shifts.append(shift)
    access.record("duty_planned", user=user, by=by.pk if by else "system", shifts=len(shifts))
    return shifts


def _london(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, timezone.get_default_timezone()).astimezone(UTC)
