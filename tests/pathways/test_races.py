"""The last place, asked for by two advisers at once, on the real PostgreSQL."""

from functools import partial

import pytest
from django.core.exceptions import ValidationError

from casework.calendar import today
from casework.models import Event
from pathways import demo, services
from pathways.models import EteStatus, Opportunity, Placement
from referrals.models import Referral
from tests.casework.test_races import race
from tests.pathways.cast import PathwayCast, again
from tests.pathways.test_advisers import second_adviser

pytestmark = pytest.mark.slow  # threads with connections of their own


def test_the_last_place_goes_to_one_of_two_advisers(committing):
    cast = PathwayCast(committing)
    ada, avi = cast.by("ada"), second_adviser(committing)
    mine, theirs = cast.active(), cast.active(adviser="")
    demo.advise(theirs, worker=avi, by=cast.by("cora"))
    for _ in range(3):
        last = cast.opportunity(places=1)
        contenders = [
            (demo.apply(mine, last, by=ada), ada),
            (demo.apply(theirs, last, by=avi), avi),
        ]

        results = race(
            [lambda case=case, by=by: demo.step(case, "offer", by=by) for case, by in contenders]
        )

        winners = [each for each in results if isinstance(each, Placement)]
        losers = [each for each in results if isinstance(each, ValidationError)]
        assert (len(winners), len(losers)) == (1, 1), results
        assert "last place there has just gone" in str(losers[0])
        assert Opportunity.objects.with_places().get(pk=last.pk).left == 0
        states = sorted(again(case).status for case, _ in contenders)
        assert states == ["applied", "offered"]
        ids = [case.pk for case, _ in contenders]
        assert Event.objects.filter(case_id__in=ids, name="offer").count() == 1


def test_two_referrals_of_one_person_write_one_history(committing):
    cast = PathwayCast(committing)
    one, other = cast.active(), cast.active()
    Referral.objects.filter(pk=other.pk).update(young_person=one.young_person)
    facts = {"code": "540", "verified_on": today(), "evidence": "worker"}
    status = partial(services.record_status, by=cast.by("ada"), kind="change", **facts)

    results = race([partial(status, referral=again(row)) for row in (one, other)])

    assert all(isinstance(each, EteStatus) for each in results), results
    history = EteStatus.objects.filter(young_person=one.young_person)
    assert (history.count(), history.current().count()) == (2, 1)


def test_a_check_is_answered_by_one_of_two(committing):
    cast = PathwayCast(committing)
    placement = cast.placement("started", started_on=demo.weeks_ago(5))
    people = [cast.by("ada"), cast.by("cora")]

    results = race([lambda by=by: demo.answer_due(again(placement), by=by) for by in people])

    answered = [each for each in results if each == 1]
    assert len(answered) == 1, results
    assert Event.objects.of(placement).filter(name="answer_check").count() == 1
