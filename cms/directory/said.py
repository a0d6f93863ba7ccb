"""What a value in a feed says, whatever it is made of; never raises on data."""

import math
import re
from datetime import date, time
from typing import Any

from django.utils.dateparse import parse_date, parse_time

from .plain import fold, one_line

PLACEHOLDERS = {"", "n/a", "na", "none", "null", "-", "tbc", "tba", "unknown", "not applicable"}


def text(value: Any) -> str:
    """What a field says; placeholders and anything that is not text say nothing."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str) or fold(value).strip(" .") in PLACEHOLDERS:
        return ""
    return value


def dicts(value: Any) -> list[dict[str, Any]]:
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def folded(*said: Any) -> list[str]:
    """What is said of one thing, folded."""
    return [fold(one_line(text(part))) for part in said if text(part)]


def amount(value: Any) -> float | None:
    try:
        number = float(value) if not isinstance(value, bool) else math.nan
    except (TypeError, ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def day(value: Any) -> str | None:
    try:
        found: date | None = parse_date(text(value)[:10])
    except ValueError:
        return None
    return found.isoformat() if found else None


def clock(value: Any) -> str | None:
    try:
        found: time | None = parse_time(re.sub(r"(Z|[+-]\d\d:\d\d)$", "", text(value)))
    except ValueError:
        return None
    return found.isoformat() if found else None
