"""Letters: every one says in words of its own what to do, and nothing about anybody."""

import pytest

from casework import outbox, registry
from casework.letters import PLAIN, letter
from casework.models import Message
from casework.workflow import transitions_of
from tests.personas import Cast

OF_EVERY_KIND = ("reminder", "late", "hand_over")


def told_of():
    """Every letter that a move or the engine may write, by kind and name."""
    for kind, model in registry.kinds().items():
        for name, group in transitions_of(model).items():
            tells = group[0].custom.get("tells", [])
            yield from [f"{kind}.{name}"] if {*tells} - {outbox.RECEIPT} else []
            yield from [f"{kind}.{outbox.RECEIPT}"] if outbox.RECEIPT in tells else []
        yield from (f"{kind}.{name}" for name in OF_EVERY_KIND)


def recipients(case, name):
    rows = Message.objects.filter(case_id=case.pk, letter=f"{case.KIND}.{name}")
    return sorted(rows.values_list("recipient__name", flat=True))


@pytest.mark.parametrize("key", sorted({*told_of()}))
def test_every_letter_has_words_of_its_own(key):
    assert letter(key) is not PLAIN


def test_whoever_sends_a_referral_gets_a_receipt_and_the_coordinators_a_letter(world):
    sent = Cast(world).referral("submitted")

    assert recipients(sent, "receipt") == ["Alex Invented"]
    assert recipients(sent, "send") == ["Cleo Invented", "Cora Invented"]


def test_the_referrer_is_told_when_the_ending_begins(world):
    closing = Cast(world).referral("closing")

    assert "Alex Invented" in recipients(closing, "start_closing")
