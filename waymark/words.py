"""Dates, times and amounts as people say them. Each function is a template filter of `design`.

All take a value that may be missing and then give "". Days are days in Europe/London, and the
present is the clock's, which the demo and tests may set.
"""

import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from accounts import clock as clocks

Moment = date | datetime | None


def _date(value: Moment) -> date | None:
    if isinstance(value, datetime):
        return value.astimezone(clocks.LONDON).date() if value.tzinfo else value.date()
    return value if isinstance(value, date) else None


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def day(value: Moment) -> str:
    """Tuesday 4 June; with the year when it is not this one."""
    that = _date(value)
    if that is None:
        return ""
    year = "" if that.year == clocks.today().year else f" {that.year}"
    return f"{that:%A} {that.day} {that:%B}{year}"


def clock(value: datetime | time | None) -> str:
    """2:30pm, 9am, midday, midnight."""
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    if not isinstance(value, datetime | time):
        return ""
    if value.minute == 0 and value.hour in (0, 12):
        return "midday" if value.hour else "midnight"
    minutes_past = f":{value.minute:02}" if value.minute else ""
    return f"{value.hour % 12 or 12}{minutes_past}{'pm' if value.hour >= 12 else 'am'}"


def day_clock(value: datetime | None) -> str:
    """Tuesday 4 June, 2:30pm."""
    return f"{day(value)}, {clock(value)}" if isinstance(value, datetime) else ""


def due_and_tone(value: Moment, present: datetime | None = None) -> tuple[str, str]:
    """What `due` says, and the tone of the sign that shows it: late, soon (today and tomorrow) or
    none. A long list looks at the clock once and gives the `present`."""
    that = _date(value)
    if that is None:
        return "", ""
    present = present or clocks.now()
    days = (that - present.astimezone(clocks.LONDON).date()).days
    if days == 0 and isinstance(value, datetime):
        return _due_today(value - present), "late" if value < present else "soon"
    if days < 0:
        return f"{_months(-days) or _count(-days, 'day')} late", "late"
    if days <= 1:
        return "due tomorrow" if days else "due today", "soon"
    return f"due {that:%A}" if days < 7 else f"due {day(that)}", ""


def due(value: Moment) -> str:
    """due today, due tomorrow, due Friday, due Tuesday 4 June; 25 minutes late, 2 days late,
    3 months late."""
    return due_and_tone(value)[0]


def _due_today(ahead: timedelta) -> str:
    left = ahead / timedelta(minutes=1)
    if left >= 120:
        return "due today"
    if left >= 0:
        return f"due in {minutes(max(int(left), 1))}"
    if left > -60:
        return f"{_count(max(int(-left), 1), 'minute')} late"
    return f"{_count(int(-left) // 60, 'hour')} late"


def ago(value: Moment) -> str:
    """today, yesterday, 5 days ago, 3 weeks ago, 4 months ago, over a year ago."""
    that = _date(value)
    if that is None:
        return ""
    days = (clocks.today() - that).days
    if days < 2:
        return "yesterday" if days == 1 else "today"
    if days < 14:
        return f"{days} days ago"
    return f"{_months(days) or f'{days // 7} weeks'} ago"


def _months(days: int) -> str:
    """What is two months or longer, in months or years; nothing for less."""
    if days < 61:
        return ""
    if days < 365:
        return f"{days // 30} months"
    return "over a year" if days < 730 else f"over {days // 365} years"


def minutes(value: int | timedelta | None) -> str:
    """A length of time, given in minutes: 1 hour 35 minutes."""
    if isinstance(value, timedelta):
        value = value // timedelta(minutes=1)
    if not isinstance(value, int):
        return ""
    hours, rest = divmod(value, 60)
    parts = [_count(hours, "hour")] if hours else []
    if rest or not hours:
        parts.append(_count(rest, "minute"))
    return " ".join(parts)


def capped(value: Any, most: int = 1000) -> str:
    """A count that was stopped at `most` reads 1,000+."""
    if not isinstance(value, int):
        return ""
    return f"{most:,}+" if value > most else f"{value:,}"


def money(pence: int | None) -> str:
    """Whole pence as pounds: £1,250 or £12.50."""
    if not isinstance(pence, int):
        return ""
    sign = "-" if pence < 0 else ""
    pounds, rest = divmod(abs(pence), 100)
    return f"{sign}£{pounds:,}.{rest:02}" if rest else f"{sign}£{pounds:,}"


def and_list(values: Iterable[Any] | None) -> str:
    """Ada, Ben and Cal."""
    words = [str(value) for value in values or ()]
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def tel(value: str | None) -> str:
    """A number as `href="tel:…"` wants it: digits and a leading plus."""
    return re.sub(r"(?!^\+)\D", "", (value or "").strip())


def by_day(entries: Iterable[Any]) -> list[tuple[date | None, list[Any]]]:
    """Entries with an `at` in runs of one day, in the order in which they come."""
    days: list[tuple[date | None, list[Any]]] = []
    for entry in entries:
        moment = entry["at"] if isinstance(entry, dict) else entry.at
        that = _date(moment)
        if not days or days[-1][0] != that:
            days.append((that, []))
        days[-1][1].append(entry)
    return days
