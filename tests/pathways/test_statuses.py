"""The history of what a young person does."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from casework.calendar import at, now, today
from casework.models import Event, Message
from pathways import demo, services
from pathways.models import EteStatus
from pathways.progress import sign_of
from tests.pathways.cast import again

Kind = EteStatus.Kind


def test_a_new_status_makes_history_of_the_one_before(cast):
    referral = cast.active()
    first = demo.confirm(referral, by=cast.by("ada"), code="619")

    second = demo.confirm(referral, by=cast.by("ada"), code="330", starts_on=today())

    rows = EteStatus.objects.filter(young_person=referral.young_person)
    assert [(row.code, row.is_current) for row in rows] == [("330", True), ("619", False)]
    assert second.lapses_on and again(first).code == "619"
    assert Event.objects.of(referral).filter(name="record_status").count() == 2


def test_a_history_is_never_written_over(cast):
    """Only that a row is no longer current may change in it."""
    referral = cast.active()
    first = demo.confirm(referral, by=cast.by("ada"), code="619")
    kept = {f.attname: getattr(again(first), f.attname) for f in EteStatus._meta.concrete_fields}

    known = {"kind": Kind.CONFIRMED, "verified_on": today(), "evidence": "document"}
    demo.confirm(referral, by=cast.by("ada"), code="619", **known)
    demo.confirm(referral, by=cast.by("ada"), code="610", kind=Kind.CORRECTION)

    now_there = {f: getattr(again(first), f) for f in kept}
    assert {f for f in kept if kept[f] != now_there[f]} == {"is_current"}
    assert EteStatus.objects.filter(young_person=referral.young_person).count() == 3


def test_there_is_at_most_one_current_status(cast):
    referral = cast.active()
    first = demo.confirm(referral, by=cast.by("ada"), code="619")

    first.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        first.save(force_insert=True)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"starts_on": 1}, "starts_on"),  # tomorrow
        ({"verified_on": 1}, "verified_on"),
        ({"starts_on": -40 * 366}, "starts_on"),  # before they were born
        ({"starts_on": -2, "verified_on": -5}, "__all__"),  # confirmed before it began
        ({"starts_on": -2, "ends_on": -5}, "__all__"),
        ({"code": "999"}, "code"),
        ({"hours": 200}, "hours"),
        ({"kind": Kind.CONFIRMED}, "kind"),  # nothing is there to confirm
    ],
)
def test_dates_and_codes_that_cannot_be_are_refused_by_their_field(cast, changes, field):
    typed = {
        name: today() + timedelta(days=value)
        if name.endswith("_on") and isinstance(value, int)
        else value
        for name, value in changes.items()
    }
    facts = {"code": "330", "kind": Kind.CHANGE, "verified_on": today(), "evidence": "document"}

    with pytest.raises(ValidationError) as refused:
        services.record_status(referral=cast.active(), by=cast.by("ada"), **{**facts, **typed})

    assert set(refused.value.error_dict) == {field}


def test_a_change_cannot_be_older_than_what_it_changes(cast):
    referral, ada = cast.active(), cast.by("ada")
    demo.confirm(referral, by=ada, code="330", starts_on=today())

    with pytest.raises(ValidationError) as refused:
        demo.confirm(referral, by=ada, code="619", starts_on=today() - timedelta(days=9))

    assert "starts_on" in refused.value.error_dict


def test_a_confirmation_cannot_carry_something_else(cast):
    referral, ada = cast.active(), cast.by("ada")
    demo.confirm(referral, by=ada, code="330", starts_on=today())

    with pytest.raises(ValidationError) as refused:
        demo.confirm(referral, by=ada, code="360", starts_on=today(), kind=Kind.CONFIRMED)

    assert "kind" in refused.value.error_dict


@pytest.mark.parametrize("who", ["alex", "bea", "sol", "mia", "dev", "ivy", "sam", "pru"])
def test_only_those_who_work_with_them_record_what_they_do(cast, who):
    with pytest.raises(PermissionDenied):
        demo.confirm(cast.active(), by=cast.by(who), code="619")


@pytest.mark.parametrize("who", ["max", "ada", "cora"])
def test_their_mentor_their_adviser_and_their_coordinator_record_it(cast, who):
    assert demo.confirm(cast.active(), by=cast.by(who), code="619").verified_by == cast.by(who)


def test_what_has_lapsed_is_flagged_and_never_gets_another_code(cast):
    referral = cast.active()
    status = demo.confirm(referral, by=cast.by("ada"), code="619")
    later = now() + timedelta(days=120)

    with at(later):
        counts = [services.flag_lapsed(), services.flag_lapsed()]
        flagged = again(status)
        words = sign_of(flagged).words

    assert counts == [1, 0]
    assert (flagged.code, flagged.is_current, flagged.lapsed_at) == ("619", True, later)
    assert EteStatus.objects.filter(young_person=referral.young_person).count() == 1
    day = status.verified_on
    assert words == f"Not current, last confirmed {day.day} {day:%B}" + (
        f" {day.year}" if later.year != day.year else ""
    )
    told = Message.objects.filter(case_id=referral.pk, letter="referral.status_lapsed")
    assert {message.recipient for message in told} == {cast.by("max"), cast.by("ada")}


def test_what_has_lapsed_is_no_place_any_more(cast):
    referral = cast.active()
    demo.confirm(referral, by=cast.by("ada"), code="330", starts_on=today())

    assert EteStatus.objects.in_place().filter(young_person=referral.young_person).exists()
    with at(now() + timedelta(days=200)):
        assert not EteStatus.objects.in_place().exists()
        assert EteStatus.objects.lapsing().count() == 1


def test_confirming_again_begins_its_time_anew(cast):
    referral, ada = cast.active(), cast.by("ada")
    first = demo.confirm(referral, by=ada, code="619")

    with at(now() + timedelta(days=100)):
        second = demo.confirm(referral, by=ada, code="619", kind=Kind.CONFIRMED)
        assert not second.is_lapsed

    assert second.lapses_on > first.lapses_on and second.lapsed_at is None
