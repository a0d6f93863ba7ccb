"""Sessions that are planned when support pauses or ends: kept by choice or called off, never left
planned unseen (casework §7, guards of `pause` and `start_closing`)."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from casework.calendar import at, close_of, now, today
from casework.models import Event
from casework.workflow import move
from mentoring import services
from mentoring.models import Match, Session
from mentoring.queues import MATCH_QUEUES
from referrals.models import Referral

S = Match.State
WHY = {"why": "Exams."}
PAUSE = {**WHY, "review_on": today() + timedelta(days=14)}
OF_REFERRAL = {**WHY, "ending": "moved_area"}
OF_MATCH = {**WHY, "reason": "goals_met"}


def planned(match, by, days=5):
    return services.plan_session(match=match, begins_at=now() + timedelta(days=days), by=by)


def state_of(session):
    now_ = Session.objects.get(pk=session.pk)
    return (now_.status, now_.called_off_for)


def to_write_down(world, days):
    with at(now() + timedelta(days=days)):
        rows = Match.objects.visible_to(world.max)
        return MATCH_QUEUES["to-write-down"].choose(rows, world.max).exists()


@pytest.mark.parametrize("of", ["match", "referral"])
def test_a_pause_calls_off_what_is_planned_before_its_review(world, register, of):
    match = register.match(S.ACTIVE)
    session = planned(match, world.max)

    move(match if of == "match" else match.referral, "pause", by=world.max, **PAUSE)

    assert Match.objects.get(pk=match.pk).status == S.PAUSED
    assert state_of(session) == ("moved", "paused")
    with at(now() + timedelta(days=13)):
        move(Match.objects.get(pk=match.pk), "resume", by=world.max)
    assert not to_write_down(world, 13)


def test_a_session_that_is_kept_or_lies_after_the_review_stays(world, register):
    match = register.match(S.ACTIVE)
    later = planned(match, world.max, days=15)
    paused = move(match, "pause", by=world.max, **PAUSE)
    assert state_of(later) == ("planned", "")

    again = move(paused, "resume", by=world.max)
    kept = planned(again, world.max, days=3)
    move(again, "pause", by=world.max, **PAUSE, ahead="keep")

    assert state_of(kept) == ("planned", "")
    assert Event.objects.of(match).filter(name="pause").last().detail["ahead"] == "keep"


@pytest.mark.parametrize("of", ["match", "referral"])
def test_a_pause_that_is_looked_at_can_go_on(world, register, of):
    """Match and referral keep one date for the next look, whichever page it was said on."""
    paused = move(register.match(S.ACTIVE), "pause", by=world.max, **PAUSE)
    later = today() + timedelta(days=20)

    case = paused if of == "match" else Referral.objects.get(pk=paused.referral_id)
    move(case, "pause_longer", by=world.cora, why="Still ill.", review_on=later)

    match = Match.objects.get(pk=paused.pk)
    assert (match.status, match.due_at) == (S.PAUSED, close_of(later))
    assert match.referral.due_at == match.due_at


def test_on_the_day_of_the_review_a_session_stays_and_the_day_before_it_goes(world, register):
    match = register.match(S.ACTIVE)
    review = today() + timedelta(days=4)
    session = planned(match, world.max, days=4)

    with transaction.atomic():
        move(match, "pause", by=world.max, why="Exams.", review_on=review)
        assert state_of(session) == ("planned", "")
        transaction.set_rollback(True)
    after = review + timedelta(days=1)
    move(match.referral, "pause", by=world.max, why="Exams.", review_on=after)

    assert state_of(session) == ("moved", "paused")


@pytest.mark.parametrize("of", ["match", "referral"])
def test_an_ending_that_begins_calls_off_and_a_last_session_can_be_planned(world, register, of):
    match = register.match(S.ACTIVE)
    session = planned(match, world.max)

    detail = {"match": OF_MATCH, "referral": OF_REFERRAL}[of]
    move(match if of == "match" else match.referral, "start_closing", by=world.max, **detail)

    closing = Match.objects.get(pk=match.pk)
    assert (closing.status, state_of(session)) == (S.CLOSING, ("moved", "ending"))
    assert state_of(planned(closing, world.max)) == ("planned", "")


def test_a_last_session_can_be_kept_and_goes_with_the_end(world, register):
    match = register.match(S.ACTIVE)
    session = planned(match, world.max)

    closing = move(match, "start_closing", by=world.max, **OF_MATCH, ahead="keep")
    assert state_of(session) == ("planned", "")
    ended = {"reason": "goals_met", "last_met_on": today(), "what_next": "rematch"}
    move(closing, "close", by=world.cora, **ended)

    assert state_of(session) == ("moved", "ended")


@pytest.mark.parametrize("state", [S.INTRODUCED, S.CLOSING])
@pytest.mark.parametrize("name", ["pause", "start_closing"])
def test_a_match_that_does_not_move_along_loses_what_is_planned_too(world, register, state, name):
    match = register.match(state)
    session = planned(match, world.max)

    move(match.referral, name, by=world.cora, **(PAUSE if name == "pause" else OF_REFERRAL))

    assert state_of(session) == ("moved", "paused" if name == "pause" else "ending")
    if name == "pause":  # and what is planned once support goes on is planned
        move(Referral.objects.get(pk=match.referral_id), "resume", by=world.cora)
        assert state_of(planned(Match.objects.get(pk=match.pk), world.max)) == ("planned", "")


def test_whatever_ends_a_match_calls_off_what_was_ahead_and_leaves_what_had_begun(world, register):
    met, running = register.match(S.INTRODUCED), register.match(S.ACTIVE)
    begun = planned(met, world.max, days=1)
    with at(now() + timedelta(days=2)):
        ahead = [planned(Match.objects.get(pk=pk), world.max) for pk in (met.pk, running.pk)]
        move(Match.objects.get(pk=met.pk), "withdraw", by=world.cora, why="A mistake.")
        move(Match.objects.get(pk=running.pk), "end_now", by=world.cora, reason="person_moved")

    assert [state_of(each) for each in ahead] == [("moved", "ended")] * 2
    assert state_of(begun) == ("planned", "")


def test_the_form_asks_only_where_a_session_is_planned(browse, world, register):
    match = register.match(S.ACTIVE)
    url = f"/matches/{match.reference}/pause/"
    review = today() + timedelta(days=14)
    typed = {"review_on_day": review.day, "review_on_month": review.month,
             "review_on_year": review.year, "why": "Exams.", "version": match.version}  # fmt: skip
    client = browse("max")
    assert "We keep it" not in client.get(url).content.decode()

    session = planned(match, world.max)
    typed["version"] = Match.objects.get(pk=match.pk).version
    asked = client.get(url).content.decode()
    missing = client.post(url, typed).content.decode()
    saved = client.post(url, {**typed, "ahead": "call_off"})

    assert "We keep it" in asked
    assert "Say whether you keep the session" in missing
    assert saved.status_code == 302 and state_of(session) == ("moved", "paused")


@pytest.mark.parametrize("name", ["pause", "start-closing"])
def test_the_page_of_the_referral_says_that_sessions_are_called_off(browse, register, name):
    reference = register.match(S.ACTIVE).referral.reference

    page = browse("max").get(f"/referrals/{reference}/{name}/").content.decode()

    assert "are called off" in page


def test_the_mentor_sees_what_was_called_off_and_why(browse, world, register):
    match = register.match(S.ACTIVE)
    planned(match, world.max)
    move(match.referral, "pause", by=world.cora, **PAUSE)

    page = browse("max").get(f"/matches/{match.reference}/").content.decode()
    sessions = browse("max").get(f"/matches/{match.reference}/?tab=sessions").content.decode()

    for text in (page, sessions):
        assert "Called off" in text and "Support was paused" in text
    assert "that you do not meet then" in page


def test_what_was_called_off_cannot_be_planned_as_well(world, register):
    session = planned(register.match(S.ACTIVE), world.max)

    with pytest.raises(IntegrityError), transaction.atomic():
        Session.objects.filter(pk=session.pk).update(called_off_for="paused")
