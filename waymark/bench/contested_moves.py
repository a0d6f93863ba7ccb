"""`contested_moves`: threads race for one referral. One may win; nothing may be lost or doubled."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import Any

from django.db import connection

from accounts.models import User
from casework.models import Event, Message
from casework.workflow import Conflict, move
from referrals.models import Referral

from .move import holds
from .rows import Row
from .setting import Setting

THREADS = 8
ROUNDS, FULL_ROUNDS = 200, 1_000


def run(setting: Setting) -> list[Row]:
    rounds = FULL_ROUNDS if setting.is_full else ROUNDS
    with setting.written(setting.sizes[0]):
        doubled, lost = count(rounds)
        faults = 0 if holds(_last_raced()) else 1
    return [
        _row("contested_moves_double_winners", doubled, rounds),
        _row("contested_moves_lost_updates", lost + faults, rounds),
    ]


def _row(name: str, found: int, rounds: int) -> Row:
    more = {"goal": 0, "floor": 0, "better": "lower", "n": rounds, "rounds": rounds}
    return Row(name, found, f"of_{rounds}", found, **more)  # type: ignore[arg-type]


def count(rounds: int, act: Callable[..., Any] = move) -> tuple[int, int]:
    """Rounds with more than one winner, and rounds after which something that was acknowledged is
    not there. `act` is what each thread calls: a test plants a broken one."""
    doubled = lost = 0
    referral = _one_to_race_for()
    people = list(_coordinators(referral))
    people_now = [people[place % len(people)] for place in range(THREADS)]
    with _contenders() as pool:
        for number in range(rounds):
            name, detail = _PAIR[number % len(_PAIR)]
            before = Referral.objects.get(pk=referral.pk)
            won = _race(
                pool, partial(act, before, name, expect=before.version, **detail), people_now
            )
            doubled += won > 1
            lost += not _holds(before, name, won)
    return doubled, lost


@contextmanager
def _contenders() -> Iterator[ThreadPoolExecutor]:
    """Threads that each keep a connection of their own from round to round."""
    with ThreadPoolExecutor(THREADS) as pool:
        yield pool
        barrier = threading.Barrier(THREADS)

        def leave(place: int) -> None:
            barrier.wait()  # so that each thread takes one
            connection.close()

        list(pool.map(leave, range(THREADS)))


# Two moves that lead to and fro, so that one referral serves for every round.
_PAIR: list[tuple[str, dict[str, Any]]] = [
    ("offer_place", {}),
    ("back_to_waiting", {"why": "The place fell through."}),
]


def _last_raced() -> Referral:
    last = Event.objects.filter(case_kind=Referral.KIND).latest("pk")
    return Referral.objects.get(pk=last.case_id)


def _one_to_race_for() -> Referral:
    waiting = Referral.objects.filter(status=Referral.State.WAITING)
    found = waiting.order_by("pk").first()
    if found is None:
        raise LookupError("The generated database has no referral that waits.")
    return found


def _coordinators(referral: Referral) -> list[User]:
    people = referral.audience("coordinators")
    return sorted(people, key=lambda user: user.email)


def _race(pool: ThreadPoolExecutor, act: Callable[..., Any], people: list[User]) -> int:
    """How many were told that they won."""
    barrier = threading.Barrier(len(people))

    def contend(user: User) -> bool:
        barrier.wait()
        try:
            act(by=user)
        except Conflict:
            return False
        return True

    return sum(pool.map(contend, people))


def _holds(before: Referral, name: str, won: int) -> bool:
    """What the winners were told is what the database says: one Event each, the state, one letter
    each."""
    after = Referral.objects.get(pk=before.pk)
    events = Event.objects.of(after).filter(sequence__gt=before.version)
    letters = Message.objects.filter(case_id=after.pk, letter=f"referral.{name}")
    told = letters.filter(dedup_key__contains=f":{after.version}:").count()
    return (
        after.version == before.version + won
        and events.count() == won
        and after.status != before.status
        and told == won
    )
