"""Sustainment checks: scheduled once, answered by people, broken by dates, never lost."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from casework import checks as casework_checks
from casework import escalation
from casework.calendar import at, close_of, now, today
from casework.models import Event, Message
from casework.workflow import Conflict
from pathways import demo, services
from pathways.models import EteStatus, Placement, SustainmentCheck
from pathways.services.placements import schedule
from tests.pathways.cast import PathwayCast, again, weeks_ago

Status = SustainmentCheck.Status


def answer(check, cast, status=Status.ACHIEVED, **details):
    evidence = "third_party" if status == Status.ACHIEVED else ""
    facts = {"asked_on": today(), "evidence": evidence, **details}
    return services.answer_check(check=check, by=cast.by("ada"), status=status, **facts)


def test_checks_are_scheduled_once(cast):
    placement = cast.placement("started")
    before = list(placement.checks.values_list("pk", "due_on"))

    schedule(placement, placement.started_on)
    schedule(placement, placement.started_on)

    assert list(placement.checks.values_list("pk", "due_on")) == before
    twin = placement.checks.first()
    twin.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save(force_insert=True)


def test_an_answer_confirms_what_they_do_and_the_clock_goes_to_the_next(cast):
    placement = cast.placement("started", started_on=weeks_ago(5))
    before = EteStatus.objects.current().get(young_person=placement.referral.young_person)
    EteStatus.objects.filter(pk=before.pk).update(verified_on=weeks_ago(5))

    answered = answer(placement.checks.get(point=4), cast, evidence="document")

    assert (answered.status, answered.answered_by) == (Status.ACHIEVED, cast.by("ada"))
    status = EteStatus.objects.current().get(young_person=placement.referral.young_person)
    assert (status.kind, status.code, status.verified_on) == ("confirmed", "330", today())
    assert again(placement).due_at == close_of(weeks_ago(5) + timedelta(weeks=13))
    event = Event.objects.of(placement).get(name="answer_check")
    assert event.detail == {"point": 4, "answer": "achieved"}


def test_not_reached_is_not_the_same_as_not_there(cast):
    placement = cast.placement("started", started_on=weeks_ago(14))
    first, second = placement.checks.get(point=4), placement.checks.get(point=13)

    answer(first, cast, Status.UNABLE_TO_CONTACT, note="Rang three times, wrote once.")
    answer(second, cast, Status.NOT_ACHIEVED)

    by_status = {status: placement.checks.filter(status=status).count() for status in Status}
    assert by_status == {
        Status.DUE: 1,
        Status.ACHIEVED: 0,
        Status.NOT_ACHIEVED: 1,
        Status.BROKEN: 0,
        Status.UNABLE_TO_CONTACT: 1,
    }
    status = EteStatus.objects.current().get(young_person=placement.referral.young_person)
    assert status.kind == "change"  # neither answer says that they are there


def test_a_check_is_answered_on_its_day_and_not_before(cast):
    placement = cast.placement("started")
    check = placement.checks.get(point=4)

    with pytest.raises(ValidationError, match="Answer it then"):
        answer(check, cast)
    with at(now() + timedelta(weeks=4)):
        answered = answer(check, PathwayCast(cast.world))

    assert answered.status == Status.ACHIEVED


def test_an_answer_is_given_once(cast):
    placement = cast.placement("started", started_on=weeks_ago(5))
    check = placement.checks.get(point=4)
    answer(check, cast)

    with pytest.raises(Conflict):
        answer(check, cast, Status.NOT_ACHIEVED)


@pytest.mark.parametrize("who", ["max", "dev", "alex", "sam", "sol", "ivy"])
def test_only_those_who_handle_a_placement_answer_its_checks(cast, who):
    placement = cast.placement("started", started_on=weeks_ago(5))

    with pytest.raises(PermissionDenied):
        services.answer_check(
            check=placement.checks.get(point=4),
            by=cast.by(who),
            status=Status.NOT_ACHIEVED,
            asked_on=today(),
        )


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"asked_on": 1}, "asked_on"),
        ({"asked_on": -70}, "asked_on"),  # before they started
        ({"evidence": ""}, "__all__"),  # still there, and nobody says how we know
        ({"status": Status.BROKEN}, "status"),  # follows from dates, is no answer
        ({"status": Status.DUE}, "status"),
    ],
)
def test_answers_that_cannot_be_are_refused(cast, changes, field):
    placement = cast.placement("started", started_on=weeks_ago(5))
    if isinstance(changes.get("asked_on"), int):
        changes = {"asked_on": today() + timedelta(days=changes["asked_on"])}

    with pytest.raises(ValidationError) as refused:
        answer(placement.checks.get(point=4), cast, **changes)

    assert set(refused.value.error_dict) == {field}


def test_the_last_answer_ends_the_placement(cast):
    placement = cast.placement("started", started_on=weeks_ago(27))

    for check in placement.checks.due():
        assert again(placement).status == "started"
        answer(check, cast, evidence="document")

    ended = again(placement)
    assert (ended.status, ended.owner, ended.due_at) == ("ended", None, None)
    assert casework_checks.nobody_lost() == []


def test_a_wrong_answer_is_put_right_and_stays(cast):
    placement = cast.placement("started", started_on=weeks_ago(5))
    wrong = answer(placement.checks.get(point=4), cast, Status.NOT_ACHIEVED)

    right = services.correct_check(
        check=wrong,
        by=cast.by("ada"),
        status=Status.ACHIEVED,
        asked_on=today(),
        evidence="document",
        why="I rang the wrong branch.",
    )

    assert (again(wrong).status, again(wrong).is_current) == (Status.NOT_ACHIEVED, False)
    assert (right.corrects, right.is_current, right.why_corrected[:6]) == (wrong, True, "I rang")
    assert placement.checks.current().get(point=4) == right
    with pytest.raises(Conflict):  # the one that was corrected is corrected no more
        services.correct_check(
            check=wrong, by=cast.by("ada"), status=Status.ACHIEVED, asked_on=today(),
            evidence="document", why="Again.",
        )  # fmt: skip


def test_a_check_that_is_due_cannot_be_corrected(cast):
    check = cast.placement("started", started_on=weeks_ago(5)).checks.get(point=4)

    with pytest.raises(Conflict):
        services.correct_check(
            check=check, by=cast.by("ada"), status=Status.NOT_ACHIEVED, asked_on=today(), why="x"
        )


def test_a_break_over_28_days_breaks_the_checks_that_it_covers(cast):
    placement = cast.placement("started", started_on=weeks_ago(6))
    left = demo.step(placement, "leave", by=cast.by("ada"), ended_on=weeks_ago(1))

    with at(now() + timedelta(days=21)):  # 28 days after they left: the last of the bridge
        assert services.end_breaks() == {"broken": 0, "ended": 0}
    with at(now() + timedelta(days=22)):
        assert services.end_breaks() == {"broken": 2, "ended": 0}
        assert services.end_breaks() == {"broken": 0, "ended": 0}

    states = {check.point: check.status for check in left.checks.current()}
    assert states == {4: Status.DUE, 13: Status.BROKEN, 26: Status.BROKEN}
    assert again(left).status == "left_early"  # the 4-week answer, and a contact, are still owed
    told = Message.objects.filter(case_id=left.pk, letter="placement.break_checks")
    assert {message.recipient for message in told} == {cast.by("ada"), cast.by("cora")}


def test_who_left_is_not_forgotten_when_the_checks_are_broken(cast):
    """Without a contact the placement stays open and climbs; with it, it ends."""
    placement = cast.placement("started", started_on=weeks_ago(3))
    left = demo.step(placement, "leave", by=cast.by("ada"), ended_on=weeks_ago(2))

    with at(now() + timedelta(days=40)):
        escalation.sweep()
        services.end_breaks()
        assert again(left).status == "left_early" and again(left).escalation > 0
        assert casework_checks.nobody_lost() == []

        met = demo.step(again(left), "contact", by=cast.world.ada)

    assert again(met).status == "ended"


def test_who_completed_and_has_nothing_after_28_days_is_without_a_route(cast):
    placement = cast.placement("started", started_on=weeks_ago(6))
    demo.answer_due(placement, by=cast.by("ada"))
    demo.step(again(placement), "complete", by=cast.by("ada"), ended_on=today())

    with at(now() + timedelta(days=29)):
        assert services.end_breaks() == {"broken": 2, "ended": 1}

    assert again(placement).status == "ended"


def test_what_they_were_there_for_can_be_answered_after_they_left(cast):
    placement = cast.placement("started", started_on=weeks_ago(6))
    left = demo.step(placement, "leave", by=cast.by("ada"), ended_on=weeks_ago(1))

    answered = answer(left.checks.get(point=4), cast)

    assert answered.status == Status.ACHIEVED
    assert again(left).due_at == left.due_at  # speaking with them is not put off by it


def test_what_falls_into_a_break_waits_for_its_end(cast):
    placement = cast.placement("started", started_on=weeks_ago(5))
    left = demo.step(placement, "leave", by=cast.by("ada"), ended_on=weeks_ago(2))

    with pytest.raises(ValidationError, match="They have left"):
        answer(left.checks.get(point=4), cast)

    demo.step(left, "move_on", by=cast.by("ada"), starts_on=today())
    assert answer(left.checks.get(point=4), cast).status == Status.ACHIEVED


def test_a_late_check_climbs_as_any_case_does(cast):
    placement = cast.placement("started", started_on=weeks_ago(5))

    escalation.sweep()

    late = Message.objects.filter(case_id=placement.pk, letter="placement.late")
    assert [message.recipient for message in late] == [cast.by("ada")]
    assert SustainmentCheck.objects.askable().filter(due_on__lt=today()).count() == 1


def test_nobody_lost_finds_a_check_whose_placement_has_ended_or_sleeps(cast):
    """The control: planted past the engine, each way to lose a check is found."""
    placement = cast.placement("started", started_on=weeks_ago(1))
    assert casework_checks.nobody_lost() == []

    Placement.objects.filter(pk=placement.pk).update(due_at=now() + timedelta(weeks=20))
    asleep = {lost.why for lost in casework_checks.nobody_lost()}
    Placement.objects.filter(pk=placement.pk).update(status="ended", owner=None, due_at=None)
    ended = {lost.why for lost in casework_checks.nobody_lost()}

    assert asleep == {"a check is due before its placement is looked at"}
    assert ended == {"a check is due, and the placement has ended"}
