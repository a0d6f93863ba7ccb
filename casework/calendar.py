"""Time as casework counts it: working days of England, school days, five in the afternoon."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta

from accounts.clock import LONDON, at, is_bank_holiday, now, today

__all__ = [
    "LONDON",
    "at",
    "close_of",
    "is_working_day",
    "london",
    "now",
    "today",
    "working_days_after",
]

CLOSE_OF_DAY = time(17, 0)
Terms = Sequence[tuple[date, date]]


def is_working_day(day: date) -> bool:
    return day.weekday() < 5 and not is_bank_holiday(day)


def counts(day: date, terms: Terms = ()) -> bool:
    """Whether it is a working day; and one in term where `terms` are given, the school terms (first
    and last day, both in) that a school must act in.

    Before the first known term and after the last every working day counts, so that missing data
    can move a date by a holiday at most, never for ever.
    """
    known = [each for term in terms for each in term]
    is_known = bool(known) and min(known) <= day <= max(known)
    in_term = any(first <= day <= last for first, last in terms)
    return is_working_day(day) and (in_term or not is_known)


def london(moment: datetime) -> datetime:
    return moment.astimezone(LONDON)


def close_of(day: date) -> datetime:
    """Five in the afternoon of that day in London, as UTC."""
    return datetime.combine(day, CLOSE_OF_DAY, LONDON).astimezone(UTC)


def _days_after(day: date) -> Iterator[date]:
    while True:
        day += timedelta(days=1)
        yield day


def working_days_after(moment: datetime, count: int, *, terms: Terms = ()) -> datetime:
    """The close of the `count`-th day that `counts` after the day of `moment`; for 0 that of the
    same day, or of the next working day when the day is over or is none."""
    if count == 0:
        same = close_of(london(moment).date())
        if moment < same and is_working_day(london(moment).date()):
            return same
    left = max(count, 1)
    for day in _days_after(london(moment).date()):
        left -= counts(day, terms)
        if left <= 0:
            return close_of(day)
    raise AssertionError("the calendar has no end")


def working_days_between(start: datetime, end: datetime) -> int:
    """How many working days lie after the day of `start`, up to and with the day of `end`."""
    first, last = london(start).date(), london(end).date()
    span = (last - first).days
    return sum(is_working_day(first + timedelta(days=step)) for step in range(1, span + 1))
