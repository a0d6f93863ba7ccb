"""Plants losses and doubles and looks whether the counting finds them, one by one."""

import copy
import uuid
from collections.abc import Callable
from typing import Any

from django.db import transaction

from accounts.models import User
from casework.models import Message
from casework.workflow import move
from referrals.models import Referral
from referrals.services import delete_draft
from waymark.demo import making

from .clients import MOVES
from .counting import Counts, Tally, count, mail_keys

Plant = Callable[[Tally, list[str]], None]


def overlooked(tally: Tally, mails: list[str]) -> list[str]:
    """Names of the plants that did not change the count by one as they should. Each is undone."""
    clean = count(tally, mails)
    found = []
    for name, (plant, wanted) in PLANTS.items():
        with transaction.atomic():
            own, heap = copy.deepcopy(tally), list(mails)
            plant(own, heap)
            now = count(own, heap)
            transaction.set_rollback(True)
        if wanted(now) != wanted(clean) + 1:
            found.append(name)
    return found


def _lost(counts: Counts) -> int:
    return counts.lost


def _doubled(counts: Counts) -> int:
    return counts.doubled


def _repeated(counts: Counts) -> int:
    return counts.mails_repeated


def _a_draft_is_lost(tally: Tally, mails: list[str]) -> None:
    draft = Referral.objects.filter(submit_key__in=tally.drafts).first()
    assert draft is not None
    delete_draft(referral=draft, by=draft.referred_by)


def _a_draft_is_doubled(tally: Tally, mails: list[str]) -> None:
    draft = Referral.objects.filter(submit_key__in=tally.drafts).select_related("programme").first()
    assert draft is not None
    making.draft(by=draft.referred_by, programme=draft.programme)


def _a_move_is_lost(tally: Tally, mails: list[str]) -> None:
    """Somebody was told of a move that is not there; its letter is, so that one thing is lost."""
    (case, _version), name = next(reversed(tally.moves.items()))
    last = max(number for pk, number in tally.moves if pk == case)
    tally.moves[(case, last + 1)] = name
    letter = Message.objects.filter(case_id=case).first()
    assert letter is not None
    key = f"referral:{case}:{last + 1}:{name}:{letter.recipient_id.hex[:12]}"
    letter.pk, letter.dedup_key = uuid.uuid4(), key
    letter.save(force_insert=True)
    mails.append(str(letter.pk))


def _a_move_is_doubled(tally: Tally, mails: list[str]) -> None:
    """A move is carried out once more than anybody was told."""
    case = Referral.objects.get(pk=next(iter(tally.began)))
    name, _ = MOVES[case.status]
    detail: dict[str, Any] = {"why": "Twice."} if name == "back_to_waiting" else {}
    by = User.objects.get(pk=case.coordinator_id)
    move(case, name, by=by, **detail)
    mails += sorted(set(mail_keys(Message.objects.all())) - set(mails))


def _a_letter_is_lost(tally: Tally, mails: list[str]) -> None:
    case, version = next(iter(tally.moves))
    letters = Message.objects.filter(case_id=case, dedup_key__contains=f":{version}:")
    keys = set(mail_keys(letters))
    letters.delete()
    mails[:] = [key for key in mails if key not in keys]


def _a_mail_is_lost(tally: Tally, mails: list[str]) -> None:
    gone = mails[0]
    mails[:] = [key for key in mails if key != gone]


def _a_mail_is_doubled(tally: Tally, mails: list[str]) -> None:
    mails.append(f"{mails[0]}-again")


def _a_mail_is_repeated(tally: Tally, mails: list[str]) -> None:
    mails.append(mails[0])


PLANTS: dict[str, tuple[Plant, Callable[[Counts], int]]] = {
    "a lost draft": (_a_draft_is_lost, _lost),
    "a doubled draft": (_a_draft_is_doubled, _doubled),
    "a lost move": (_a_move_is_lost, _lost),
    "a doubled move": (_a_move_is_doubled, _doubled),
    "a lost letter": (_a_letter_is_lost, _lost),
    "a lost mail": (_a_mail_is_lost, _lost),
    "a doubled mail": (_a_mail_is_doubled, _doubled),
    "a repeated mail": (_a_mail_is_repeated, _repeated),
}
