"""Which of the table's questions a run asks."""

import random
from collections.abc import Iterable, Sequence
from functools import cache

from tests.access.grammar import METHODS, TWINS, Ask, Row
from tests.access.stage import EVERYBODY
from tests.thorough import THOROUGH


def asks(rows: Sequence[Row], who: str, method: str, *, full: bool = THOROUGH) -> list[Ask]:
    """What is asked on behalf of somebody, by one method.

    A thorough run asks everything that the table says. A plain one asks a sample, the same each time:
    - of every row and method its example;
    - of each URL's answers of one kind (who is let in, may not, does not see it, …) one;
    - where sight itself is tested, all that somebody is let in to (so that the canaries are
      found), of each thing one who is refused, and all that each kind of person has of a page's parts.
    """
    every = every_ask(rows, who, method)
    if full:
        return every
    drawn = _drawn(_Rows(rows), method)
    return [ask for ask in every if _is_always_asked(ask) or _key(ask) in drawn]


def every_ask(rows: Iterable[Row], who: str, method: str) -> list[Ask]:
    return [
        Ask(row, thing, method, who, query)
        for row in rows
        for thing in row.cells.get(method, {})
        for query in ("", *(row.queries if method == "GET" else ()))
    ]


def _is_always_asked(ask: Ask) -> bool:
    let_in = ask.is_wholly_asked and ask.who not in TWINS and 200 in ask.expected
    return ask.is_the_example or let_in


def _key(ask: Ask) -> tuple[object, ...]:
    return (id(ask.row), ask.thing, ask.who, ask.query)


class _Rows:
    """Rows that can be remembered by: the same ones."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self.rows = rows
        self._ids = tuple(map(id, rows))

    def __hash__(self) -> int:
        return hash(self._ids)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Rows) and self._ids == other._ids


@cache
def _drawn(rows: _Rows, method: str) -> set[tuple[object, ...]]:
    """One question of each kind, whoever asks it."""
    assert method in METHODS
    draw = random.Random(f"waymark {method}")
    kinds: dict[tuple[object, ...], list[Ask]] = {}
    for who in EVERYBODY:
        for ask in every_ask(rows.rows, who, method):
            sight = ask.thing if ask.row.whole and not ask.query else ""
            kinds.setdefault((*ask.kind, sight), []).append(ask)
    return {_key(draw.choice(several)) for several in kinds.values()}
