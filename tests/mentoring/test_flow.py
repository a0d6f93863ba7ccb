"""The way of a match: what each step does to the referral, the other proposals and who sees it."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from casework.calendar import today
from casework.models import Event, Message
from casework.workflow import Conflict, move
from mentoring import demo, services
from mentoring.models import Match, Mentor
from referrals.models import Assignment, Referral
from tests.personas import REPORT

S = Match.State
R = Referral.State


def status_of(match):
    return Referral.objects.get(pk=match.referral_id).status


def sees_referral(user, match):
    return Referral.objects.visible_to(user).filter(pk=match.referral_id).exists()


def against(match, world):
    """The rules that stand against proposing the same mentor again."""
    found = services.shortlist(match.referral, by=world.cora).proposal.refused
    return [r.code for each in found if each.mentor.pk == match.mentor_id for r in each.reasons]


def test_a_match_from_the_list_to_the_end_of_support(world, register):
    mentor = demo.best(register.waiting, by=world.cora)
    proposed = demo.propose(register.waiting, mentor, by=world.cora)
    assert (proposed.status, status_of(proposed)) == (S.PROPOSED, R.ACCEPTED)
    seen = Match.objects.visible_to(world.max).filter(pk=proposed.pk)
    assert not seen.exists()

    asked = demo.ask(proposed, by=world.cora)
    assert (asked.status, status_of(asked)) == (S.APPROVED, R.ALLOCATED)
    assert seen.exists()
    letter = Message.objects.get(letter="match.approve", case_id=asked.pk)
    assert letter.recipient == world.max

    agreed = demo.say_yes(asked, by=world.cora)
    assert (agreed.status, status_of(agreed)) == (S.ACCEPTED, R.ACTIVE)

    running = demo.begin(agreed, by=world.cora)
    assert (running.status, running.owner) == (S.ACTIVE, world.max)

    ended = demo.end(running, by=world.cora)
    assert (ended.status, status_of(ended)) == (S.CLOSED, R.CLOSED)
    assert not ended.referral.assignments.current().exists()
    assert not seen.exists()
    assert not sees_referral(world.max, ended)


def test_the_two_answers_may_come_in_either_order(world, register):
    first = move(register.match(S.APPROVED), "accept", by=world.max)

    assert (first.status, status_of(first)) == (S.APPROVED, R.ACTIVE)

    both = move(first, "agree", by=world.cora)

    assert (both.status, both.owner) == (S.ACCEPTED, world.cora)
    assert list(Event.objects.of(both).values_list("name", flat=True))[-3:] == [
        "accept", "agree", "settle"
    ]  # fmt: skip


def test_approving_one_proposal_ends_the_others_for_that_young_person(world, register):
    """The world made the two: max was proposed, then mia was asked."""
    superseded = register.match(S.SUPERSEDED)

    rival = Match.objects.exclude(pk=superseded.pk).get(referral=superseded.referral)
    assert (rival.status, rival.mentor) == (S.APPROVED, register.mia)
    event = Event.objects.of(superseded).get(name="supersede")
    assert event.actor_kind == "system"


def test_a_mentor_who_says_no_sends_the_referral_back_and_is_not_proposed_again(world, register):
    asked = register.match(S.APPROVED)

    declined = move(asked, "decline", by=world.max, reason="mentor_no", why="No time.")

    assert (declined.status, status_of(declined)) == (S.DECLINED, R.ACCEPTED)
    assert not sees_referral(world.max, declined)
    assert against(declined, world) == ["H9"]


@pytest.mark.parametrize("steps", [0, 1, 2])
def test_a_young_persons_no_after_the_mentors_yes_sends_the_referral_back(world, register, steps):
    match = move(register.match(S.APPROVED), "accept", by=world.max)
    if steps > 0:
        match = move(match, "agree", by=world.cora)
    if steps > 1:
        match = move(match, "introduce", by=world.cora, met_on=today())

    declined = move(match, "decline", by=world.cora, reason="young_person_no", why="Rather not.")

    assert (declined.status, status_of(declined)) == (S.DECLINED, R.ACCEPTED)
    assert not sees_referral(world.max, declined)


def test_a_match_that_got_no_answer_frees_the_place(world, register):
    expired = move(register.match(S.APPROVED), "expire", by=world.cora)

    assert (expired.status, status_of(expired)) == (S.EXPIRED, R.ACCEPTED)
    assert demo.best(expired.referral, by=world.cora) == register.max


def test_a_break_pauses_the_referral_and_its_end_takes_both_up(world, register):
    soon = today() + timedelta(days=10)

    paused = move(register.match(S.ACTIVE), "pause", by=world.max, why="Exams.", review_on=soon)
    assert (paused.status, status_of(paused)) == (S.PAUSED, R.PAUSED)

    again = move(paused, "resume", by=world.max)
    assert (again.status, status_of(again), again.owner) == (S.ACTIVE, R.ACTIVE, world.max)


def test_an_ending_with_another_mentor_next_keeps_the_referral_open(world, register):
    ended = demo.end(
        register.match(S.ACTIVE), by=world.cora, reason="mentor_time", what_next="rematch"
    )

    assert (ended.status, status_of(ended)) == (S.CLOSED, R.ACCEPTED)
    assert not Match.objects.visible_to(world.max).filter(pk=ended.pk).exists()
    assert not sees_referral(world.max, ended)


def test_an_ending_may_leave_them_to_their_pathway_adviser(world, register):
    match = register.match(S.ACTIVE)
    Assignment.objects.create(referral=match.referral, worker=world.ada, role="adviser")

    demo.end(match, by=world.cora, what_next="adviser")

    referral = Referral.objects.get(pk=match.referral_id)
    assert (referral.status, referral.owner) == (R.ALLOCATED, world.ada)


def test_an_ending_of_support_leaves_the_mentor_with_the_report_to_write(world, register):
    ended = demo.close(register.match(S.ACTIVE), by=world.cora)

    referral = Referral.objects.get(pk=ended.referral_id)
    assert (ended.status, referral.status, referral.owner) == (S.CLOSED, R.CLOSING, world.max)


def test_ending_at_once_sends_the_young_person_back_to_those_who_find_a_mentor(world, register):
    ended = move(
        register.match(S.ACTIVE), "end_now", by=world.cora, reason="no_fit", why="A quarrel."
    )

    assert (ended.status, status_of(ended)) == (S.CLOSED, R.ACCEPTED)
    assert against(ended, world) == ["H5"]


def test_a_coordinator_may_not_decide_on_a_match_in_which_they_are_the_mentor(world, register):
    match = register.match(S.PROPOSED)
    Mentor.objects.filter(pk=match.mentor_id).update(user=world.cleo)

    with pytest.raises(PermissionDenied):
        demo.ask(match, by=world.cleo)


def test_what_a_mentor_was_asked_is_nobody_elses_to_take_over(world, register):
    """Mentors are matched, not handed over: another would own a referral without a match."""
    asked = register.match(S.APPROVED).referral

    with pytest.raises(ValidationError, match=asked.reference):
        asked.handed_to(world.mia)


# When somebody moves the referral on its own page -------------------------------------------------
FOLLOWS = {
    "taken on": ("approved", "take_on", "max", {}, S.APPROVED),
    "turned down": ("approved", "turn_down", "max", {"why": "No time."}, S.WITHDRAWN),
    "closed early": (
        "approved", "close_early", "cora", {"ending": "moved_area", "why": "Moved."}, S.WITHDRAWN
    ),
    "back to waiting": ("proposed", "back_to_waiting", "cora", {"why": "Words."}, S.WITHDRAWN),
    "proposal, closed early": (
        "proposed", "close_early", "cora", {"ending": "moved_area", "why": "Moved."}, S.WITHDRAWN
    ),
    "paused": ("active", "pause", "cora", {"why": "Exams."}, S.PAUSED),
    "ending": (
        "active", "start_closing", "cora", {"ending": "moved_area", "why": "Moved."}, S.CLOSING
    ),
    "worker sought again": ("active", "seek_again", "cora", {"why": "Ill."}, S.CLOSED),
}  # fmt: skip


def test_an_adviser_is_not_asked_in_the_place_of_a_mentor_who_works_with_them(world, register):
    """Their no would end a match that goes well; beside the mentor they are asked another way."""
    match = register.match(S.ACTIVE)

    with pytest.raises(Conflict):
        move(match.referral, "allocate", by=world.cora, worker=world.ada, role="adviser")

    assert (Match.objects.get(pk=match.pk).status, status_of(match)) == (S.ACTIVE, R.ACTIVE)


@pytest.mark.parametrize("case", FOLLOWS, ids=str)
def test_a_match_keeps_in_step_with_its_referral(world, register, case):
    state, name, who, detail, expected = FOLLOWS[case]
    match = register.match(state)
    if name == "pause":
        detail = {**detail, "review_on": today() + timedelta(days=7)}

    move(match.referral, name, by=getattr(world, who), **detail)

    assert Match.objects.get(pk=match.pk).status == expected


def test_taking_on_the_referral_is_the_mentors_yes(world, register):
    match = register.match(S.APPROVED)

    move(match.referral, "take_on", by=world.max)

    assert Match.objects.get(pk=match.pk).mentor_agreed_at is not None


def test_an_ending_of_the_referral_that_is_undone_undoes_that_of_the_match(world, register):
    match = register.match(S.ACTIVE)
    closing = move(
        match.referral, "start_closing", by=world.cora, ending="moved_area", why="Moved."
    )

    move(closing, "send_back", by=world.cora, why="They stay.")

    assert Match.objects.get(pk=match.pk).status == S.ACTIVE


def test_the_end_of_the_referral_ends_the_match_with_its_own_reason(world, register):
    match = move(
        register.match(S.ACTIVE), "start_closing", by=world.max, reason="goals_met", why="Done."
    )
    closing = move(
        match.referral, "start_closing", by=world.cora, ending="completed_plan", why="Done."
    )

    reported = move(closing, "write_report", by=world.max, **REPORT)
    move(reported, "approve_end", by=world.cora)

    ended = Match.objects.get(pk=match.pk)
    assert (ended.status, ended.ended_for) == (S.CLOSED, "goals_met")
