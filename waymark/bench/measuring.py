"""How a figure comes about: A and B in turn after a warm-up, the median, its spread, and whether
the limit itself stood still meanwhile."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median, quantiles

ROUNDS = 7
MOVED = 0.2  # of the limit's median: more between its quartiles, and the run tells nothing
TRIES = 3


@dataclass(frozen=True)
class Measured:
    """Both sides' medians in the unit of what was measured, and the median of the rounds' ratios.

    `spread` is the distance of the ratios' quartiles over their median, `moved` that of the limit.
    """

    ours: float
    limit: float
    ratio: float
    spread: float
    moved: float
    rounds: int

    @property
    def is_void(self) -> bool:
        return self.moved > MOVED


def seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def alternate(
    ours: Callable[[], float], limit: Callable[[], float], *, rounds: int = ROUNDS
) -> Measured:
    """Run both in turn and compare; tried again, up to three times, while the limit moved.

    Both return their figure (seconds, or requests a second). The first round warms up.
    """
    for _ in range(TRIES):
        measured = _once(ours, limit, rounds)
        if not measured.is_void:
            break
    return measured


def _once(ours: Callable[[], float], limit: Callable[[], float], rounds: int) -> Measured:
    pairs = [(ours(), limit()) for _ in range(rounds + 1)][1:]
    ratios = [mine / theirs for mine, theirs in pairs]
    return Measured(
        ours=median(mine for mine, _ in pairs),
        limit=median(theirs for _, theirs in pairs),
        ratio=median(ratios),
        spread=spread(ratios),
        moved=spread([theirs for _, theirs in pairs]),
        rounds=rounds,
    )


def spread(values: list[float]) -> float:
    low, _, high = quantiles(values, n=4)
    return (high - low) / median(values)
