"""What people were told against what the database and the mail provider hold."""

import uuid
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from casework import chain
from casework.models import Event, Message
from referrals.models import Referral


@dataclass
class Tally:
    """What clients asked for and were told. A key is asked for once, however often it is sent."""

    asked: set[uuid.UUID] = field(default_factory=set)
    drafts: set[uuid.UUID] = field(default_factory=set)
    began: dict[uuid.UUID, int] = field(default_factory=dict)  # versions of the cases at the start
    moves: dict[tuple[uuid.UUID, int], str] = field(default_factory=dict)  # case, version: name
    unclear: set[tuple[uuid.UUID, int]] = field(default_factory=set)  # never answered

    @property
    def acknowledged(self) -> int:
        return len(self.drafts) + len(self.moves)


@dataclass(frozen=True)
class Counts:
    acknowledged: int
    lost: int
    doubled: int
    mails_sent: int
    mails_repeated: int
    broken_links: int

    @property
    def is_clean(self) -> bool:
        return (self.lost, self.doubled, self.broken_links) == (0, 0, 0)

    def line(self) -> str:
        return (
            f"acknowledged {self.acknowledged}, lost {self.lost}, doubled {self.doubled}, "
            f"mails sent {self.mails_sent}, mails repeated (same key) {self.mails_repeated}"
        )


def count(tally: Tally, mails: list[str]) -> Counts:
    drafts_lost, drafts_doubled = _drafts(tally)
    moves_lost, moves_doubled = _moves(tally)
    letters_lost, letters_doubled = _letters(tally)
    mails_lost, mails_unknown = _mails(mails)
    return Counts(
        acknowledged=tally.acknowledged,
        lost=drafts_lost + moves_lost + letters_lost + mails_lost,
        doubled=drafts_doubled + moves_doubled + letters_doubled + mails_unknown,
        mails_sent=len(mails),
        mails_repeated=len(mails) - len(set(mails)),
        broken_links=sum(1 for _ in chain.verify()),
    )


def _drafts(tally: Tally) -> tuple[int, int]:
    """A draft for each key that was acknowledged; begun once, and none that nobody asked for."""
    found = dict(
        Referral.objects.filter(submit_key__in=tally.asked).values_list("submit_key", "pk")
    )
    begun = Counter(
        Event.objects.filter(case_id__in=found.values(), name="open").values_list(
            "case_id", flat=True
        )
    )
    unasked = (
        Referral.objects.filter(status=Referral.State.DRAFT)
        .exclude(submit_key__in=tally.asked)
        .count()
    )
    return len(tally.drafts - found.keys()), unasked + sum(n - 1 for n in begun.values())


def _moves(tally: Tally) -> tuple[int, int]:
    """An Event for each move that was acknowledged, and none that nobody was told of."""
    events = {
        (event.case_id, event.sequence): event.name
        for event in Event.objects.filter(case_id__in=tally.began)
        if event.sequence > tally.began[event.case_id]
    }
    told = tally.moves.items()
    lost = sum(1 for key, name in told if events.get(key) != name)
    return lost, len(events.keys() - tally.moves.keys() - tally.unclear)


def _letters(tally: Tally) -> tuple[int, int]:
    """One letter for each move that was acknowledged."""
    written = Counter(
        (case_id, int(key.split(":")[2]))
        for case_id, key in Message.objects.filter(case_id__in=tally.began).values_list(
            "case_id", "dedup_key"
        )
    )
    lost = sum(1 for key in tally.moves if not written[key])
    return lost, sum(written[key] - 1 for key in tally.moves if written[key] > 1)


def mail_keys(letters: Any) -> list[str]:
    """The keys that go out with the mails of these letters."""
    return [str(pk) for pk in letters.values_list("pk", flat=True)]


def _mails(mails: list[str]) -> tuple[int, int]:
    """Letters that the provider never got, and mails of which no letter knows."""
    keys = set(mail_keys(Message.objects.all()))
    return len(keys - set(mails)), len(set(mails) - keys)
