"""Work that would be left behind when somebody's role ends. Upper packages say what it is."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .models import Membership, User


@dataclass(frozen=True)
class Source:
    """`open_work` gives a line for each open piece of work that the membership holds; `hand_over`
    gives all of it to a person who holds the same role there, and raises ValidationError when they
    do not."""

    open_work: Callable[["Membership"], list[str]]
    hand_over: Callable[..., None]


_sources: list[Source] = []


def register(source: Source) -> None:
    """Called by an upper package as it starts."""
    if source not in _sources:
        _sources.append(source)


def open_work(membership: "Membership") -> list[str]:
    return [line for source in _sources for line in source.open_work(membership)]


def hand_over(*, membership: "Membership", to: "User", by: "User | None") -> None:
    for source in _sources:
        source.hand_over(membership=membership, to=to, by=by)
