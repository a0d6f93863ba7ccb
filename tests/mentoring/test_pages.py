"""The pages: that they draw, for whom, what they show, and how many queries they cost."""

import re
import uuid
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from casework.calendar import now
from mentoring import demo, services
from mentoring.models import KeepApart, Match, Mentor, Session
from referrals.services import raise_concern
from tests.mentoring.conftest import MIA
from tests.thorough import mostly, some
from waymark.demo import making

S = Match.State
# Every page by the person who has most use of it.
PAGES = {
    "matches": ("/matches/", "cora max"),
    "quiet": ("/matches/?queue=quiet", "dev"),
    "mentors": ("/mentors/", "cora sol"),
    "runs out": ("/mentors/?queue=runs-out", "dev"),
    "mentor": ("/mentors/{mentor}/", "cora dev max"),
    "edit": ("/mentors/{mentor}/edit/", "cora max"),
    "level": ("/mentors/{mentor}/level/", "cora"),
    "check": ("/mentors/{mentor}/checks/new/", "cora"),
    "new": ("/mentors/new/", "cora"),
    "match": ("/matches/{active}/", "cora dev max"),
    "sessions": ("/matches/{active}/?tab=sessions", "max"),
    "timeline": ("/matches/{active}/?tab=timeline", "max"),
    "asked": ("/matches/{approved}/", "cora max"),
    "closed": ("/matches/{closed}/", "cora"),
    "session": ("/matches/{active}/session/", "max"),
    "contact": ("/matches/{accepted}/contact/", "cora max"),
    "to reach": ("/matches/{accepted}/", "cora max dev"),
    "plan": ("/matches/{active}/plan/", "max"),
    "proposal": ("/matches/propose/{waiting}/", "cora"),
    "not now": ("/matches/propose/{of_active}/", "cora"),
    "keep apart": ("/matches/keep-apart/{waiting}/", "cora"),
    "tab": ("/referrals/{of_active}/?tab=mentor", "cora max"),
    "tab of one who waits": ("/referrals/{waiting}/?tab=mentor", "cora"),
    "approve": ("/matches/{proposed}/approve/", "cora"),
    "accept": ("/matches/{approved}/accept/", "max"),
    "no": ("/matches/{approved}/decline/", "max cora"),
    "introduce": ("/matches/{accepted}/introduce/", "cora"),
    "begin": ("/matches/{introduced}/activate/", "cora"),
    "pause": ("/matches/{active}/pause/", "max"),
    "end": ("/matches/{closing}/close/", "cora"),
    "end now": ("/matches/{active}/end-now/", "cora"),
    "supervise": ("/mentors/{mentor}/supervise/", "dev"),
    "leave": ("/mentors/{mentor}/go-on-leave/", "max"),
    "suspend": ("/mentors/{mentor}/suspend/", "sol"),
    "note": ("/matches/{active}/notes/new/", "max"),
    "viewers": ("/matches/{active}/who-has-looked/", "cora"),
}


def url(register, path):
    names = {state: register.match(state).reference for state in S}
    active = register.match(S.ACTIVE)
    return path.format(
        **names,
        mentor=register.max.reference,
        waiting=register.waiting.reference,
        of_active=active.referral.reference,
    )


@pytest.mark.parametrize("page", some(sorted(PAGES), of=2), ids=str)
def test_a_page_draws_for_those_who_use_it(browse, world, register, page):
    path, people = PAGES[page]
    if page in ("sessions", "match", "tab"):
        demo.session(register.match(S.ACTIVE))
    address = url(register, path)
    for who in people.split():
        answer = browse(who).get(address)
        text = answer.content.decode()
        assert answer.status_code == 200, (who, answer.status_code)
        assert "UNDEFINED" not in text
        assert text.count("<h1") == 1
        assert "Jordan" not in text.partition("<title>")[2].partition("</title>")[0]


# Who may see what: every URL × role × foreign row is in tests/access
ASKED = {S.APPROVED, S.ACCEPTED, S.INTRODUCED, S.ACTIVE, S.PAUSED, S.CLOSING}
SEES = {
    "cora": set(S),
    "max": ASKED,
    "dev": ASKED,
    **{who: set() for who in ("mia", "alex", "sol", "pru", "ada", "sam", "ivy")},
}


@pytest.mark.parametrize("who", SEES)
def test_who_sees_the_matches_of_max_in_which_state(world, register, who):
    of_max = Match.objects.visible_to(getattr(world, who)).filter(mentor=register.max)

    assert {match.status for match in of_max} == SEES[who]
    assert Session.objects.visible_to(world.sam).count() == 0


# Restricted reasons and hidden homes ------------------------------------------------------------
def restrict(world, register, **fields):
    services.keep_apart(
        referral=register.waiting,
        by=world.sol,
        mentor=register.max,
        name="",
        reason="Co-defendant in an invented case.",
        **{"kind": "contra", "is_restricted": True, **fields},
    )


def test_nobody_is_kept_apart_of_a_draft_in_which_nobody_is_named_yet(browse, world):
    """Danger stops a draft before the young person's section; a lead sees it."""
    typed = making.answers(is_danger="True")
    draft = making.draft(by=world.alex, programme=world.programme)
    draft = making.fill(draft, typed, by=world.alex)
    fields = {"name": "Some Body", "kind": "contra", "reason": "An invented case."}

    page = browse("sol").post(f"/matches/keep-apart/{draft.reference}/", fields)

    assert page.status_code in (403, 404) and draft.young_person is None


def test_a_restricted_reason_is_not_said_to_a_coordinator(browse, world, register):
    restrict(world, register)
    reference = register.waiting.reference
    client = browse("cora")

    pages = [
        client.get(f"/matches/propose/{reference}/"),
        client.get(f"/matches/keep-apart/{reference}/"),
        client.post(f"/matches/propose/{reference}/mentor/", {"mentor": register.max.reference}),
    ]

    for page in pages:
        text = page.content.decode()
        assert "Co-defendant" not in text.replace("or co-defendant", "")
        assert not re.search(r"\bH8\b", text)  # a token may hold these letters
        assert "investigation forbids" not in text
    assert "restricted reason" in pages[0].content.decode()
    assert pages[2].status_code == 422 and "restricted reason" in pages[2].content.decode()


def test_a_safeguarding_lead_who_sees_the_referral_reads_the_reason(browse, world, register):
    restrict(world, register)
    referral = register.waiting
    raise_concern(by=world.alex, area=world.city, referral=referral, origin="worry", fact="Words.")

    text = browse("sol").get(f"/matches/propose/{referral.reference}/").content.decode()

    assert "A condition or an investigation forbids it" in text and "(H8)" in text


def test_a_contra_reason_is_restricted_whatever_was_ticked(world, register):
    restrict(world, register, is_restricted=False)

    assert KeepApart.objects.get().is_restricted
    assert not KeepApart.objects.visible_to(world.cora).exists()


def test_a_protected_home_leaves_no_trace_on_any_page_of_matching(browse, world, register):
    home = register.waiting.young_person.home
    home.postcode, home.is_protected = "NG9 9ZZ", True
    home.save()
    waiting, reference = register.waiting, register.waiting.reference

    client = browse("cora")
    text = client.get(f"/matches/propose/{reference}/").content.decode()
    client.post(f"/matches/propose/{reference}/mentor/", {"mentor": register.max.reference})
    match = Match.objects.get(referral=waiting)

    assert "NG9" not in text and " km" not in text
    assert "km" not in match.sentence
    assert "NG9" not in client.get(match.home()).content.decode()


# Making things ----------------------------------------------------------------------------------
def test_a_double_submit_proposes_once(browse, world, register):
    url = f"/matches/propose/{register.waiting.reference}/mentor/"
    typed = {"mentor": register.max.reference, "submit_key": str(uuid.uuid4())}
    client = browse("cora")
    waiting = register.waiting

    answers = [client.post(url, typed) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert Match.objects.filter(referral=waiting).count() == 1


def test_a_mentor_that_is_not_there_cannot_be_proposed(browse, world, register):
    url = f"/matches/propose/{register.waiting.reference}/mentor/"

    for mentor in ("CCC-CCC", "", "x" * 5000, "\x00"):
        assert browse("cora").post(url, {"mentor": mentor}).status_code == 404
    assert browse("cora").get(url).status_code == 405


def test_who_takes_part_is_asked_before_anybody_is_proposed(browse, world, register):
    agreement = register.waiting.agreement
    agreement.is_told, agreement.told_on, agreement.agrees = False, None, None
    agreement.not_told_why = "Not at school this week."
    agreement.save()
    reference = register.waiting.reference
    client = browse("cora")
    before = client.get(f"/matches/propose/{reference}/").content.decode()
    assert "has not been asked whether they take part" in before and "Propose Max" not in before

    client.post(f"/matches/propose/{reference}/agreed/")

    assert "Propose Max" in client.get(f"/matches/propose/{reference}/").content.decode()


def test_a_new_entry_and_its_checks_by_the_forms(browse, world, register):
    client = browse("cora")
    typed = {
        "name": "Nia Invented", "email": "nia@example.org", "organisation": register.charity.pk,
        "area": world.city.pk, "gender": "female", "languages": "English,  Welsh ,",
        "interests": ["art"], "free_times": ["sat"], "postcode": "ng1 3aa", "travel_km": "12",
        "capacity": "2", "age_from": "10", "age_to": "25",
    }  # fmt: skip

    answer = client.post("/mentors/new/", typed)
    entry = Mentor.objects.get(email="nia@example.org")
    assert (answer["Location"], entry.languages) == (entry.home(), ["English", "Welsh"])

    day = {"issued_on_day": "1", "issued_on_month": "5", "issued_on_year": "2026"}
    check = {"kind": "dbs", **day, "has_barred_list": "True", "on_update_service": "False"}
    client.post(f"{entry.home()}checks/new/", check)
    assert entry.credentials.get().expires_on == date(2029, 5, 1)


BAD_ENTRIES = {
    "no name": ({"name": ""}, "Full name"),
    "no address": ({"email": "nobody"}, "email address like"),
    "too many places": ({"capacity": "9"}, "at most 3"),
    "ages upside down": ({"age_from": "20", "age_to": "12"}, "highest age is below"),
    "an area of others": ({"area": "00000000-0000-4000-8000-000000000000"}, "offered"),
    "no postcode": ({"postcode": "here"}, "full UK postcode"),
    "far": ({"travel_km": "900"}, "60"),
}


@pytest.mark.parametrize("case", BAD_ENTRIES, ids=str)
def test_a_bad_entry_gets_a_sentence(browse, world, register, case):
    changes, sentence = BAD_ENTRIES[case]
    typed = {
        "name": "Nia Invented", "email": "nia@example.org", "organisation": register.charity.pk,
        "area": world.city.pk, "languages": "English", "travel_km": "12", "capacity": "2",
        "age_from": "10", "age_to": "25",
    }  # fmt: skip

    answer = browse("cora").post("/mentors/new/", {**typed, **changes})

    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    assert not Mentor.objects.filter(email="nia@example.org").exists()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({}, "What is it?"),
        ({"kind": "dbs", "issued_on_year": "2026"}, "children’s barred list"),
        ({"kind": "dbs", "has_barred_list": "True", "on_update_service": "True",
          "status_clear": "True"}, "a day and an answer"),
        ({"kind": "identity", "issued_on_year": "2999"}, "today or in the past"),
        ({"kind": "identity", "expires_on_day": "1", "expires_on_month": "1",
          "expires_on_year": "2001"}, "run out before it begins"),
        ({"kind": "magic"}, "offered"),
    ],
)  # fmt: skip
def test_a_bad_check_gets_a_sentence(browse, world, register, typed, sentence):
    day = {"issued_on_day": "1", "issued_on_month": "5", "issued_on_year": "2026"}

    answer = browse("cora").post(f"{register.max.home()}checks/new/", {**day, **typed})

    assert answer.status_code == 200
    assert sentence in answer.content.decode()


def test_a_mentor_edits_their_own_part_and_cannot_post_the_rest(browse, world, register):
    form = browse("max").get(f"{register.max.home()}edit/").content.decode()
    assert 'name="capacity"' not in form and 'name="interests"' in form

    browse("max").post(
        f"{register.max.home()}edit/",
        {"languages": "English", "travel_km": "9", "capacity": "15", "level": "3", "area": ""},
    )

    saved = register.max
    assert (saved.travel_km, saved.capacity, saved.level) == (9, 12, 2)


# Cost -------------------------------------------------------------------------------------------
BUDGETS = {"/matches/": 14, "/mentors/": 16, "/matches/{active}/": 30, "/mentors/{mentor}/": 26,
           "/matches/propose/{waiting}/": 42, "/matches/{active}/session/": 18}  # fmt: skip


@pytest.mark.parametrize("path", mostly(BUDGETS, plain="/matches/ /matches/{active}/"), ids=str)
def test_pages_cost_no_more_when_there_are_more_rows(browse, world, register, path):
    """With two related rows of everything, then with more: the number of queries stays."""
    match = register.match(S.ACTIVE)
    address = url(register, path)
    client = browse("cora")
    client.get(address)
    for hours in (2, 3):
        demo.session(match, at=now() - timedelta(hours=hours))
    with CaptureQueriesContext(connection) as before:
        client.get(address)

    for hours in (4, 5, 6):
        demo.session(match, at=now() - timedelta(hours=hours))
    demo.register(
        by=world.cora,
        organisations=[register.charity],
        areas=[world.city],
        account_areas=[world.city],
        people=[replace(MIA, name=f"{name} Invented") for name in ("Nia",)],
    )
    if "propose" not in path:
        demo.propose(register.waiting, register.max, by=world.cora)
    with CaptureQueriesContext(connection) as after:
        client.get(address)

    assert len(after) <= len(before)
    assert len(before) <= BUDGETS[path], len(before)
