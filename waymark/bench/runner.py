"""Runs the benchmarks that were asked for; `make bench` ends here."""

import json
from collections.abc import Callable
from pathlib import Path

from . import (
    contested_moves,
    directory,
    directory_page,
    move,
    oruk_page,
    outbox,
    page_weight,
    queue_page,
    suite,
)
from .rows import Row
from .setting import Setting

ALL: dict[str, Callable[[Setting], list[Row]]] = {
    "move": move.run,
    "contested_moves": contested_moves.run,
    "queue_page": queue_page.run,
    "outbox": outbox.run,
    "directory": directory.run,
    "directory_page": directory_page.run,
    "oruk_page": oruk_page.run,
    "page_weight": page_weight.run,
    "suite": suite.run,
}


def run(names: list[str], setting: Setting, say: Callable[[str], None]) -> list[Row]:
    """Each benchmark in turn; its lines are said as soon as they are known."""
    rows: list[Row] = []
    for name in names or list(ALL):
        for row in ALL[name](setting):
            say(row.line())
            rows.append(row)
    return rows


def write(rows: list[Row], path: Path) -> None:
    path.write_text(json.dumps([row.fields() for row in rows], indent=2) + "\n")
