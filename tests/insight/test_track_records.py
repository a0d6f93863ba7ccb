"""What the directory says of how referrals to a service have gone: worked out for ten or more."""

from datetime import timedelta

import pytest

from casework.calendar import at, now
from casework.workflow import move
from cms.directory import record, wording
from cms.directory.models import TrackRecord
from insight import track_records
from insight.periods import last_four_quarters, last_ninety_days
from mentoring import counting as mentoring
from referrals import counting
from referrals.models import Referral
from waymark.demo import making

pytestmark = pytest.mark.django_db
NO = {"reason": "age", "words": "Too old.", "signposted_to": []}


def decide(world, *, yes, no):
    """So many referrals accepted and declined, three weeks before the year ended."""
    with at(last_four_quarters().until - timedelta(days=20)):
        for is_accepted in [True] * yes + [False] * no:
            referral = making.refer(by=world.alex, programme=world.programme)
            if is_accepted:
                making.accept(referral, by=world.cora)
            else:
                move(move(referral, "start_triage", by=world.cora), "decline", by=world.cora, **NO)


def of(world):
    return TrackRecord.objects.filter(organisation=world.programme.provider).first()


@pytest.mark.thorough
def test_who_was_accepted_is_told_of_ten_decisions_or_more(world):
    decide(world, yes=7, no=2)
    assert (track_records.keep(), of(world)) == (0, None)

    decide(world, yes=1, no=0)
    track_records.keep()

    assert of(world).tenths_accepted == 8
    assert wording.accepted(of(world)).startswith("About 8 in 10 of the referrals decided in")


def test_each_referral_counts_once_in_the_year_of_its_last_decision(world):
    decide(world, yes=1, no=1)
    provider, year = world.programme.provider_id, last_four_quarters()
    assert sorted(counting.decisions(*year)[provider]) == [False, True]

    with at(year.until - timedelta(days=10)):
        accepted = Referral.objects.get(status="accepted")
        waiting = move(accepted, "back_to_waiting", by=world.cora, why="No mentor.")
        move(waiting, "redirect", by=world.cora, **NO)

    assert counting.decisions(*year)[provider] == [False, False]
    assert counting.decisions(year.until, now()) == {}


def test_first_contact_is_the_middle_of_ten_or_more(world, monkeypatch):
    waits = {world.programme.provider_id: [1, 2, 3, 4, 5, 6, 7, 8, 30]}
    monkeypatch.setattr(mentoring, "days_to_contact", lambda *period: waits)
    assert track_records.keep() == 0

    waits[world.programme.provider_id].append(31)
    track_records.keep()

    kept = of(world)
    assert (kept.days_to_contact, kept.tenths_accepted) == (6, None)
    assert kept.contact_until == last_ninety_days().last_day
    assert (
        f"within 6 days. Counted over the 90 days to {kept.contact_until:%-d %B %Y}."
        in wording.first_contact(kept)
    )
    assert wording.accepted(kept) == ""


def test_a_record_that_is_of_too_few_again_goes(world, monkeypatch):
    many = {world.programme.provider_id: [3] * 10}
    monkeypatch.setattr(mentoring, "days_to_contact", lambda *period: many)
    track_records.keep()
    assert of(world).days_to_contact == 3

    many.clear()

    assert (track_records.keep(), of(world)) == (0, None)
    assert record.keep([]) == 0
