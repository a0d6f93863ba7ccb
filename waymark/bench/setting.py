"""What the benchmarks run on: generated databases, and clones of them where rows are written."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from waymark import generate
from waymark.generate import databases


@dataclass(frozen=True)
class Setting:
    """`is_full`: the largest sizes. `say` gets lines of progress, apart from the results."""

    is_full: bool
    say: Callable[[str], None]

    @property
    def sizes(self) -> tuple[int, int]:
        """The smaller and the larger number of referrals."""
        return (10_000, 1_000_000) if self.is_full else (10_000, 100_000)

    def generated(self, referrals: int) -> str:
        """The name of the database with so many referrals, made if need be."""
        return generate.ensure(referrals, say=self.say)

    def directory(self, services: int) -> str:
        """The name of the database with so many services, made if need be."""
        return generate.ensure_services(services, say=self.say)

    @contextmanager
    def written(self, referrals: int) -> Iterator[str]:
        """A clone that may be written to, in use inside the block."""
        name = f"waymark_bench_own_{referrals}"
        databases.clone(self.generated(referrals), name)
        try:
            with databases.using(name):
                yield name
        finally:
            databases.drop(name)
