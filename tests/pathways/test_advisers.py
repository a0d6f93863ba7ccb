"""How pathway advisers come to a young person, keep sight of them, and are let go."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts import handover, roles
from accounts import services as accounts
from casework import checks, escalation
from casework.calendar import at, now
from casework.models import Event, Message
from casework.workflow import Conflict, move
from pathways import demo, services
from pathways.models import Placement, SustainmentCheck
from referrals.models import Assignment, Referral
from tests.pathways.cast import ADVISER, again, weeks_ago
from tests.personas import REPORT
from tests.thorough import mostly
from waymark.demo import making


def second_adviser(world):
    """avi advises too."""
    notts = world.city.parent
    unit = world.ada.standing[0].organisation
    role = roles.PathwayAdviser
    return making.person("avi@example.org", "Avi Invented", "not-a-marigold", role, unit, [notts])


def close(referral, cast):
    closing = move(
        referral, "start_closing", by=cast.by("cora"), ending="completed_plan", why="Goals met."
    )
    reported = move(closing, "write_report", by=cast.by("cora"), **REPORT)
    return move(reported, "approve_end", by=cast.by("cleo"))


def test_a_referral_that_an_adviser_owns_is_not_lost(cast):
    referral = cast.advised_alone()

    assert (referral.owner, referral.owner_role) == (cast.by("ada"), "pathway_adviser")
    assert checks.nobody_lost() == []


def test_an_adviser_beside_the_mentor_changes_neither_owner_nor_date(cast):
    before = cast.active(adviser="")

    services.ask_adviser(referral=before, worker=cast.by("ada"), by=cast.by("cora"))

    after = again(before)
    assert (after.owner, after.due_at, after.status) == (cast.by("max"), before.due_at, "active")
    assert Referral.objects.visible_to(cast.world.ada).filter(pk=after.pk).exists()
    told = Message.objects.get(case_id=after.pk, letter="referral.ask_adviser")
    assert told.recipient == cast.by("ada")
    assert Event.objects.of(after).get(name="ask_adviser").detail == {
        "worker": str(cast.by("ada").pk)
    }


@pytest.mark.parametrize(
    "who", mostly(["max", "ada", "alex", "sol", "pru", "sam", "oz"], plain="ada alex")
)
def test_only_coordinators_of_the_area_ask_an_adviser(cast, who):
    with pytest.raises(PermissionDenied):
        services.ask_adviser(
            referral=cast.active(adviser=""), worker=cast.by("ada"), by=cast.by(who)
        )


def test_nobody_else_is_asked_as_an_adviser(cast):
    for worker in ("max", "cora", "sam"):
        with pytest.raises(ValidationError):
            services.ask_adviser(
                referral=cast.active(adviser=""), worker=cast.by(worker), by=cast.by("cora")
            )


def test_an_adviser_is_not_asked_before_acceptance_nor_beside_themselves(cast):
    sent = cast.referral("triage")
    with pytest.raises(Conflict):
        services.ask_adviser(referral=sent, worker=cast.by("ada"), by=cast.by("cora"))
    for referral in (cast.active(), cast.advised_alone()):
        with pytest.raises(ValidationError):
            services.ask_adviser(referral=referral, worker=cast.by("ada"), by=cast.by("cora"))


def test_a_mentor_who_turns_down_leaves_the_adviser_where_they_are(cast):
    referral = move(cast.active(), "seek_again", by=cast.by("cora"), why="Max is ill.")
    asked = move(referral, "allocate", by=cast.by("cora"), worker=cast.by("mia"), role="mentor")

    move(asked, "turn_down", by=cast.by("mia"), why="No room.")

    current = Assignment.objects.current().filter(referral=referral)
    assert [(each.role, each.worker) for each in current] == [(ADVISER, cast.by("ada"))]


def test_open_placements_go_to_a_new_adviser(cast):
    avi, placement = second_adviser(cast.world), cast.placement("offered")

    services.ask_adviser(referral=placement.referral, worker=avi, by=cast.by("cora"))

    after = again(placement)
    assert (after.owner, after.status) == (avi, "offered")
    assert not Placement.objects.visible_to(cast.world.ada).filter(pk=after.pk).exists()
    assert Event.objects.of(after).filter(name="hand_over").count() == 1
    assert checks.nobody_lost() == []


def test_open_placements_follow_an_allocation_too(cast):
    avi, referral = second_adviser(cast.world), cast.advised_alone()
    placement = demo.apply(referral, cast.opportunity(), by=cast.by("ada"))

    move(again(referral), "allocate", by=cast.by("cora"), worker=avi, role=ADVISER)

    assert again(placement).owner == avi


def test_closing_never_ends_the_checks_and_the_adviser_keeps_sight(cast):
    """The whole way: closed by `approve_end`, checks answered afterwards, then the sight ends."""
    placement = cast.placement("started", started_on=weeks_ago(5))

    closed = close(placement.referral, cast)

    assert closed.status == "closed"
    assert placement.checks.due().count() == 3
    assert Referral.objects.visible_to(cast.world.ada).filter(pk=closed.pk).exists()
    assert not Referral.objects.visible_to(cast.world.max).filter(pk=closed.pk).exists()
    assert checks.nobody_lost() == []

    for weeks in (0, 9, 22):
        with at(now() + timedelta(weeks=weeks)):
            assert demo.answer_due(again(placement), by=cast.world.ada) == 1
            services.let_all_go()
            escalation.sweep()
            assert checks.nobody_lost() == []
            sees = Referral.objects.visible_to(cast.world.ada).filter(pk=closed.pk).exists()
            assert sees == (weeks < 22)

    assert again(placement).status == "ended"
    ended = Assignment.objects.get(referral=closed, role=ADVISER)
    assert ended.ended_because == "checks_answered"
    assert not SustainmentCheck.objects.visible_to(cast.world.ada).exists()


def test_closing_without_a_placement_ends_the_sight_at_once(cast):
    closed = close(cast.active(), cast)

    assert not Assignment.objects.current().filter(referral=closed).exists()


def test_closing_early_keeps_an_adviser_with_an_open_placement(cast):
    referral = cast.active()
    placement = demo.apply(referral, cast.opportunity(), by=cast.by("ada"))
    sought = move(again(referral), "seek_again", by=cast.by("cora"), why="Max is ill.")
    asked = move(sought, "allocate", by=cast.by("cora"), worker=cast.by("mia"), role="mentor")

    closed = move(asked, "close_early", by=cast.by("cora"), ending="moved_area", why="Moved.")
    kept = Referral.objects.visible_to(cast.world.ada).filter(pk=closed.pk).exists()
    demo.step(placement, "withdraw", by=cast.by("ada"))

    assert kept
    assert not Referral.objects.visible_to(cast.world.ada).filter(pk=closed.pk).exists()


def test_the_nightly_look_lets_go_whom_a_failure_left(cast):
    """The control of the nightly step: an assignment that outlived its work ends, once."""
    closed = close(cast.active(), cast)
    Assignment.objects.create(referral=closed, worker=cast.by("ada"), role=ADVISER)

    assert [services.let_all_go(), services.let_all_go()] == [1, 0]


def test_an_advisers_work_on_a_placement_starts_the_clock_of_their_referral_anew(cast):
    referral, ada = cast.advised_alone(), cast.by("ada")
    with at(now() + timedelta(days=5)):
        placement = demo.apply(referral, cast.opportunity(), by=cast.world.ada)
        applied = again(referral).due_at
    with at(now() + timedelta(days=9)):
        demo.step(placement, "chase", by=cast.world.ada)

    assert referral.due_at < applied < again(referral).due_at
    assert again(referral).owner == ada


def test_a_mentors_clock_is_the_mentors(cast):
    referral = cast.active()
    with at(now() + timedelta(days=3)):
        demo.apply(referral, cast.opportunity(), by=cast.world.ada)

    assert again(referral).due_at == referral.due_at


def test_an_adviser_beside_a_mentor_is_not_left_behind_when_their_role_ends(cast):
    avi, referral = second_adviser(cast.world), cast.active()
    placed = cast.placement("started", started_on=weeks_ago(1))
    membership = cast.by("ada").memberships.get()

    lines = handover.open_work(membership)
    accounts.end_membership(by=cast.by("adam"), membership=membership, hand_over_to=avi)

    assert f"Adviser of referral {referral.reference}" in lines
    assert f"Placement {placed.reference}" in lines
    advisers = Assignment.objects.current().filter(role=ADVISER)
    assert {each.worker for each in advisers} == {avi}
    assert again(placed).owner == avi
    assert checks.nobody_lost() == []


def test_who_advised_whom_until_when_is_told_after_a_hand_over(cast):
    avi, ada, adam = second_adviser(cast.world), cast.by("ada"), cast.by("adam")
    beside, owned = cast.active(), cast.advised_alone()
    after_support = close(cast.placement("started", started_on=weeks_ago(1)).referral, cast)
    later = now() + timedelta(days=1)

    with at(later):
        accounts.end_membership(by=adam, membership=ada.memberships.get(), hand_over_to=avi)

    for referral in (beside, owned, after_support):
        worked = Assignment.objects.filter(referral=referral, role=ADVISER).order_by("started_at")
        assert [each.worker for each in worked] == [ada, avi], referral.status
        assert worked[0].ended_at == worked[1].started_at == later
        told = Message.objects.filter(case_id=referral.pk, recipient=avi).count()
        noted = Event.objects.of(referral).filter(name__startswith="hand_over", actor_id=adam.pk)
        assert (told, noted.count()) == (1, 1)
    assert checks.nobody_lost() == []
