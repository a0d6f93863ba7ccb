"""The time that a figure is about. It ends with a quarter, so that no two pages a day apart differ
by one young person."""

from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from casework.calendar import LONDON, today


class Period(NamedTuple):
    since: datetime
    until: datetime  # the first moment after it

    @property
    def last_day(self) -> date:
        return (self.until - datetime.resolution).astimezone(LONDON).date()


def last_four_quarters() -> Period:
    """The year that ended with the last whole quarter."""
    day = today()
    until = day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
    return Period(_midnight(until.replace(year=until.year - 1)), _midnight(until))


def last_ninety_days() -> Period:
    """The 90 days that ended with the last whole month."""
    until = today().replace(day=1)
    return Period(_midnight(until - timedelta(days=90)), _midnight(until))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), LONDON)
