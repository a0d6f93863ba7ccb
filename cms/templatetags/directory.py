"""Which of the unit's numbers a page shows first."""

from collections.abc import Iterable
from typing import Any

from django import template

register = template.Library()

FIRST = ("emergency", "helpline")


@register.filter
def urgent(numbers: Iterable[Any]) -> list[Any]:
    """One number for danger and one to talk: what fits above the fold of a phone."""
    rows = list(numbers)
    firsts = (next((row for row in rows if _kind(row) == kind), None) for kind in FIRST)
    return [row for row in firsts if row] or rows[:2]


@register.filter
def to_ring(numbers: Iterable[Any]) -> list[Any]:
    """Helplines and the emergency number, not the offices for professionals."""
    rows = list(numbers)
    return [row for row in rows if _kind(row) in FIRST] or rows


def _kind(row: Any) -> str:
    return str(row.get("kind", "") if isinstance(row, dict) else getattr(row, "kind", ""))
