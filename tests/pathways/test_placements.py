"""What moves of a placement do besides moving it."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from casework import checks
from casework.calendar import at, close_of, now, today, working_days_after
from casework.models import Message
from casework.workflow import Conflict, move
from pathways import demo, services
from pathways.models import EteStatus, Opportunity, Placement
from tests.pathways.cast import again, weeks_ago
from tests.personas import REPORT

Kind = Opportunity.Kind


def current(placement):
    return EteStatus.objects.current().get(young_person=placement.referral.young_person)


def test_an_application_belongs_to_the_adviser_and_waits_ten_working_days(cast):
    placement = cast.placement()

    assert (placement.owner, placement.owner_role) == (cast.by("ada"), "pathway_adviser")
    assert placement.due_at == working_days_after(now(), 10)
    assert placement.area == placement.referral.area


def test_a_coordinator_applies_for_the_adviser(cast):
    placement = demo.apply(cast.active(), cast.opportunity(), by=cast.by("cora"))

    assert placement.owner == cast.by("ada")
    told = Message.objects.get(case_id=placement.pk)
    assert (told.recipient, told.letter) == (cast.by("ada"), "placement.open")


def test_nobody_applies_for_who_has_no_adviser(cast):
    with pytest.raises(ValidationError) as refused:
        demo.apply(cast.active(adviser=""), cast.opportunity(), by=cast.by("cora"))

    assert "referral" in refused.value.error_dict


@pytest.mark.parametrize("who", ["max", "dev", "alex", "sam", "pru", "sol"])
def test_only_the_adviser_and_coordinators_apply(cast, who):
    with pytest.raises(PermissionDenied):
        demo.apply(cast.active(), cast.opportunity(), by=cast.by(who))


def test_nobody_applies_where_no_place_is_left_or_it_is_over(cast):
    ada, one = cast.by("ada"), cast.opportunity(places=1)
    demo.bring(demo.apply(cast.active(), one, by=ada), "offered", by=ada)
    other = cast.active()

    for offered in (one, cast.opportunity(checked_on=weeks_ago(2), expires_on=weeks_ago(1))):
        with pytest.raises(ValidationError) as refused:
            demo.apply(other, offered, by=ada)
        assert "opportunity" in refused.value.error_dict


def test_nobody_applies_twice_for_one_place(cast):
    referral, offered, ada = cast.active(), cast.opportunity(), cast.by("ada")
    demo.apply(referral, offered, by=ada)

    with pytest.raises(ValidationError, match="open placement for them there"):
        demo.apply(referral, offered, by=ada)


def test_an_application_of_the_future_is_refused(cast):
    with pytest.raises(ValidationError) as refused:
        services.apply(
            referral=cast.active(),
            opportunity=cast.opportunity(),
            agreed_on=today() + timedelta(days=1),
            by=cast.by("ada"),
        )

    assert "agreed_on" in refused.value.error_dict


@pytest.mark.parametrize(
    ("state", "left"),
    [("applied", 1), ("offered", 0), ("accepted", 0), ("started", 0), ("completed", 1),
     ("left_early", 1), ("onward", 1), ("declined", 1), ("refused", 1), ("fell_through", 1)],
)  # fmt: skip
def test_places_are_counted_from_placements(cast, state, left):
    ada, one = cast.by("ada"), cast.opportunity(places=1)

    demo.bring(demo.apply(cast.active(), one, by=ada), state, by=ada)

    assert Opportunity.objects.with_places().get(pk=one.pk).left == left
    assert Opportunity.objects.with_places().with_room().filter(pk=one.pk).exists() == (left > 0)


def test_places_cannot_be_cut_below_those_that_are_taken(cast):
    ada, two = cast.by("ada"), cast.opportunity(places=2)
    for _ in range(2):
        demo.bring(demo.apply(cast.active(), two, by=ada), "offered", by=ada)
    two.places = 1

    with pytest.raises(ValidationError) as refused:
        services.save_opportunity(opportunity=two, areas=[cast.world.city], by=ada)

    assert refused.value.error_dict["places"][0].message.startswith("2 of its places")


def test_a_start_records_what_they_do_and_schedules_three_checks(cast):
    placement = cast.placement("started", code="330", evidence="document")

    status = current(placement)
    assert (status.code, status.placement, status.evidence) == ("330", placement, "document")
    due = [(check.point, check.due_on) for check in placement.checks.due()]
    assert due == [(weeks, today() + timedelta(weeks=weeks)) for weeks in (4, 13, 26)]
    assert placement.due_at == close_of(today() + timedelta(weeks=4))


def test_a_start_that_is_recorded_late_counts_from_its_day(cast):
    placement = cast.placement("started", started_on=weeks_ago(5))

    assert placement.checks.get(point=4).due_on == weeks_ago(1)
    assert placement.due_at <= now()
    assert checks.nobody_lost() == []


def test_a_taster_is_a_step_it_changes_no_status_and_is_not_checked(cast):
    ada = cast.by("ada")
    referral, taster = cast.active(), cast.opportunity(kind=Kind.TASTER)
    before = demo.confirm(referral, by=ada, code="619")

    placed = demo.bring(demo.apply(referral, taster, by=ada), "started", by=ada)

    assert not placed.checks.exists()
    assert current(placed) == before
    assert placed.due_at > now()


def test_a_start_needs_a_code_of_somebody_who_has_started(cast):
    placement = cast.placement("accepted")

    with pytest.raises(ValidationError) as refused:
        demo.step(placement, "start", by=cast.by("ada"), code="619")

    assert "code" in refused.value.error_dict
    assert again(placement).status == "accepted"
    assert not placement.checks.exists()


@pytest.mark.parametrize(
    ("state", "name", "changes", "field"),
    [
        ("accepted", "start", {"started_on": 1}, "started_on"),
        ("started", "complete", {"ended_on": 1}, "ended_on"),
        ("started", "leave", {"ended_on": -1}, "ended_on"),  # before they started
        ("left_early", "move_on", {"starts_on": 29}, "starts_on"),
    ],
)
def test_days_that_cannot_be_are_refused_by_their_field(cast, state, name, changes, field):
    placement = cast.placement(state)
    days = {key: today() + timedelta(days=value) for key, value in changes.items()}

    with pytest.raises(ValidationError) as refused:
        demo.step(placement, name, by=cast.by("ada"), **days)

    assert field in refused.value.error_dict
    assert again(placement).status == state


def test_who_leaves_is_spoken_with_in_two_working_days_and_what_they_do_is_not_known(cast):
    placement = cast.placement("left_early")

    assert current(placement).code == "810"
    assert placement.owner == cast.by("ada")
    assert now() < placement.due_at < now() + timedelta(days=7)
    told = Message.objects.filter(case_id=placement.pk, letter="placement.leave")
    assert {message.recipient for message in told} == {cast.by("max"), cast.by("cora")}


def test_after_the_contact_the_day_that_was_agreed_counts(cast):
    placement = cast.placement("left_early")

    met = demo.step(placement, "contact", by=cast.by("ada"))

    assert met.status == "left_early"
    assert met.due_at == close_of(today() + timedelta(days=7))


@pytest.mark.parametrize("state", ["declined", "withdrawn", "refused", "fell_through"])
def test_a_way_that_came_to_nothing_ends_with_a_reason_and_no_owner(cast, state):
    placement = cast.placement(state)

    assert placement.is_finished and placement.owner is None and placement.due_at is None
    assert placement.reason
    assert checks.nobody_lost() == []


def test_asking_again_and_another_first_day_keep_the_state_and_move_the_date(cast):
    ada, placement = cast.by("ada"), cast.placement()

    asked = demo.step(placement, "chase", by=ada)
    agreed = demo.bring(asked, "accepted", by=ada)
    later = demo.step(agreed, "postpone", by=ada)

    week = close_of(today() + timedelta(days=7))
    assert (asked.status, asked.due_at) == ("applied", week)
    assert (later.status, later.due_at, later.starts_on) == ("accepted", week, week.date())


def test_a_new_date_ends_an_escalation(cast):
    """A late placement that is dealt with begins its next lateness at the first rung."""
    from casework import escalation

    placement = cast.placement()
    with at(now() + timedelta(days=40)):
        escalation.sweep()
        escalation.sweep()
        assert again(placement).escalation > 1

        asked = demo.step(again(placement), "chase", by=cast.world.ada)

    assert asked.escalation == 0


def test_another_place_within_28_days_carries_the_checks_on(cast):
    """The remaining checks go along on the days that they had, and the earlier placement ends."""
    ada = cast.by("ada")
    first = cast.placement("started", started_on=weeks_ago(10))
    demo.answer_due(first, by=ada)
    left = demo.step(again(first), "leave", by=ada, ended_on=weeks_ago(2))

    second = demo.apply(left.referral, cast.opportunity(), by=ada)
    second = demo.bring(second, "started", by=ada, started_on=today())

    assert [(check.point, check.due_on) for check in second.checks.due()] == [
        (13, weeks_ago(10) + timedelta(weeks=13)),
        (26, weeks_ago(10) + timedelta(weeks=26)),
    ]
    assert again(first).status == "ended"
    assert second.due_at == close_of(weeks_ago(10) + timedelta(weeks=13))
    assert checks.nobody_lost() == []


def test_another_place_after_more_than_28_days_has_checks_of_its_own(cast):
    ada = cast.by("ada")
    first = cast.placement("started", started_on=weeks_ago(12))
    demo.answer_due(first, by=ada)
    left = demo.step(again(first), "leave", by=ada, ended_on=weeks_ago(5))

    second = demo.apply(left.referral, cast.opportunity(), by=ada)
    second = demo.bring(second, "started", by=ada, started_on=today())

    assert [check.point for check in second.checks.due()] == [4, 13, 26]
    assert {check.point for check in first.checks.due()} == {13, 26}


def test_a_place_found_elsewhere_goes_on_with_the_same_checks(cast):
    placement = cast.placement("started", started_on=weeks_ago(3))
    left = demo.step(placement, "leave", by=cast.by("ada"), ended_on=weeks_ago(2))

    onward = demo.step(left, "move_on", by=cast.by("ada"), code="310", starts_on=weeks_ago(1))

    assert onward.status == "onward" and onward.checks.due().count() == 3
    assert current(onward).code == "310"
    assert onward.due_at == close_of(weeks_ago(3) + timedelta(weeks=4))


def test_a_place_found_too_late_begins_anew(cast):
    placement = cast.placement("started", started_on=weeks_ago(12))
    left = demo.step(placement, "leave", by=cast.by("ada"), ended_on=weeks_ago(6))

    with pytest.raises(ValidationError, match="more than 28 days"):
        demo.step(left, "move_on", by=cast.by("ada"), starts_on=weeks_ago(1))


def test_nobody_applies_when_support_has_ended(cast):
    ada, cleo = cast.by("ada"), cast.by("cleo")
    referral = cast.active()
    closing = move(referral, "start_closing", by=cast.by("cora"), ending="moved_area", why="Moved.")
    reported = move(closing, "write_report", by=cast.by("cora"), **REPORT)
    closed = move(reported, "approve_end", by=cleo)

    with pytest.raises(PermissionDenied):  # the adviser's sight has ended with it
        demo.apply(closed, cast.opportunity(), by=ada)
    with pytest.raises(Conflict):
        demo.apply(closed, cast.opportunity(), by=cleo)
    assert not Placement.objects.filter(referral=referral).exists()


def test_a_start_of_another_year_is_asked_about(cast):
    placement = cast.placement("accepted")
    wrong = placement.agreed_on - timedelta(days=366)

    with pytest.raises(ValidationError, match="Look at the year"):
        demo.step(placement, "start", by=cast.by("ada"), started_on=wrong)

    assert (
        demo.step(
            placement, "start", by=cast.by("ada"), started_on=wrong + timedelta(days=1)
        ).status
        == Placement.State.STARTED
    )
