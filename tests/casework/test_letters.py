"""Letters: every one says in words of its own what to do, and nothing about anybody."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from casework import outbox, registry
from casework.letters import ALWAYS, MAY_BE_UNWANTED, PLAIN, letter
from casework.models import Message, Unwanted
from casework.workflow import move, transitions_of
from tests.personas import Cast
from waymark.demo import making

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


def choose(client, *wanted):
    return client.post("/casework/letters/own/", dict.fromkeys(wanted, "on"))


@pytest.mark.parametrize(("who", "wanted", "gets"), [
    ("alex", ["decision"], {"receipt": "dropped", "ask": "sent", "accept": "sent"}),
    ("alex", [], {"receipt": "dropped", "ask": "sent", "accept": "dropped"}),
    ("alex", ["receipt", "decision"], {"receipt": "sent", "ask": "sent", "accept": "sent"}),
    ("bea", [], {"receipt": "sent", "ask": "sent", "accept": "sent"}),
])  # fmt: skip
def test_somebody_gets_the_letters_that_they_want_and_those_that_all_get(
    world, sign_in, who, wanted, gets
):
    choose(sign_in(getattr(world, who)), *wanted)
    asked = Cast(world).referral("info_needed")
    case = move(asked, "answer", by=world.alex, answer="Northside.")
    case = move(case, "accept", by=world.cora, **making.TRIAGED)

    outbox.relay()

    rows = Message.objects.filter(case_id=case.pk, recipient=world.alex)
    found = {row.letter.partition(".")[2]: row.state for row in rows}
    assert found == gets


def test_the_page_shows_what_was_chosen_and_a_later_choice_takes_its_place(world, sign_in):
    client = sign_in(world.alex)
    ticked = re.compile(r'name="([a-z]+)"[^>]* checked')

    def shown():
        return set(ticked.findall(client.get("/casework/letters/own/").text))

    every = {each.value for each in MAY_BE_UNWANTED}
    assert shown() == every
    choose(client, "progress")
    assert shown() == {"progress"}
    choose(client, *every - {"progress"})
    assert shown() == every - {"progress"}
    assert "/casework/letters/own/" in client.get("/account/").text


def test_what_everybody_gets_cannot_be_left_out(world, sign_in):
    choose(sign_in(world.alex), "safeguarding", "nonsense")

    found = set(Unwanted.objects.values_list("category", flat=True))
    assert found == {each.value for each in MAY_BE_UNWANTED}


def test_safeguarding_access_questions_and_lateness_are_never_unwanted():
    kept = {key: letter(key).category for key in told_of()}
    always = {key for key, category in kept.items() if category in ALWAYS}

    assert {key for key in kept if key.startswith("concern.")} <= always
    assert {key for key in kept if key.endswith((".late", ".hand_over"))} <= always
    assert {"referral.ask", "referral.answer", "referral.hold", "referral.allocate"} <= always


def test_a_batch_of_letters_asks_once_who_wants_them(world):
    for _ in range(3):
        Cast(world).referral("submitted")
    with CaptureQueriesContext(connection) as found:
        batch = outbox.claim()

    assert len(batch) > 3
    assert sum("casework_unwanted" in each["sql"] for each in found) == 1
