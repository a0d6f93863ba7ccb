"""What an import changes, in words: for the page of its run and for the terminal."""

from typing import Any

from .holding import in_words, label
from .plain import cut, one_line

MOST = 20  # records that a run names
LONGEST = 200  # of one value
Moved = dict[str, tuple[Any, Any]]  # by field: what we said before, what we say now


def note(name: str, moved: Moved, more: list[list[str]]) -> dict[str, Any]:
    """One record that changes. `more`: what is no field of it, as label, before and after."""
    fields = [
        [label(field), *(cut(one_line(in_words(field, value)), LONGEST) for value in values)]
        for field, values in moved.items()
    ]
    return {"name": cut(one_line(name), LONGEST), "fields": fields + more}


def line(said: dict[str, Any]) -> str:
    """For the terminal."""
    fields = "; ".join(f"{name}: {before} → {after}" for name, before, after in said["fields"])
    return f"{said['name']}: {fields}"
