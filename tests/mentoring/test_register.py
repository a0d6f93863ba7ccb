"""The register: what a mentor needs, what runs out, who may write what."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from casework import checks as lost
from casework.calendar import at, now, today
from casework.models import Event, Message
from casework.workflow import Conflict, move, moves
from mentoring import demo, reading, services, tasks
from mentoring.choices import Check
from mentoring.models import Credential, Mentor
from mentoring.standard import MANDATORY, SCREENING, needs, valid_until
from tests.mentoring.conftest import MIA

S = Mentor.State
NEW = replace(MIA, name="Nia Invented", until="enquiry")


@pytest.fixture
def entry(world, register):
    """Somebody whose checks are under way."""
    new = demo.enquire(by=world.cora, person=NEW, organisation=register.charity, area=world.city)
    return move(move(new, "apply", by=world.cora), "start_screening", by=world.cora)


def lapse(mentor, check, on=None):
    """The check of a mentor runs out the day before."""
    day = (on or today()) - timedelta(days=1)
    Credential.objects.filter(mentor=mentor, kind=check).update(expires_on=day)


@pytest.mark.parametrize("missing", SCREENING, ids=str)
def test_training_begins_only_when_every_check_of_screening_is_there(world, entry, missing):
    demo.keep_checks(entry, by=world.cora, leave_out=[missing])

    with pytest.raises(ValidationError, match=missing.label):
        move(entry, "clear", by=world.cora)


def test_nobody_becomes_available_without_training_an_account_and_a_level(world, entry):
    demo.keep_checks(entry, by=world.cora, level=1, leave_out=[Check.PREPARATION])
    training = move(entry, "clear", by=world.cora)

    with pytest.raises(ValidationError, match="Training before the first match"):
        move(training, "complete", by=world.cora, user=world.ana, level=1)

    demo.keep_checks(entry, by=world.cora, level=1)
    with pytest.raises(ValidationError, match="role Mentor"):
        move(training, "complete", by=world.cora, user=world.ana, level=1)
    with pytest.raises(ValidationError, match="in the register already"):
        move(training, "complete", by=world.cora, user=world.max, level=1)
    assert Mentor.objects.get(pk=entry.pk).status == S.TRAINING


@pytest.mark.parametrize("check", MANDATORY, ids=str)
def test_a_mandatory_check_that_runs_out_ends_matching_at_once(world, register, check):
    lapse(register.max, check)

    found = services.shortlist(register.waiting, by=world.cora).proposal
    assert register.max.pk not in {each.mentor.pk for each in found.ranked}
    assert register.max in Mentor.objects.lapsed(today())
    with pytest.raises(ValidationError, match="run out"):
        services.propose_mentor(referral=register.waiting, mentor=register.max, by=world.cora)


@pytest.mark.parametrize("step", ["approve", "accept", "activate", "resume"])
def test_a_check_that_runs_out_stops_a_match_at_its_next_step(world, register, step):
    state = {"approve": "proposed", "accept": "approved", "activate": "introduced",
             "resume": "paused"}[step]  # fmt: skip
    by = world.max if step in ("accept", "resume") else world.cora
    match = register.match(state)
    lapse(register.max, Check.SAFEGUARDING)

    with pytest.raises(ValidationError, match="Safeguarding training"):
        move(match, step, by=by, **({"agreed_on": today()} if step == "activate" else {}))

    assert type(match).objects.get(pk=match.pk).status == state


def test_the_task_suspends_whoever_has_lapsed_and_tells_the_coordinators(world, register):
    lapse(register.max, Check.DBS)

    assert tasks.watch_checks()["suspended"] == 1
    assert tasks.watch_checks()["suspended"] == 0

    suspended = register.max
    assert (suspended.status, suspended.suspended_for) == (S.SUSPENDED, "lapse")
    told = Message.objects.filter(letter="mentor.suspend").values_list("recipient__name", flat=True)
    assert {"Cora Invented", "Cleo Invented", "Dev Invented", "Max Invented"} == set(told)
    assert Event.objects.of(suspended).get(name="suspend").actor_kind == "system"


def test_a_new_check_lets_a_suspended_mentor_back_and_an_old_one_does_not(world, register):
    lapse(register.max, Check.DBS)
    tasks.watch_checks()
    renewing = move(register.max, "hand_in", by=world.max)
    with pytest.raises(ValidationError, match="Enhanced DBS check"):
        move(renewing, "renew", by=world.cora)

    services.keep_check(
        mentor=renewing, by=world.cora, kind=Check.DBS, issued_on=today(), has_barred_list=True
    )
    renewed = move(renewing, "renew", by=world.cora)

    assert (renewed.status, renewed.owner, renewed.suspended_for) == (S.AVAILABLE, world.dev, "")


@pytest.mark.parametrize("reason", ["concern", "conduct", "other"])
def test_new_papers_answer_no_suspension_but_that_for_papers(world, register, reason):
    """Else a mentor lifts their own suspension, and the reason for it is written over."""
    suspended = move(register.max, "suspend", by=world.sol, reason=reason, why="Words.")

    for who in (world.max, world.cora):
        assert "hand_in" not in {each.name for each in moves(suspended, who)}
        with pytest.raises(Conflict):
            move(suspended, "hand_in", by=who)

    kept = register.max
    assert (kept.status, kept.suspended_for) == (S.SUSPENDED, reason)


def test_a_concern_outlasts_papers_that_are_being_looked_at(world, register):
    renewing = move(register.max, "hand_in", by=world.max)
    Mentor.objects.filter(pk=renewing.pk).update(suspended_for="concern")

    with pytest.raises(Conflict):
        move(register.max, "renew", by=world.cora)
    lapsed = move(register.max, "lapse", by=world.cora, why="Words.")

    assert (lapsed.status, lapsed.suspended_for) == (S.SUSPENDED, "concern")
    with pytest.raises(PermissionDenied):
        move(lapsed, "reinstate", by=world.cora, why="Words.")


def test_a_status_check_that_is_not_clear_counts_as_no_check(world, register):
    dbs = Credential.objects.filter(mentor=register.max, kind=Check.DBS)
    dbs.update(status_checked_on=today(), status_clear=False)

    assert register.max.missing(MANDATORY) == [Check.DBS]
    assert register.max in Mentor.objects.lapsed(today())


def test_the_query_and_the_row_agree_on_what_counts_on_any_day(world, register):
    lapse(register.max, Check.CODE)
    for days in (-400, -201, -200, -2, -1, 0, 1, 400, 1200):
        day = today() + timedelta(days=days)
        by_query = {mentor.pk for mentor in Mentor.objects.lapsed(day)}
        by_row = {m.pk for m in Mentor.objects.all() if m.missing(MANDATORY, day)}
        assert by_query == by_row


def test_reminders_come_90_60_and_30_days_before_and_once_each(world, register):
    begun = now()
    Credential.objects.filter(mentor=register.max, kind=Check.DBS).update(
        expires_on=today() + timedelta(days=100)
    )
    told = []
    for days in (0, 9, 10, 11, 40, 41, 69, 70, 71, 99):
        with at(begun + timedelta(days=days)):
            told.append(services.remind_of_lapses())

    assert told == [0, 0, 1, 0, 1, 0, 0, 1, 0, 0]
    people = Message.objects.filter(letter="mentor.check_runs_out").values("recipient").distinct()
    assert people.count() == 3


def test_a_renewed_check_is_not_reminded_of(world, register):
    Credential.objects.filter(mentor=register.max, kind=Check.DBS).update(
        expires_on=today() + timedelta(days=20)
    )
    services.keep_check(mentor=register.max, by=world.cora, kind=Check.DBS, issued_on=today())

    assert services.remind_of_lapses() == 0


def test_three_years_is_how_long_a_check_counts_and_leap_days_do_no_harm():
    assert valid_until(Check.DBS, date(2026, 5, 1)) == date(2029, 5, 1)
    assert valid_until(Check.DBS, date(2024, 2, 29)) == date(2027, 2, 28)
    assert valid_until(Check.IDENTITY, date(2026, 5, 1)) is None


def test_a_level_needs_its_own_checks_and_those_below(world, register):
    assert register.max.earned_level() == 2
    lapse(register.max, Check.TRAUMA)

    assert register.max.earned_level() == 1
    assert set(needs(2)) > set(needs(1)) == set(MANDATORY)


def test_no_check_holds_what_a_certificate_says():
    names = {field.name for field in Credential._meta.get_fields()}

    assert not names & {"number", "certificate_number", "content", "result", "file", "document"}


def test_somebody_is_in_the_register_once(world, register):
    with pytest.raises(IntegrityError), transaction.atomic():
        Mentor.objects.filter(pk=register.mia.pk).update(user=world.max)


def test_a_mentor_with_a_match_cannot_leave(world, register):
    with pytest.raises(ValidationError, match="End the match first"):
        move(register.max, "leave", by=world.cora, reason="time", why="No time.")

    left = move(register.mia_free(), "leave", by=world.cora, reason="time", why="No time.")
    assert left.status == S.LEFT


def test_somebody_who_comes_back_gets_a_new_entry_linked_to_the_old(world, register):
    left = move(register.mia_free(), "leave", by=world.cora, reason="time", why="No time.")

    again = demo.enquire(by=world.cora, person=MIA, organisation=register.charity, area=world.city)

    assert (again.earlier, again.status) == (left, S.ENQUIRY)


def test_mentors_change_what_is_theirs_and_nothing_else(world, register):
    saved = services.save_entry(mentor=register.max, by=world.max, interests=["music"])
    assert saved.interests == ["music"]

    for theirs_not in ({"capacity": 9}, {"level": 3}, {"supervisor": None}, {"is_paid": False}):
        with pytest.raises(PermissionDenied):
            services.save_entry(mentor=register.max, by=world.max, **theirs_not)


@pytest.mark.parametrize("who", ["dev", "sol", "alex", "sam", "pru", "max"])
def test_only_coordinators_of_the_area_write_down_checks(world, register, who):
    with pytest.raises(PermissionDenied):
        services.keep_check(
            mentor=register.max, by=getattr(world, who), kind=Check.DBS, issued_on=today()
        )


def test_a_volunteer_has_three_places_at_most(world, register):
    with pytest.raises(ValidationError, match="at most 3"):
        services.save_entry(mentor=register.mia, by=world.cora, capacity=4)


def test_another_supervisor_takes_over_by_the_same_day(world, register):
    before = register.max.due_at

    saved = services.save_entry(mentor=register.max, by=world.cora, supervisor=None)

    assert (saved.owner, saved.owner_role, saved.due_at) == (None, "coordinator", before)
    assert not [row for row in lost.nobody_lost() if row.kind == "mentor"]


def test_a_supervisor_who_has_left_is_named_before_a_mentor_comes_back(world, register):
    away = move(register.max, "go_on_leave", by=world.max, back_on=today() + timedelta(days=5))
    world.dev.memberships.update(ends_on=today() - timedelta(days=1))

    with pytest.raises(ValidationError, match="Choose another one"):
        move(away, "come_back", by=world.max)


def test_supervision_begins_the_six_weeks_anew(world, register):
    with at(now() + timedelta(days=20)):
        held = move(
            register.max, "supervise", by=world.dev, held_on=today(), minutes=45, words="Goes well."
        )
        assert (held.due_at.date() - today()).days == 42
    assert "Goes well." not in str(Event.objects.of(held).get(name="supervise").detail)


def test_a_mentor_who_is_moved_twice_at_once_is_refused(world, register):
    seen = register.max
    move(seen, "go_on_leave", by=world.max, back_on=today() + timedelta(days=5))

    with pytest.raises(Conflict):
        move(seen, "suspend", by=world.cora, expect=seen.version, reason="other", why="Words.")


SAYINGS = {0: "Expires today", 1: "Expires in 1 day", 13: "Expires in 13 days",
           14: "Expires in 2 weeks", 27: "Expires in 3 weeks"}  # fmt: skip


@pytest.mark.parametrize("days", SAYINGS)
def test_how_soon_a_check_runs_out_is_said_in_words(days):
    assert reading.runs_out(today() + timedelta(days=days)) == SAYINGS[days]


def test_supervision_is_written_down_though_a_check_has_run_out(world, register):
    mentor = register.max
    lapse(mentor, Check.DBS)

    supervised = demo.supervise(Mentor.objects.get(pk=mentor.pk), by=world.dev)

    assert Event.objects.of(supervised).filter(name="supervise").exists()
