"""How much a run asks.

A plain one (`make test`) asks the access table a sample, walks the state machines a little and
leaves out, and counts, what is marked `thorough`. A thorough one (WAYMARK_THOROUGH=1, which
`make check` sets) asks all of it.
"""

import os
from collections.abc import Iterable, Sequence
from typing import Any

import pytest

THOROUGH = os.environ.get("WAYMARK_THOROUGH") == "1"


def examples(*, plain: int, thorough: int) -> int:
    return thorough if THOROUGH else plain


def some(values: Sequence[Any], *, of: int) -> Sequence[Any]:
    """One in so many of what a test walks through; all in a thorough run."""
    return values if THOROUGH else values[::of]


def mostly(values: Iterable[Any], *, plain: str) -> list[Any]:
    """Parameters of a test, words or functions: those named in `plain` in every run, the others in
    a thorough one."""
    return [
        value
        if getattr(value, "__name__", value) in plain.split()
        else pytest.param(value, marks=pytest.mark.thorough)
        for value in values
    ]
