"""Parameters of the feed. One that is unknown or cannot be read is refused, never ignored."""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, time
from uuid import UUID

from django.http import QueryDict
from django.utils.dateparse import parse_datetime

from cms.directory.models import Schedule

from .answers import Refused

MOST_PER_PAGE = 100
PER_PAGE = 20
DAYS = {day.value: day.value for day in Schedule.Day} | {
    day.label.upper(): day.value for day in Schedule.Day
}


class Params:
    """The parameters of one request, each read as what it must be."""

    def __init__(self, query: QueryDict, known: Iterable[str]) -> None:
        known = sorted(known)
        for name in query:
            if name not in known:
                raise Refused(
                    f"There is no parameter {name[:40]!r} here. There are: {', '.join(known)}.",
                    parameter=name[:40],
                )
            if len(query.getlist(name)) > 1:
                raise Refused(f"Give {name} once.", parameter=name)
        self.query = query

    def text(self, name: str, limit: int = 200) -> str:
        value = self.query.get(name, "").replace("\0", "").strip()
        if len(value) > limit:
            raise Refused(f"{name} is longer than {limit} characters.", parameter=name)
        return value

    def whole(self, name: str, least: int, most: int) -> int | None:
        value = self.text(name, 20)
        if not value:
            return None
        if not re.fullmatch(r"\d{1,9}", value, re.ASCII) or not least <= int(value) <= most:
            raise Refused(f"{name} is a whole number from {least} to {most}.", parameter=name)
        return int(value)

    def uuid(self, name: str) -> UUID | None:
        value = self.text(name, 60)
        try:
            return UUID(value) if value else None
        except ValueError:
            raise Refused(f"{name} is a UUID.", parameter=name) from None

    def flag(self, name: str) -> bool:
        value = self.text(name, 10).lower()
        if value not in ("", "true", "false"):
            raise Refused(f"{name} is true or false.", parameter=name)
        return value == "true"

    def day(self, name: str) -> str:
        value = self.text(name, 20).upper()
        if value and value not in DAYS:
            raise Refused(f"{name} is a day such as MO or Monday.", parameter=name)
        return DAYS.get(value, "")

    def clock(self, name: str) -> time | None:
        value = self.text(name, 10)
        if not value:
            return None
        found = re.fullmatch(r"([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?Z?", value, re.ASCII)
        if not found:
            raise Refused(f"{name} is a time such as 09:30.", parameter=name)
        hour, minute, second = (int(part or 0) for part in found.groups())
        return time(hour, minute, second)

    def moment(self, name: str) -> datetime | None:
        """A date-time; without an offset it is UTC; a bare date is its first moment."""
        value = self.text(name, 40).replace(" ", "+")  # a plus that was not escaped
        if not value:
            return None
        if re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII):
            value += "T00:00:00Z"
        try:
            moment = parse_datetime(value)
        except ValueError:
            moment = None
        if moment is None:
            raise Refused(f"{name} is a date-time such as 2026-08-21T00:00:00Z.", parameter=name)
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)

    def page(self, most: int = MOST_PER_PAGE, usual: int = PER_PAGE) -> tuple[int, int]:
        """Page number and size; a size above the cap becomes the cap."""
        size = self.whole("per_page", 1, 999_999_999) or usual
        return self.whole("page", 1, 999_999_999) or 1, min(size, most)

    def form(self, allowed: Sequence[str]) -> str:
        """In which form of those that there are; JSON unless another is asked for."""
        value = self.text("format", 20).lower() or "json"
        if value not in allowed:
            raise Refused(f"format is one of {', '.join(allowed)}.", parameter="format")
        return value
