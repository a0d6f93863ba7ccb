"""Sessions: written down once, honest about time, and what follows from them."""

import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from casework import checks as lost
from casework.calendar import at, london, now, today, working_days_after
from casework.models import Event, Message, Note
from casework.workflow import Conflict
from mentoring import demo, services
from mentoring.forms import SessionForm
from mentoring.models import Match, Session
from mentoring.queues import MATCH_QUEUES
from referrals.models import Concern, Referral, Risk
from tests.conftest import signed_in

S = Match.State


@pytest.fixture
def running(register):
    return register.match(S.ACTIVE)


def typed(**changes):
    """What a mentor taps and types."""
    begun = london(now() - timedelta(hours=2))
    values = {
        "submit_key": str(uuid.uuid4()),
        "attended": "yes",
        "day": f"{begun:%Y-%m-%d}",
        "time": f"{begun:%H:%M}",
        "minutes": "60",
        "place": "library",
        "mode": "together",
        "activities": ["talk", "walk"],
        "did": "We walked and talked.",
        "ete_moved": "False",
        "is_worried": "False",
    }
    return {**values, **changes}


@pytest.fixture
def post(browse):
    """Submit the form of a session as somebody."""

    def submit(who, match, **changes):
        return browse(who).post(f"/matches/{match.reference}/session/", typed(**changes))

    return submit


def test_a_session_is_saved_in_one_submit(post, world, running):
    answer = post("max", running)

    assert answer.status_code == 302
    session = Session.objects.get(match=running)
    assert (session.status, session.attended, session.minutes) == ("held", "yes", 60)
    assert session.note.fact.endswith("We walked and talked.")
    assert (session.note.kind, session.note.band) == ("session", "team")
    assert session.note.case_id == running.referral_id


def test_a_repeat_of_the_same_submit_saves_one_session_one_note_one_event(post, world, running):
    key = str(uuid.uuid4())
    for _ in range(3):
        assert post("max", running, submit_key=key).status_code == 302

    assert Session.objects.filter(match=running).count() == 1
    assert Note.objects.filter(case_id=running.referral_id, kind="session").count() == 1
    assert Event.objects.of(running).filter(name="log_session").count() == 1


def test_the_next_session_is_what_both_owe_next(post, world, running):
    later = london(now() + timedelta(days=6))

    post("max", running, next_day=f"{later:%Y-%m-%d}", next_time="17:00")

    match = Match.objects.get(pk=running.pk)
    referral = Referral.objects.get(pk=running.referral_id)
    assert match.due_at == working_days_after(later, 1)  # not late while they are meeting
    assert referral.due_at >= match.due_at
    assert Session.objects.planned().get(match=running).place == "library"


def test_a_session_that_is_planned_already_stays_when_the_form_gives_it_back(post, world, running):
    later = london(now() + timedelta(days=6)).replace(hour=17, minute=0, second=0, microsecond=0)
    planned = services.plan_session(match=running, begins_at=later, by=world.max, place="cafe")

    post("max", running, next_day=f"{later:%Y-%m-%d}", next_time="17:00")

    assert Session.objects.filter(match=running).exclude(status="held").get() == planned
    assert Session.objects.planned().get(match=running).place == "cafe"


def test_a_plan_for_the_same_time_changes_where(world, running):
    later = now() + timedelta(days=6)
    planned = services.plan_session(match=running, begins_at=later, by=world.max)

    services.plan_session(match=running, begins_at=later, by=world.max, place="library")

    assert Session.objects.get(match=running) == planned
    assert Session.objects.planned().get(match=running).place == "library"


def test_a_plan_far_ahead_does_not_silence_the_clock(world, running):
    before = now()

    services.plan_session(match=running, begins_at=before + timedelta(days=100), by=world.max)

    assert Match.objects.get(pk=running.pk).due_at < before + timedelta(days=28)


def test_a_planned_session_of_that_day_is_the_one_that_is_written_down(world, running):
    noon = london(now() + timedelta(days=1)).replace(hour=12)
    with at(noon - timedelta(hours=2)):
        planned = services.plan_session(
            match=running, begins_at=noon - timedelta(hours=1), by=world.max
        )
    queue = MATCH_QUEUES["to-write-down"]
    seen = Match.objects.visible_to(world.max)
    with at(noon):
        assert list(queue.choose(seen, world.max)) == [running]

        demo.session(running, at=noon - timedelta(minutes=30))

        assert Session.objects.get(match=running).pk == planned.pk
        assert not queue.choose(seen, world.max).exists()


def test_the_last_used_values_are_offered(browse, world, running):
    demo.session(running, at=now() - timedelta(days=1))
    Session.objects.filter(match=running).update(minutes=50, place="cafe")

    text = browse("max").get(f"/matches/{running.reference}/session/").content.decode()

    assert '<option value="50" selected>' in text
    assert '<option value="cafe" selected>' in text


def test_no_time_to_come_is_offered(world, running):
    evening = london(now()).replace(hour=19, minute=0)
    with at(evening - timedelta(days=1)):
        demo.session(running, at=evening - timedelta(days=1, minutes=5))

    with at(evening - timedelta(hours=6)):
        page = signed_in(world.max).get(f"/matches/{running.reference}/session/")

    assert 'value="12:00"' in page.content.decode()


BAD = {
    "no answer to whether they came": ({"attended": ""}, "Say whether they came."),
    "an invented answer": ({"attended": "perhaps"}, "Choose one of the answers"),
    "tomorrow": (
        {"day": f"{today() + timedelta(days=2):%Y-%m-%d}"}, "once it has begun"
    ),
    "before the referral": ({"day": "2020-01-01"}, "cannot be before the referral"),
    "no day at all": ({"day": "31/31/2026"}, "Enter a real date"),
    "a time that is none": ({"time": "half past"}, "Enter a time, like 2:30pm"),
    "no length": ({"minutes": ""}, "Say how long it was."),
    "a length of a million": ({"minutes": "1000000"}, "Choose one of the answers"),
    "no place": ({"place": ""}, "Say where you were."),
    "no words": ({"did": "  "}, "Write a few words"),
    "too many words": ({"did": "x" * 2001}, "at most 2000 characters"),
    "a character that cannot be kept": ({"did": "a\x00b"}, "cannot be kept"),
    "an unknown activity": ({"activities": ["theft"]}, "Choose one of the answers"),
    "no step said": ({"ete_moved": ""}, "step forward"),
    "no worry said": ({"is_worried": ""}, "Say whether you are worried"),
    "worried and no words": ({"is_worried": "True"}, "Write what worries you"),
    "a next day without a time": ({"next_day": f"{today():%Y-%m-%d}"}, "the day and the time"),
    "a next session next year": (
        {"next_day": f"{today() + timedelta(days=300):%Y-%m-%d}", "next_time": "17:00"},
        "within the next 6 months",
    ),
    "a next session that has been": (
        {"next_day": f"{today():%Y-%m-%d}", "next_time": "00:00"}, "lies ahead"
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD, ids=str)
def test_bad_input_gets_a_sentence_and_keeps_what_was_typed(post, world, running, case):
    changes, sentence = BAD[case]

    answer = post("max", running, **changes)

    text = answer.content.decode()
    assert answer.status_code == 200
    assert sentence in text
    assert "<title>Error: " in text
    if "did" not in changes:
        assert "We walked and talked." in text
    assert not Session.objects.filter(match=running).exists()


def test_words_with_script_and_emoji_are_kept_as_they_are_and_shown_harmless(
    browse, post, world, running
):
    words = "<script>alert(1)</script> He laughed 😀 and wrote {{ name }}."

    assert post("max", running, did=words).status_code == 302

    text = browse("cora").get(f"/matches/{running.reference}/").content.decode()
    assert Session.objects.get(match=running).note.fact.endswith(words)
    assert "<script>alert" not in text and "&lt;script&gt;alert(1)" in text and "😀" in text


@pytest.mark.parametrize(
    ("who", "status"),
    [("mia", 404), ("alex", 404), ("sam", 404), ("dev", 403), ("pru", 404), ("cora", 302)],
)
def test_only_the_mentor_and_coordinators_write_a_session_down(post, world, running, who, status):
    assert post(who, running).status_code == status
    assert Session.objects.filter(match=running).exists() == (status == 302)


@pytest.mark.parametrize("state", [S.APPROVED, S.ACCEPTED, S.PAUSED, S.CLOSED])
def test_a_match_that_does_not_meet_takes_no_session(post, world, register, state):
    answer = post("cora", register.match(state))

    assert answer.status_code == 409
    assert not Session.objects.exists()


def test_somebody_who_is_no_mentor_of_it_cannot_go_past_the_page(world, running):
    with pytest.raises(PermissionDenied):
        demo.session(running, by=world.mia)
    with pytest.raises(ValidationError, match="once it has begun"):
        demo.session(running, at=now() + timedelta(hours=1))
    closed = Match.objects.get(status=S.CLOSED)
    with pytest.raises(Conflict):
        demo.session(closed, by=world.cora)


def test_a_record_from_the_future_is_refused_by_the_database_too(world, running):
    session = demo.session(running)

    with pytest.raises(IntegrityError), transaction.atomic():
        Session.objects.filter(pk=session.pk).update(begins_at=now() + timedelta(days=1))


# Worries ------------------------------------------------------------------------------------------
def test_a_worry_becomes_a_concern_and_leaves_no_word_in_the_session(browse, post, world, running):
    key = str(uuid.uuid4())
    worry = {"is_worried": "True", "worry": "He showed me a knife.", "submit_key": key}

    answer = post("max", running, **worry)
    post("max", running, **worry)

    concern = Concern.objects.get(fact="He showed me a knife.")
    assert answer["Location"] == concern.home()
    assert (concern.raised_by, concern.referral_id) == (world.max, running.referral_id)
    told = set(Message.objects.filter(case_id=concern.pk).values_list("recipient__name", flat=True))
    assert told == {"Sol Invented", "Sky Invented"}
    assert "knife" not in Session.objects.get(match=running).note.fact
    page = browse("cora").get(f"/matches/{running.reference}/").content.decode()
    assert "knife" not in page


def test_danger_in_a_session_is_a_danger_concern(post, world, running):
    post("max", running, is_worried="True", worry="Now.", is_danger="on")

    assert Concern.objects.get(fact="Now.").is_danger


# Misses -------------------------------------------------------------------------------------------
def letters(name):
    rows = Message.objects.filter(letter=name)
    return sorted(rows.values_list("recipient__name", flat=True))


def test_two_misses_in_a_row_are_told_to_the_coordinator_and_the_referrer(world, running):
    demo.session(running, attended="missed", at=now() - timedelta(hours=5))
    assert letters("match.two_misses") == []

    demo.session(running, attended="missed", at=now() - timedelta(hours=4))

    assert letters("match.two_misses") == ["Cora Invented"]
    assert letters("referral.hard_to_reach") == ["Alex Invented"]
    assert letters("referral.look_after_them") == []
    assert lost.nobody_lost() == []


@pytest.mark.parametrize("which", ["said", "decided"])
def test_two_misses_are_told_to_the_safeguarding_leads_where_the_risk_is_high(running, which):
    if which == "said":
        Risk.objects.filter(referral=running.referral_id).update(to_others="high")
    else:
        Referral.objects.filter(pk=running.referral_id).update(risk_tier=3)
    for hours in (5, 4):
        demo.session(running, attended="missed", at=now() - timedelta(hours=hours))

    assert letters("referral.look_after_them") == ["Sky Invented", "Sol Invented"]


@pytest.mark.parametrize(
    ("attended", "expected"),
    [
        (["missed", "missed"], 2),
        (["missed", "yes", "missed"], 1),
        (["missed", "late", "missed"], 1),
        (["missed", "excused", "missed"], 2),
        (["missed", "by_us", "missed"], 2),
        (["missed", "missed", "yes"], 0),
        (["excused", "by_us"], 0),
    ],
)
def test_what_counts_as_missed_in_a_row(world, running, attended, expected):
    for hours, answer in enumerate(attended):
        demo.session(running, attended=answer, at=now() - timedelta(hours=20 - hours))

    assert services.misses_in_a_row(running) == expected


# Corrections --------------------------------------------------------------------------------------
def test_a_correction_is_added_and_nothing_is_changed(browse, world, running):
    session = demo.session(running)
    before = session.note.fact
    url = f"/matches/{running.reference}/sessions/{session.pk}/correct/"
    key = str(uuid.uuid4())

    for _ in range(2):
        browse("max").post(url, {"words": "It was 45 minutes.", "submit_key": key})

    note = Note.objects.get(pk=session.note.pk)
    assert note.fact == before
    assert [each.fact for each in note.corrections.all()] == ["It was 45 minutes."]
    text = browse("cora").get(f"/matches/{running.reference}/").content.decode()
    assert "It was 45 minutes." in text


def test_a_session_of_another_match_is_not_found(browse, world, register, running):
    session = demo.session(running)
    other = register.match(S.CLOSING)

    answer = browse("max").get(f"/matches/{other.reference}/sessions/{session.pk}/correct/")

    assert answer.status_code == 404


def test_a_match_without_sessions_for_fifteen_days_is_quiet(world, running):
    seen = Match.objects.visible_to(world.cora)
    choose = MATCH_QUEUES["quiet"].choose
    assert running not in choose(seen, world.cora)

    Match.objects.filter(pk=running.pk).update(entered_at=now() - timedelta(days=16))
    assert running in choose(seen, world.cora)

    demo.session(running)
    assert running not in choose(seen, world.cora)


@pytest.mark.parametrize(
    ("hours", "days", "field"), [(1, 0, "time"), (0, 1, "day"), (-1, 0, "time"), (0, -1, "day")]
)
def test_a_moment_that_cannot_be_is_said_where_it_is_wrong(running, hours, days, field):
    """Later than now, or before the referral: of the right day it is the time that is wrong."""
    noon = london(now()).replace(hour=12, minute=0, second=0, microsecond=0)
    Referral.objects.filter(pk=running.referral_id).update(sent_at=noon)
    wrong = noon + timedelta(hours=hours, days=days)

    with at(noon):
        form = SessionForm(
            typed(day=f"{wrong:%Y-%m-%d}", time=f"{wrong:%H:%M}"),
            match=Match.objects.get(pk=running.pk),
        )
        assert not form.is_valid()

    assert list(form.errors) == [field]


@pytest.mark.parametrize("told", [{"worry": "He has a knife."}, {"is_danger": "on"}])
def test_a_worry_beside_a_no_is_asked_about_and_never_thrown_away(post, running, told):
    """Without JavaScript the fields of the worry stand there whatever is chosen."""
    answer = post("max", running, is_worried="False", **told)

    assert answer.status_code == 200 and "You told us of a worry and chose No" in answer.text
    assert told.get("worry", "") in answer.text
    assert not Session.objects.filter(match=running).exists()


def test_another_session_at_the_same_moment_is_asked_about(post, running):
    first = typed()
    assert post("max", running, **first).status_code == 302

    again = post("max", running, **{**first, "submit_key": str(uuid.uuid4())})

    assert "is written down already" in again.text
    assert Session.objects.filter(match=running).count() == 1
    assert post("max", running, **first).status_code == 302  # the same submit is the same session
