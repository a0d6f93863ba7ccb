"""`move`: one `move()` with its Event, reason, letter, clock and wake-up, beside the same rows
written by SQL that a careful person wrote by hand, in one transaction."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django_q.models import OrmQ

from accounts.models import User
from casework.models import Event, Message, Reason
from casework.workflow import move
from referrals.models import Referral

from . import by_hand, rows
from .measuring import Measured, alternate, seconds
from .setting import Setting

GROUP = 20  # referrals on each side; a round moves each of them there and back
THERE, BACK = "offer_place", "back_to_waiting"
WHY = "The place fell through."


def run(setting: Setting) -> list[rows.Row]:
    small, large = setting.sizes
    before, after = _measured(setting, small), _measured(setting, large)
    row = rows.of(
        *("move", after),
        unit="ms",
        scale=1000,
        better="lower",
        goal=2,
        floor=4,
        n=large,
        growth=after.ours / before.ours,
        remark=f"{large:,} / {small:,} referrals: {after.ours / before.ours:.2f}×, limit "
        f"{after.limit * 1000:.3g} ms, spread {after.spread:.0%}",
    )
    return [row]


def _all(act: "Callable[[Pair], None]", pairs: "list[Pair]") -> Callable[[], None]:
    def run() -> None:
        for pair in pairs:
            act(pair)

    return run


def _measured(setting: Setting, referrals: int) -> Measured:
    with setting.written(referrals):
        waiting = Referral.objects.filter(status=Referral.State.WAITING).select_related("area")
        found = list(waiting.order_by("pk")[: 2 * GROUP])
        ours = [Pair.of(row) for row in found[:GROUP]]
        theirs = [Pair.of(row) for row in found[GROUP:]]
        _assert_alike(ours[0], theirs[0])
        measured = alternate(
            lambda: seconds(_all(Pair.by_engine, ours)) / (2 * GROUP),
            lambda: seconds(_all(Pair.by_hand, theirs)) / (2 * GROUP),
            rounds=11,
        )
        if not all(holds(pair.case) for pair in [*ours, *theirs]):
            raise AssertionError("A chain does not hold.")
    return measured


def holds(case: Referral) -> bool:
    """Whether each Event of the case follows the one before, and the case ends with the last."""
    head = ""
    for event in Event.objects.of(case).order_by("sequence"):
        if (event.previous, event.hash) != (head, event.digest()):
            return False
        head = event.hash
    return head == Referral.objects.get(pk=case.pk).head


@dataclass
class Pair:
    """A referral and the coordinator who moves it there and back."""

    case: Referral
    by: User

    @classmethod
    def of(cls, case: Referral) -> "Pair":
        by = case.coordinator
        if by is None:
            raise LookupError("A referral that waits has a coordinator.")
        by.holds()  # a request knows its person's roles before it moves anything
        return cls(case, by)

    def by_engine(self) -> None:
        self.case = move(self.case, THERE, by=self.by, expect=self.case.version)
        self.case = move(self.case, BACK, by=self.by, expect=self.case.version, why=WHY)

    def by_hand(self) -> None:
        told, pk = self.case.referred_by, self.case.pk
        by_hand.write(pk, THERE, "waiting", "accepted", by=self.by.pk, told=told.pk)
        by_hand.write(pk, BACK, "accepted", "waiting", by=self.by.pk, told=told.pk, why=WHY)


def _assert_alike(ours: Pair, theirs: Pair) -> None:
    """Both ways must leave the same rows, but for ids and moments."""
    left = []
    for pair, act in ((ours, ours.by_engine), (theirs, theirs.by_hand)):
        version, queued = Referral.objects.get(pk=pair.case.pk).version, OrmQ.objects.count()
        act()
        left.append(_left(pair, version, queued))
    if left[0] != left[1]:
        raise AssertionError(f"Not the same rows:\n{left[0]}\n{left[1]}")


def _left(pair: Pair, version: int, queued: int) -> list[Any]:
    case = Referral.objects.get(pk=pair.case.pk)
    own = {str(case.pk): "CASE", str(pair.by.pk): "BY", str(case.referred_by_id): "TOLD"}
    events = Event.objects.of(case).filter(sequence__gt=version)
    keys = [f":{event.sequence}:" for event in events]
    letters = Message.objects.filter(case_id=case.pk, created_at__gte=events[0].at)
    reasons = Reason.objects.filter(case_id=case.pk, sequence__gt=version)
    return [
        (case.status, case.owner_role, case.owner_id == pair.by.pk, case.escalation),
        (case.version - version, case.due_at, case.days_kept, case.head == events.last().hash),  # type: ignore[union-attr]
        [_plain(event, own, version) for event in events],
        sorted(_plain(letter, own, version) for letter in letters),
        [_plain(reason, own, version) for reason in reasons],
        (len(keys), OrmQ.objects.count() - queued),
    ]


def _plain(row: Any, own: dict[str, str], version: int) -> list[str]:
    """A row's values without what must differ: its id, hashes and the moment."""
    differ = {"id", "hash", "previous", "dedup_key"}
    found = []
    for field in row._meta.concrete_fields:
        value = getattr(row, field.attname)
        if field.name in differ or (isinstance(value, datetime) and field.name != "due_at"):
            continue
        if field.name == "sequence":
            value -= version
        found.append(f"{field.name}={own.get(str(value), value)}")
    return found
