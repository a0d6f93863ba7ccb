"""Whoever has read our code cannot undo it: of all tables that could have led to what is shown, by
whatever lots, there are several for each withheld cell."""

from collections import defaultdict
from itertools import product

import pytest

from insight import disclosure
from insight.disclosure import protect_parts, protect_table

MOST = 11  # the largest count tried


class Lots:
    """Draws as it is told, and remembers among how many."""

    def __init__(self, told):
        self.told, self.drawn = told, []

    @property
    def of(self):
        """As a method of a table."""
        return lambda table, places: self.draw(places)

    def draw(self, places):
        number = len(self.drawn)
        choice = self.told[number] if number < len(self.told) else 0
        self.drawn.append((choice, len(places)))
        return places[choice]


def outcomes(protect, table, monkeypatch):
    """All that a table could be shown as."""
    found, waiting = set(), [[]]
    while waiting:
        lots = Lots(waiting.pop())
        monkeypatch.setattr(disclosure._Table, "_drawn", lots.of)
        found.add(protect(table))
        for number in range(len(lots.told), len(lots.drawn)):
            before = [choice for choice, _ in lots.drawn[:number]]
            waiting += [[*before, other] for other in range(1, lots.drawn[number][1])]
    return found


def smallest(protect, table, monkeypatch):
    """As the reference has it: the smallest is always the one that is taken."""

    def drawn(self, places):
        return min(places, key=self.values.__getitem__)

    monkeypatch.setattr(disclosure._Table, "_drawn", drawn)
    return {protect(table)}


def known(shown_as):
    """The cells that can be worked out: what is shown, which cell, and what it must be."""
    sources = defaultdict(list)
    for table, shown in shown_as:
        sources[sum(table), shown].append(table)
    return [
        (shown, at, tables[0][at])
        for (total, shown), tables in sources.items()
        if disclosure.BOARD <= total <= MOST + 3  # beyond, some tables were not tried
        for at, cell in enumerate(shown)
        if cell is None and len({table[at] for table in tables}) == 1
    ]


def parts_shown(way, monkeypatch):
    for parts in product(range(MOST + 1), repeat=3):
        for shown in way(lambda parts: tuple(protect_parts(parts)), parts, monkeypatch):
            yield parts, shown


def test_no_ward_can_be_worked_out_by_who_knows_the_rules(monkeypatch):
    assert known(parts_shown(outcomes, monkeypatch)) == []


def test_the_check_finds_what_taking_the_smallest_gives_away(monkeypatch):
    """The control: of 14, beside a 5, the two withheld ones are 5 and 4."""
    found = known(parts_shown(smallest, monkeypatch))

    assert ((None, 5, None), 2, 4) in found


SHOWN = ((None, None, 13), (7, 21, 28), (None, None, 28), (25, 44, 69))


def tables_like(shown):
    """All tables of three rows with these numbers, if the first and last row are withheld."""
    for first in range(shown[0][2] + 1):
        second = shown[3][0] - shown[1][0] - first
        yield (first, shown[0][2] - first), (7, 21), (second, shown[2][2] - second)


@pytest.mark.parametrize(("way", "possible"), [(smallest, {12}), (outcomes, {*range(9, 13)})])
def test_a_one_of_a_district_is_not_given_away_by_which_other_was_taken(monkeypatch, way, possible):
    """With the smallest taken, only a table with 12 and 1 leads to what is shown here."""

    def protect(rows):
        return tuple(map(tuple, protect_table(rows)))

    tables = [rows for rows in tables_like(SHOWN) if SHOWN in way(protect, rows, monkeypatch)]

    assert possible <= {rows[0][0] for rows in tables}
    assert way is outcomes or {rows[0][0] for rows in tables} == possible
