"""`contested_moves`: threads race for one referral. One may win; nothing may be lost or doubled."""

import threading
from collections.abc import Callable
from typing import Any

from django.db import connection

from accounts.models import User
from casework import chain
from casework.models import Event, Message
from casework.workflow import Conflict, move
from referrals.models import Referral

from .rows import Row
from .setting import Setting

THREADS = 8
ROUNDS, FULL_ROUNDS = 200, 1_000


def run(setting: Setting) -> list[Row]:
    rounds = FULL_ROUNDS if setting.is_full else ROUNDS
    with setting.written(setting.sizes[0]):
        doubled, lost = count(rounds)
        faults = sum(1 for _ in chain.verify())
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
    for number in range(rounds):
        name, detail = _PAIR[number % len(_PAIR)]
        before = Referral.objects.get(pk=referral.pk)
        people_now = [people[place % len(people)] for place in range(THREADS)]
        won = _race(before, name, people_now, detail, act)
        doubled += won > 1
        lost += not _holds(before, name, won)
    return doubled, lost


# Two moves that lead to and fro, so that one referral serves for every round.
_PAIR: list[tuple[str, dict[str, Any]]] = [
    ("offer_place", {}),
    ("back_to_waiting", {"why": "The place fell through."}),
]


def _one_to_race_for() -> Referral:
    waiting = Referral.objects.filter(status=Referral.State.WAITING)
    found = waiting.order_by("pk").first()
    if found is None:
        raise LookupError("The generated database has no referral that waits.")
    return found


def _coordinators(referral: Referral) -> list[User]:
    people = referral.audience("coordinators")
    return sorted(people, key=lambda user: user.email)


def _race(
    before: Referral, name: str, people: list[User], detail: dict[str, Any], act: Callable[..., Any]
) -> int:
    """How many were told that they won."""
    barrier, won, broken = threading.Barrier(len(people)), [], []

    def contend(user: User) -> None:
        try:
            barrier.wait()
            won.append(act(before, name, by=user, expect=before.version, **detail))
        except Conflict:
            pass
        except Exception as error:  # of a thread: it would end unseen
            broken.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=contend, args=[user]) for user in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if broken:
        raise broken[0]
    return len(won)


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
