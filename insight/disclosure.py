"""Disclosure control: what may stand in a table about people, so that nobody in it is recognised.

Rules 1 to 3 of the project's reference `insight` §3: small cells are withheld; so is the split of a
small group that falls wholly into one category; so are more cells until none can be worked out from
the totals. Then what somebody could still work out of each withheld cell is measured, and more is
withheld until all that they learn is a range of at least `t`.

One thing is not as the reference has it. Of the cells that would do for rule 3 it takes the
smallest, and whoever knows that (this code is public) knows that what is withheld is no larger than
what is shown: of 14 in three wards, one of which says 5, the others are 5 and 4. So a smaller cell
is only likelier to be taken, by lots that nobody can draw again without our secret key. The same
table always gives the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.crypto import salted_hmac
from ortools.linear_solver import pywraplp

VERSION = "2"  # of the rules; stands on whatever leaves by them
BOARD = 5  # t: what is below it is withheld from the Board, analysts and programme managers
LEGEND = "c: withheld to protect privacy, because it is below 5 or would give away what is"

Line = tuple[int, ...]  # places of cells; the last is the total of the others
Shown = int | None  # None: withheld


def protect_table(rows: Sequence[Sequence[int]], *, t: int = BOARD) -> list[list[Shown]]:
    """A table of groups (rows) by categories (columns) with a total added to each row and column,
    and None in place of what is withheld."""
    if not rows:
        return []
    wide = [[*row, sum(row)] for row in rows]
    values = [sum(column) for column in zip(*wide, strict=True)]
    whole = [*wide, values]
    width = len(values)
    places = [[row * width + column for column in range(width)] for row in range(len(whole))]
    lines = [tuple(row) for row in places]
    lines += [tuple(column) for column in zip(*places, strict=True)]
    table = _Table([value for row in whole for value in row], lines, t)
    table.withhold_small()
    if width > 2:
        table.withhold_splits(lines[: len(rows)])
    table.withhold_more()
    shown = table.shown()
    return [shown[row * width : (row + 1) * width] for row in range(len(whole))]


def protect_parts(parts: Sequence[int], *, t: int = BOARD) -> list[Shown]:
    """The parts of a total that is published elsewhere, and so cannot be withheld here."""
    total = sum(parts)
    if 0 < total < t:  # withheld elsewhere: which parts it has would tell who they are
        return [None] * len(parts)
    table = _Table([*parts, total], [tuple(range(len(parts) + 1))], t, kept=len(parts))
    table.withhold_small()
    table.withhold_more()
    return table.shown()[:-1]


def interval(
    values: Sequence[int], withheld: set[int], lines: Sequence[Line], place: int
) -> tuple[float, float]:
    """The least and the most that a withheld cell can be, to somebody who sees all the others and
    knows that no count is below zero."""
    solver = pywraplp.Solver.CreateSolver("GLOP")
    unknown = {at: solver.NumVar(0, solver.infinity(), "") for at in sorted(withheld)}
    for line in lines:
        *inner, total = line
        signs = [(at, 1) for at in inner] + [(total, -1)]
        seen = -sum(sign * values[at] for at, sign in signs if at not in withheld)
        rule = solver.Constraint(seen, seen)
        for at, sign in signs:
            if at in withheld:
                rule.SetCoefficient(unknown[at], sign)
    solver.Minimize(unknown[place])
    if solver.Solve() != pywraplp.Solver.OPTIMAL:
        raise ArithmeticError("A table that does not add up is not shown.")
    least = unknown[place].solution_value()
    solver.Maximize(unknown[place])
    is_bounded = solver.Solve() == pywraplp.Solver.OPTIMAL  # a true table is there: it is feasible
    return least, unknown[place].solution_value() if is_bounded else float("inf")


def lot(values: Sequence[int], place: int) -> float:
    """A number from 0 to 1 for a place of a table: the same each time, and known to nobody."""
    drawn = salted_hmac("insight.disclosure", f"{list(values)} {place}", algorithm="sha256")
    return int.from_bytes(drawn.digest()[:8]) / 2**64


@dataclass
class _Table:
    values: list[int]
    lines: list[Line]
    t: int
    kept: int | None = None  # the place of a total that is published elsewhere
    withheld: set[int] = field(default_factory=set)

    def shown(self) -> list[Shown]:
        return [None if at in self.withheld else value for at, value in enumerate(self.values)]

    def withhold_small(self) -> None:
        """Rule 1. Zeros stay."""
        small = {at for at, value in enumerate(self.values) if 0 < value < self.t}
        self.withheld |= small - {self.kept}

    def withhold_splits(self, groups: Sequence[Line]) -> None:
        """Rule 2: of a small group nobody learns that all of it is in one category."""
        for *inner, total in groups:
            is_one = sum(self.values[at] > 0 for at in inner) == 1
            if is_one and self.values[total] < 2 * self.t:
                self.withheld |= set(inner)

    def withhold_more(self) -> None:
        """Rule 3 to its fixed point, then whatever is still known too closely, and again."""
        while self._withhold_second() or self._withhold_around_what_is_known():
            pass

    def _withhold_second(self) -> bool:
        """A line with one withheld cell gives it away: withhold another of it."""
        for line in self.lines:
            if sum(at in self.withheld for at in line) == 1 and self._withhold_one(line):
                return True
        return False

    def _withhold_around_what_is_known(self) -> bool:
        for place in sorted(self.withheld):
            least, most = interval(self.values, self.withheld, self.lines, place)
            if most - least < self.t - 1e-6:
                # In its own lines if they show anything yet, else in whatever line bounds it.
                nearest = sorted(self.lines, key=lambda line: place not in line)
                if any(self._withhold_one(line) for line in nearest):
                    return True
        return False

    def _withhold_one(self, line: Line) -> bool:
        """A cell whose other line has a single withheld cell already, else any, and small ones are
        likelier; then the total; at last a zero."""
        *inner, total = line
        free = [at for at in inner if at not in self.withheld]
        counts = [at for at in free if self.values[at]]
        if counts:
            helping = [at for at in counts if self._helps(at, line)]
            self.withheld.add(self._drawn(helping or counts))
        elif total not in self.withheld and total != self.kept:
            self.withheld.add(total)
        elif free:
            self.withheld.add(self._drawn(free))
        else:
            return False
        return True

    def _helps(self, at: int, line: Line) -> bool:
        crossing = (other for other in self.lines if at in other and other != line)
        return any(sum(each in self.withheld for each in other) == 1 for other in crossing)

    def _drawn(self, places: Sequence[int]) -> int:
        """By lots, in which a cell of twice the size has half the chance of being withheld."""
        return max(places, key=lambda at: lot(self.values, at) ** max(self.values[at], 1))
