"""What a benchmark reports, as a line and as JSON."""

from dataclasses import asdict, dataclass
from typing import Any, Literal

from .measuring import Measured


@dataclass(frozen=True)
class Row:
    """`ratio` is what goal and floor are about; `growth` is the ratio of our figures at the larger
    and the smaller size. `is_void`: the limit moved too much to say anything."""

    name: str
    value: float
    unit: str
    ratio: float
    goal: float
    floor: float
    better: Literal["lower", "higher"]
    limit: float | None = None
    growth: float | None = None
    n: int = 0
    rounds: int = 0
    spread: float | None = None
    is_void: bool = False
    remark: str = ""

    @property
    def verdict(self) -> str:
        if self.is_void:
            return "void"
        met = self.ratio <= self.goal if self.better == "lower" else self.ratio >= self.goal
        return "ok" if met else "short"

    def line(self) -> str:
        figures = f"{self.value:.4g} {self.unit} {self.ratio:.3g} {self.goal:g} {self.verdict}"
        return f"{self.name} {figures}" + (f"  # {self.remark}" if self.remark else "")

    def fields(self) -> dict[str, Any]:
        return asdict(self) | {"verdict": self.verdict}


def of(name: str, measured: Measured, *, unit: str, scale: float = 1.0, **more: Any) -> Row:
    """A row of two sides that were measured in turn; `scale` brings seconds to the unit."""
    return Row(
        name,
        measured.ours * scale,
        unit,
        measured.ratio,
        limit=measured.limit * scale,
        rounds=measured.rounds,
        spread=measured.spread,
        is_void=measured.is_void,
        **more,
    )
