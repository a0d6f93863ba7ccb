"""The counting of `make kills` finds every planted loss and double; the kills themselves are a
program of their own (`python -m tests.kills.run`)."""

import uuid

import pytest

from casework.models import Event, Message
from casework.workflow import move
from referrals.services import start
from tests.kills import control
from tests.kills.counting import Tally, count, mail_keys
from waymark.demo import making

pytestmark = pytest.mark.slow  # two referrals are written and moved as people would


@pytest.fixture
def told(world):
    """Two drafts and two moves that people were told of, and the mails that went out."""
    tally = Tally()
    for _ in range(2):
        key = uuid.uuid4()
        start(programme=world.programme, organisation=world.school, by=world.alex, submit_key=key)
        tally.asked.add(key)
        tally.drafts.add(key)
    sent = making.refer(by=world.alex, programme=world.programme)
    case = move(sent, "start_triage", by=world.cora)
    case = move(case, "wait", by=world.cora, **making.TRIAGED)
    tally.began[case.pk] = case.version
    for name, detail in (("offer_place", {}), ("back_to_waiting", {"why": "It fell through."})):
        case = move(case, name, by=world.cora, expect=case.version, **detail)
        tally.moves[(case.pk, case.version)] = name
    return tally, mail_keys(Message.objects.all())


def test_what_was_told_and_is_there_counts_as_whole(told):
    tally, mails = told

    counts = count(tally, mails)

    assert (counts.acknowledged, counts.is_clean, counts.mails_repeated) == (4, True, 0)


def test_every_planted_loss_and_double_is_found(told):
    tally, mails = told

    assert control.overlooked(tally, mails) == []


def test_a_plant_that_changes_nothing_would_be_reported(told, monkeypatch):
    tally, mails = told
    nothing = {"nothing at all": (lambda tally, mails: None, lambda counts: counts.lost)}
    monkeypatch.setattr(control, "PLANTS", nothing)

    assert control.overlooked(tally, mails) == ["nothing at all"]


def test_nobody_is_told_of_the_same_move_twice(told):
    tally, _ = told
    [case] = tally.began

    assert Event.objects.filter(case_id=case, sequence__gt=tally.began[case]).count() == 2
