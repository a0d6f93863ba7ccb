"""The one clock. Everything that asks for the time asks here (`casework.calendar` passes it on)."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from functools import cache
from zoneinfo import ZoneInfo

import holidays
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

LONDON = ZoneInfo("Europe/London")
_set_to: ContextVar[datetime | None] = ContextVar("waymark_clock", default=None)


def now() -> datetime:
    """The present moment in UTC, or the moment that the demo, the generator or a test has set."""
    return _set_to.get() or timezone.now()


def today() -> date:
    """The present day in Europe/London."""
    return now().astimezone(LONDON).date()


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let the clock stand at `moment` (aware) inside the block. Live mode refuses."""
    if settings.WAYMARK_MODE == "live":
        raise ImproperlyConfigured("The clock cannot be set in live mode.")
    if timezone.is_naive(moment):
        raise ValueError("The clock needs a moment with a time zone.")
    token = _set_to.set(moment)
    try:
        yield
    finally:
        _set_to.reset(token)


@cache
def _bank_holidays(year: int) -> frozenset[date]:
    """England's bank holidays, from the `holidays` package."""
    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=year))


def is_bank_holiday(day: date) -> bool:
    return day in _bank_holidays(day.year)
