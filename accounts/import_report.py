"""What an import did: counts, the rejected rows with their remedies, progress on the way."""

import csv
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Protocol, Self

from django.conf import settings

from .clock import now

PRINTED = 20  # faults shown at the terminal; the report file has them all


class Output(Protocol):
    """Django's wrapper of stdout or stderr, or a plain stream."""

    def write(self, text: str) -> Any: ...


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a cell (column empty: with the row), and the remedy, as sentences."""

    column: str
    what: str
    remedy: str


def shown(value: str, limit: int = 40) -> str:
    """A value from a file as a person may safely see it: short, no control characters."""
    clean = "".join(letter if letter.isprintable() else "·" for letter in value[:limit])
    return f"“{clean}…”" if len(value) > limit else f"“{clean}”"


class Report:
    """Counts of one import. Rejected rows go to a CSV file, the first ones also to the terminal."""

    def __init__(self, name: str, *, dry_run: bool, out: Output, err: Output) -> None:
        self.name, self.dry_run = name, dry_run
        self.added = self.changed = self.unchanged = self.rejected = self.read = 0
        self.skipped: Counter[str] = Counter()
        self.file: Path | None = None
        self._out, self._err = out, err
        self._stream: IO[str] | None = None
        self._faults = 0
        self._started = self._told = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        if self._stream:
            self._stream.close()

    def reject(self, line: int, faults: Sequence[Fault]) -> None:
        """A row that is not taken, with everything that is wrong with it."""
        self.rejected += 1
        for fault in faults:
            self._faults += 1
            self._write([line, fault.column, fault.what, fault.remedy])
            if self._faults <= PRINTED:
                column = f", {fault.column}" if fault.column else ""
                self._err.write(f"line {line}{column}: {fault.what} {fault.remedy}")
            elif self._faults == PRINTED + 1:
                self._err.write(f"… further faults are only in {self.file}")

    def skip(self, why: str) -> None:
        """A row that is left out on purpose; `why` ends the sentence "3 rows were left out: …"."""
        self.skipped[why] += 1

    def note(self, text: str) -> None:
        if text:
            self._err.write(text)

    def tick(self, part: float) -> None:
        """One more row read, `part` (0 to 1) of the file done; tells so every second."""
        self.read += 1
        if self.read % 64 == 0 and time.monotonic() - self._told >= 1:
            self._told = time.monotonic()
            self._err.write(f"{self.read:,} rows read, {min(part, 1):.0%} of the file")

    def summary(self) -> None:
        would = " (a dry run: nothing was written)" if self.dry_run else ""
        seconds = time.monotonic() - self._started
        self._out.write(
            f"{self.read:,} rows in {seconds:.1f} s{would}: {self.added:,} added, "
            f"{self.changed:,} changed, {self.unchanged:,} unchanged, {self.rejected:,} rejected."
        )
        for why, count in self.skipped.most_common():
            self._out.write(f"{count:,} left out: {why}.")
        if self.file:
            self._out.write(f"Every rejected row is in {self.file}.")

    def _write(self, cells: list[str | int]) -> None:
        if self._stream is None:
            folder = settings.VAR / "imports"
            folder.mkdir(parents=True, exist_ok=True)
            self.file = folder / f"{self.name}-{now():%Y%m%dT%H%M%S%f}.csv"
            self._stream = self.file.open("x", encoding="utf-8-sig", newline="")
            csv.writer(self._stream).writerow(["line", "column", "what is wrong", "what to do"])
        csv.writer(self._stream).writerow(cells)
