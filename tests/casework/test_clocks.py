"""Clocks and escalation: whose turn it is, until when, and who is told when it is late."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django_q.models import OrmQ

from accounts import roles
from accounts import services as accounts
from accounts.models import Membership, User
from casework import calendar, clocks, escalation, timeline
from casework.calendar import at
from casework.models import ClockRule, Event, Message, Term
from casework.workflow import move
from referrals.models import Concern, Referral
from referrals.services import raise_concern
from waymark.demo import making

LONDON = ZoneInfo("Europe/London")
DAY = timedelta(days=1)
CLEO = "cleo@example.org"
TERMS = [(date(2026, 6, 1), date(2026, 7, 22)), (date(2026, 9, 2), date(2026, 10, 16))]
MONDAY = datetime(2026, 11, 2, 10, 0, tzinfo=LONDON)


def close(day):
    return datetime(day.year, day.month, day.day, 17, 0, tzinfo=LONDON)


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        (datetime(2026, 11, 2, 10, tzinfo=LONDON), 1, date(2026, 11, 3)),
        (datetime(2026, 11, 6, 23, tzinfo=LONDON), 1, date(2026, 11, 9)),  # over a weekend
        (datetime(2026, 12, 24, 9, tzinfo=LONDON), 1, date(2026, 12, 29)),  # Christmas, Boxing Day
        (datetime(2026, 4, 2, 9, tzinfo=LONDON), 2, date(2026, 4, 8)),  # Good Friday, Easter Monday
        (datetime(2026, 10, 23, 12, tzinfo=LONDON), 2, date(2026, 10, 27)),  # the clocks go back
        (datetime(2026, 11, 2, 10, tzinfo=LONDON), 0, date(2026, 11, 2)),  # the same day
        (datetime(2026, 11, 6, 18, tzinfo=LONDON), 0, date(2026, 11, 9)),  # which was over
        (datetime(2026, 11, 7, 10, tzinfo=LONDON), 0, date(2026, 11, 9)),  # which was a Saturday
    ],
)
def test_working_days_skip_weekends_and_bank_holidays(start, count, end):
    assert calendar.working_days_after(start, count) == close(end)


def test_school_days_skip_what_lies_outside_the_terms(db):
    Term.objects.create(name="Autumn 1", starts_on=date(2026, 9, 1), ends_on=date(2026, 10, 23))
    Term.objects.create(name="Autumn 2", starts_on=date(2026, 11, 2), ends_on=date(2026, 12, 18))

    due = clocks.add(datetime(2026, 10, 22, 9, tzinfo=LONDON), 2, ClockRule.Unit.SCHOOL_DAYS)

    assert due == close(date(2026, 11, 2))


def test_a_school_that_is_asked_in_the_holidays_answers_in_term(world):
    clocks.record_term("Summer", date(2026, 6, 1), date(2026, 7, 22))
    clocks.record_term("Autumn", date(2026, 9, 2), date(2026, 10, 16))
    with at(datetime(2026, 7, 22, 10, tzinfo=LONDON)):
        sent = making.refer(by=world.alex, programme=world.programme)
        case = move(sent, "start_triage", by=world.cora)
        asked = move(case, "ask", by=world.cora, question="Which school?")

    assert asked.due_at == close(date(2026, 9, 15))


def test_a_question_stops_the_clock_of_triage(world):
    with at(MONDAY):
        triage = move(
            making.refer(by=world.alex, programme=world.programme), "start_triage", by=world.cora
        )
    assert triage.due_at == close(date(2026, 11, 9))
    with at(MONDAY + timedelta(days=1)):
        asked = move(triage, "ask", by=world.cora, question="Which school?")
    with at(MONDAY + timedelta(days=8)):
        answered = move(asked, "answer", by=world.alex, answer="Northside.")

    assert asked.owner == world.alex
    assert answered.owner == world.cora
    # Four of five working days were left on Tuesday 3; they run from Tuesday 10.
    assert answered.due_at == close(date(2026, 11, 16))


def test_lateness_climbs_owner_then_boss_then_coordinators_then_programme_manager(world):
    with at(MONDAY):
        sent = making.refer(by=world.alex, programme=world.programme)
        case = move(sent, "start_triage", by=world.cora)
    told = []
    for days in (8, 9, 10, 11):
        with at(MONDAY + timedelta(days=days)):
            escalation.sweep()
        letters = Message.objects.filter(case_id=case.pk, letter="referral.late")
        told.append({letter.recipient.first_name for letter in letters})

    assert told == [
        {"Cora"},
        {"Cora", "Pru"},
        {"Cora", "Pru", "Cleo"},
        {"Cora", "Pru", "Cleo"},
    ]
    late = [line.did for line in timeline.entries(case, by=world.cora)[0] if "is late" in line.did]
    assert late[::-1] == [
        "told whoever has it that this is late",
        "told whom they report to that this is late",
        "told the coordinators that this is late",
        "told the programme managers that this is late",
    ]
    assert Referral.objects.visible_to(world.pru).filter(pk=case.pk).exists()


def climbed(case, *days):
    """What the timeline says of each step, swept on these days after the Monday."""
    for day in days:
        with at(MONDAY + timedelta(days=day, hours=8)):
            escalation.sweep()
    reader = User.objects.get(email="sol@example.org" if case.KIND == "concern" else CLEO)
    lines = timeline.entries(case, by=reader)[0]
    return [line.did for line in lines if "is late" in line.did][::-1]


def late_letters(case):
    rows = Message.objects.filter(case_id=case.pk, letter=f"{case.KIND}.late")
    return {letter.recipient.first_name for letter in rows}


def in_triage(world):
    with at(MONDAY):
        sent = making.refer(by=world.alex, programme=world.programme)
        return move(sent, "start_triage", by=world.cora)


def test_a_step_on_which_nobody_stands_is_passed_at_once_and_not_told_as_made(world):
    world.cora.memberships.update(reports_to=None)
    case = in_triage(world)

    assert climbed(case, 7, 8) == [
        "told whoever has it that this is late",
        "told the coordinators that this is late",
    ]
    assert late_letters(case) == {"Cora", "Cleo"}
    assert climbed(case, 9) == climbed(case)  # the next step keeps its day
    assert climbed(case, 10)[-1] == "told the programme managers that this is late"


def test_a_concern_where_nobody_leads_comes_up_at_once_to_the_managers_who_then_see_it(world):
    with at(MONDAY):
        concern = raise_concern(by=world.alex, area=world.city, origin="worry", fact="Words.")
    Membership.objects.filter(role="safeguarding_lead").update(ends_on=MONDAY.date() - DAY)

    assert climbed(concern, 0) == ["told the programme managers that this is late"]
    assert Concern.objects.visible_to(world.pru).filter(pk=concern.pk).exists()


def test_where_nobody_can_be_told_no_step_is_made(world):
    case = in_triage(world)
    type(case)._base_manager.filter(pk=case.pk).update(escalation=2)
    Membership.objects.filter(role__in=["coordinator", "programme_manager"]).update(
        ends_on=MONDAY.date()
    )

    assert climbed(case, 20) == []
    assert type(case)._base_manager.get(pk=case.pk).escalation == 2


def test_to_whom_somebody_reports_as_something_else_is_not_told(world):
    unit = world.cora.memberships.get().organisation
    accounts.grant(
        by=None, user=world.cora, organisation=unit, role=roles.Analyst,
        areas=[world.city], reports_to=world.ana,
    )  # fmt: skip
    case = in_triage(world)
    climbed(case, 7, 8)

    assert late_letters(case) == {"Cora", "Pru"}


def test_a_late_concern_climbs_from_the_leads_to_the_deputy_and_the_managers_alone(world):
    with at(MONDAY):
        concern = raise_concern(by=world.alex, area=world.city, origin="worry", fact="Words.")
    assert concern.due_at == close(MONDAY)
    told = []
    for days in (0, 1, 2, 3):
        with at(MONDAY + timedelta(days=days, hours=8)):
            escalation.sweep()
        letters = Message.objects.filter(case_id=concern.pk, letter="concern.late")
        told.append({letter.recipient.first_name for letter in letters})

    assert told == [{"Sol", "Sky"}, {"Sol", "Sky"}, {"Sol", "Sky", "Pru"}, {"Sol", "Sky", "Pru"}]
    assert Concern.objects.visible_to(world.pru).filter(pk=concern.pk).exists()
    assert not Concern.objects.visible_to(world.cora).exists()
    late = [
        line.did for line in timeline.entries(concern, by=world.sol)[0] if "is late" in line.did
    ]
    assert late[::-1] == [
        "told whoever has it that this is late",
        "told the deputy that this is late",
        "told the programme managers that this is late",
        "told the programme managers that this is late",
    ]


def test_who_asks_for_the_outcome_of_a_concern_has_three_more_days(world):
    with at(MONDAY):
        concern = raise_concern(by=world.alex, area=world.city, origin="worry", fact="Words.")
        concern = move(concern, "acknowledge", by=world.sol)
        to = {"passed_to": "MASH", "passed_reference": "", "words": "Rang."}
        concern = move(concern, "pass_on", by=world.sol, **to)
    with at(MONDAY + timedelta(days=3)):
        chased = move(concern, "chase", by=world.sol, words="Nothing yet.")

    assert concern.due_at == close(MONDAY + timedelta(days=3))
    assert (chased.status, chased.due_at) == ("passed_on", close(date(2026, 11, 10)))


def test_a_sweep_twice_is_a_sweep_once(world):
    with at(MONDAY):
        case = making.refer(by=world.alex, programme=world.programme)
    with at(MONDAY + timedelta(days=2)):
        escalation.sweep()
        before = Message.objects.count(), Event.objects.of(case).count()
        escalation.sweep()

    assert (Message.objects.count(), Event.objects.of(case).count()) == before


def test_a_reminder_comes_once_before_the_date(world):
    with at(MONDAY):
        case = move(
            making.refer(by=world.alex, programme=world.programme), "start_triage", by=world.cora
        )
    for hours in (1, 24 * 6, 24 * 6 + 4):
        with at(MONDAY + timedelta(hours=hours)):
            escalation.sweep()

    letters = Message.objects.filter(case_id=case.pk, letter="referral.reminder")
    assert [letter.recipient.first_name for letter in letters] == ["Cora"]


def test_a_school_is_reminded_by_days_in_term(world):
    clocks.record_term("Summer", date(2026, 6, 1), date(2026, 7, 22))
    clocks.record_term("Autumn", date(2026, 9, 2), date(2026, 10, 16))

    reminder = clocks.before(close(date(2026, 9, 4)), 5, ClockRule.Unit.SCHOOL_DAYS)

    # Thursday and Wednesday of September, then three days of July.
    assert reminder.astimezone(LONDON).date() == date(2026, 7, 20)


@pytest.mark.parametrize("day", [date(2025, 3, 6), date(2027, 3, 4)])
def test_where_no_term_is_known_every_working_day_counts(day):
    assert calendar.counts(day, TERMS)
    assert not calendar.counts(date(2026, 8, 3), TERMS)


def test_a_reminder_of_long_before_comes_when_it_is_due(world):
    ClockRule.objects.filter(kind="referral", state="triage").update(limit=90, remind_before=60)
    case = in_triage(world)
    begin = clocks.before(case.due_at, 60, ClockRule.Unit.WORKING_DAYS)
    assert case.due_at - begin > timedelta(days=80)

    with at(begin + timedelta(hours=9)):
        escalation.sweep()

    assert Message.objects.filter(case_id=case.pk, letter="referral.reminder").exists()


def test_a_sweep_counts_what_it_wrote_and_wakes_the_relay_once_for_all(world):
    with at(MONDAY):
        for _ in range(2):
            sent = making.refer(by=world.alex, programme=world.programme)
            move(sent, "start_triage", by=world.cora)
    with at(MONDAY + timedelta(days=6)):
        OrmQ.objects.all().delete()
        swept = [escalation.sweep()["reminded"]]
        woken = [OrmQ.objects.count()]
        swept.append(escalation.sweep()["reminded"])
        woken.append(OrmQ.objects.count())

    assert swept[0] >= 2 and swept[1] == 0
    assert woken == [1, 1]


@pytest.mark.parametrize(
    ("when", "who"),
    [
        (datetime(2026, 11, 3, 11, tzinfo=LONDON), {"Sol", "Sky"}),
        (datetime(2026, 11, 7, 23, tzinfo=LONDON), {"Sky"}),  # Saturday night: the deputy
    ],
)
def test_danger_counts_real_minutes_and_alarms_whoever_is_there(world, when, who):
    with at(when):
        concern = raise_concern(
            by=world.alex, area=world.city, origin="danger", is_danger=True, fact="Words."
        )

    assert concern.due_at == when + timedelta(minutes=60)
    letters = Message.objects.filter(case_id=concern.pk)
    assert {letter.recipient.first_name for letter in letters} == who


def test_live_mode_lets_nobody_set_the_clock(settings):
    from django.core.exceptions import ImproperlyConfigured

    settings.WAYMARK_MODE = "live"

    with pytest.raises(ImproperlyConfigured), at(MONDAY):
        pass
