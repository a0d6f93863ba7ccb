"""The end report: who writes it, who approves it, and when its words reach the referrer."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from accounts import services as accounts
from casework import checks, escalation
from casework.calendar import at, now
from casework.models import Message, Reason
from casework.workflow import Conflict, move, moves
from referrals.models import Referral
from referrals.queues import REFERRAL_QUEUES
from referrals.services import report_of, report_shown
from tests.personas import REPORT, Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(world):
    return Cast(world)


def reported(cast, by="max"):
    return move(cast.case(Referral, "closing"), "write_report", by=cast.by(by), **REPORT)


def waiting_for(cast, who):
    rows = Referral.objects.visible_to(cast.by(who))
    return set(
        REFERRAL_QUEUES["to-approve"].choose(rows, cast.by(who)).values_list("pk", flat=True)
    )


def names(referral, user):
    return {each.name for each in moves(referral, user)}


def test_an_ending_without_a_report_cannot_be_approved(cast):
    closing = cast.case(Referral, "closing")

    with pytest.raises(Conflict):
        move(closing, "approve_end", by=cast.by("cleo"))


def test_whoever_wrote_it_never_approves_it(cast):
    referral = reported(cast, by="cora")

    assert not {"approve_end", "return_report"} & names(referral, cast.by("cora"))
    with pytest.raises(PermissionDenied):
        move(referral, "approve_end", by=cast.by("cora"))
    assert (waiting_for(cast, "cora"), waiting_for(cast, "cleo")) == (set(), {referral.pk})


def test_the_referrer_reads_nothing_before_approval_and_exactly_its_words_after(cast, sign_in):
    referral = reported(cast)
    of_it = Reason.objects.filter(case_id=referral.pk)
    alex = sign_in(cast.by("alex"))

    def shown():
        page = alex.get(referral.home()).text
        return [words in page for words in REPORT.values()]

    assert not of_it.filter(band="shared", name__in=[*REPORT, "report"]).exists()
    assert not any(shown())
    closed = move(referral, "approve_end", by=cast.by("cora"))

    read = of_it.get(name="report")
    assert (closed.status, read.band) == ("closed", "shared")
    assert all(words in read.text for words in REPORT.values())
    assert all(shown())
    assert Message.objects.filter(case_id=closed.pk, recipient=cast.by("alex")).exists()


def test_a_report_that_is_not_good_enough_is_owed_again_by_its_writer(cast, sign_in):
    back = move(reported(cast), "return_report", by=cast.by("cora"), why="Say what is left.")

    assert (back.status, back.owner, back.reported_by) == ("closing", cast.by("max"), None)
    assert report_of(back) == REPORT  # for its writer to better
    assert "approve_end" not in names(back, cast.by("cora"))
    form = f"{back.home()}write-report/"
    assert "Say what is left." in sign_in(cast.by("max")).get(form).text

    again = move(back, "write_report", by=cast.by("max"), **REPORT)

    assert "Say what is left." not in sign_in(cast.by("max")).get(form).text
    assert "approve_end" in names(again, cast.by("cora"))


def test_a_report_of_an_ending_that_was_undone_is_not_that_of_the_next(cast):
    goes_on = move(reported(cast), "send_back", by=cast.by("cora"), why="They stay.")
    assert (goes_on.status, goes_on.owner) == ("active", cast.by("max"))

    ends = {"ending": "completed_plan", "why": "Now it does."}
    closing = move(goes_on, "start_closing", by=cast.by("max"), **ends)

    assert (report_of(closing), report_shown(closing)) == ({}, [])
    assert "approve_end" not in names(closing, cast.by("cora"))


def test_who_worked_with_them_hears_that_the_report_was_approved(cast):
    referral = move(reported(cast), "approve_end", by=cast.by("cora"))

    told = Message.objects.filter(case_id=referral.pk, letter="referral.approve_end")
    assert {row.recipient.name for row in told} == {"Alex Invented", "Max Invented"}


def test_when_nobody_works_with_them_any_more_a_coordinator_writes_the_report_anew(cast):
    referral = reported(cast)
    (membership,) = cast.by("max").memberships.all()
    accounts.end_membership(by=None, membership=membership)
    cora = cast.by("cora")

    assert not {"return_report", "send_back"} & names(referral, cora)
    anew = move(referral, "write_report", by=cora, **REPORT)
    assert checks.nobody_lost() == []
    assert move(anew, "approve_end", by=cast.by("cleo")).status == "closed"


def test_a_report_that_nobody_approves_climbs_to_who_may_approve_it(cast):
    referral = reported(cast, by="cora")
    assert "approve_end" not in names(referral, cast.by("pru"))

    with at(now() + timedelta(days=30)):
        for _ in range(escalation.STEPS):
            escalation.sweep()
        late = Referral.objects.get(pk=referral.pk)
        assert "approve_end" in names(late, cast.by("pru"))
        closed = move(late, "approve_end", by=cast.by("pru"))
        assert closed.status == "closed"
    assert checks.nobody_lost() == []
