"""Races, with real threads on the real PostgreSQL: one winner, no deadlock, no place given
twice."""

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from casework.models import Event
from casework.workflow import Conflict, move
from mentoring import demo
from mentoring.models import Match, Mentor
from referrals.models import Assignment, Referral
from tests.casework.test_races import race
from tests.mentoring.conftest import Register

pytestmark = pytest.mark.slow  # threads with connections of their own, on a clone
S = Match.State
ROUNDS = 2


@pytest.fixture
def register(committing):
    made = Register(committing)
    made.start()
    return made


def deadlocks():
    """Of this test's own database, since it was cloned."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return cursor.fetchone()[0]


@pytest.mark.thorough
def test_two_coordinators_who_approve_two_matches_of_one_young_person_have_one_winner(register):
    world = register.world
    for _ in range(ROUNDS):
        referral = register.accepted(risk_tier=1)
        one = demo.propose(referral, register.max, by=world.cora)
        other = demo.propose(referral, register.mia, by=world.cleo)

        results = race(
            [
                lambda m=one, who=world.cora: move(m, "approve", by=who, expect=m.version),
                lambda m=other, who=world.cleo: move(m, "approve", by=who, expect=m.version),
                lambda m=one, who=world.cleo: move(m, "approve", by=who, expect=m.version),
            ]
        )

        winners = [each for each in results if isinstance(each, Match)]
        assert len(winners) == 1, results
        assert all(isinstance(each, Match | Conflict | ValidationError) for each in results)
        assert Match.objects.live().filter(referral=referral).count() == 1
        assert not Assignment.objects.current().filter(referral=referral).exists()
        assert Event.objects.filter(case_id=referral.pk, name="allocate").count() == 1
        move(winners[0], "withdraw", by=world.cora, why="Next round.")
    assert deadlocks() == 0


def test_the_last_place_of_a_mentor_is_given_once(register):
    world = register.world
    Mentor.objects.filter(pk=register.max.pk).update(capacity=1)
    for _ in range(ROUNDS):
        rivals = [demo.propose(register.accepted(), register.max, by=world.cora) for _ in range(3)]

        results = race([lambda m=match: move(m, "approve", by=world.cora) for match in rivals])

        winners = [each for each in results if isinstance(each, Match)]
        refused = [each for each in results if isinstance(each, ValidationError)]
        assert (len(winners), len(refused)) == (1, 2), results
        assert "No free place" in str(refused[0])
        assert Match.objects.live().filter(mentor=register.max).count() == 1
        for match in rivals:
            fresh = Match.objects.get(pk=match.pk)
            move(fresh, "withdraw", by=world.cora, why="Next round.")


@pytest.mark.thorough
def test_a_match_and_its_referral_moved_at_once_end_in_step(register):
    """The two pages of one case: whoever comes second finds it moved, and nothing is stuck."""
    world = register.world
    for _ in range(ROUNDS):
        match = demo.ask(
            demo.propose(register.accepted(), register.max, by=world.cora), by=world.cora
        )
        referral = Referral.objects.get(pk=match.referral_id)

        results = race(
            [
                lambda m=match: move(m, "accept", by=world.max),
                lambda r=referral: move(r, "turn_down", by=world.cora, why="Ill."),
            ]
        )

        assert all(isinstance(each, Match | Referral | Conflict) for each in results), results
        pair = (
            Match.objects.get(pk=match.pk).status, Referral.objects.get(pk=referral.pk).status
        )  # fmt: skip
        assert pair in {("approved", "active"), ("withdrawn", "accepted")}
        if pair[0] == "approved":
            move(Match.objects.get(pk=match.pk), "expire", by=world.cora)
    assert deadlocks() == 0
