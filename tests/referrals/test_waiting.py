"""Who waits for a place is looked at again every twenty working days, and their referrer hears."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from casework import calendar, escalation
from casework.calendar import at
from casework.models import Message
from casework.workflow import move
from referrals.models import Referral
from waymark.demo import making

MONDAY = datetime(2026, 9, 7, 10, 0, tzinfo=ZoneInfo("Europe/London"))


def waiting(world) -> Referral:
    sent = making.refer(by=world.alex, programme=world.programme)
    case = move(sent, "start_triage", by=world.cora)
    return move(case, "wait", by=world.cora, **making.TRIAGED)


def test_a_review_tells_the_referrer_and_the_next_is_due_from_then(world, sign_in):
    with at(MONDAY):
        case = waiting(world)
    assert case.due_at == calendar.close_of(date(2026, 10, 5))
    with at(MONDAY + timedelta(days=29)):
        escalation.sweep()
    late = Referral.objects.get(pk=case.pk)
    assert late.escalation == 1

    with at(MONDAY + timedelta(days=30)):
        kept = move(late, "keep_waiting", by=world.cora, words="About four weeks more.")

    assert (kept.status, kept.escalation) == ("waiting", 0)
    assert kept.due_at == calendar.close_of(date(2026, 11, 4))
    told = Message.objects.get(case_id=case.pk, letter="referral.keep_waiting")
    assert told.recipient == world.alex
    page = sign_in(world.alex).get(f"/referrals/{case.reference}/")
    assert "About four weeks more." in page.text
