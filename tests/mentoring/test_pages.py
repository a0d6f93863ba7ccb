"""The pages: that they draw, for whom, what they show, and how many queries they cost."""

import re
import uuid
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core import mail as sent
from django.db import connection
from django.test.utils import CaptureQueriesContext

from casework.calendar import now
from casework.models import Message, Viewing
from casework.outbox import relay
from casework.workflow import move
from mentoring import demo, services
from mentoring.models import KeepApart, Match, Mentor, Session
from referrals.models import HomeAddress
from referrals.services import raise_concern
from tests.mentoring.conftest import MIA

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


@pytest.mark.parametrize("page", PAGES, ids=str)
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


def test_a_look_at_a_match_is_kept_with_the_match_and_the_referral(browse, world, register):
    match = register.match(S.ACTIVE)

    browse("max").get(f"/matches/{match.reference}/")

    assert Viewing.objects.of(match).get().viewer == world.max
    assert Viewing.objects.of(match.referral).get().what == "match"


def test_a_mentor_reads_what_they_need_and_no_risk_story(browse, world, register):
    match = register.match(S.ACTIVE)

    text = browse("max").get(f"/matches/{match.reference}/").content.decode()

    assert "Meet in the library" in text and "07700 900123" in text
    for secret in ("Two threats", "more frightened than they say", "1 Invented Street",
                   "threatened outside school", "points"):  # fmt: skip
        assert secret not in text


def test_before_their_yes_a_mentor_reads_only_what_helps_to_decide(browse, world, register):
    match = register.match(S.APPROVED)

    text = browse("max").get(f"/matches/{match.reference}/").content.decode()

    assert "Football" in text and "Age" in text and "Nottingham" in text
    assert "Latest sessions" not in text and "None planned" not in text
    assert "07700 900123" not in text and "Jordan Example" not in text
    assert match.referral.reference not in text


def test_of_a_protected_home_an_asked_mentor_does_not_read_the_area(browse, world, register):
    match = register.match(S.APPROVED)
    HomeAddress.objects.filter(young_person=match.referral.young_person).update(is_protected=True)

    text = browse("max").get(match.home()).text

    assert "Age" in text and "Nottingham" not in text.partition("<main")[2].partition("</main")[0]


def test_who_may_not_read_the_register_gets_a_name_and_no_link(browse, world, register):
    match = register.match(S.ACTIVE)
    Match.objects.filter(pk=match.pk).update(escalation=4)

    text = browse("pru").get(match.home()).text

    assert match.mentor.name in text and match.mentor.home() not in text
    assert match.mentor.home() in browse("cora").get(match.home()).text
    assert "so late that it comes up to you" in browse("pru").get("/mentors/").text


def test_what_a_move_leads_to_is_said_as_it_will_be(browse, world, register):
    begins = browse("cora").get(f"{register.match(S.INTRODUCED).home()}activate/").text
    pauses = browse("max").get(f"{register.match(S.ACTIVE).home()}pause/").text

    assert "date that you give" not in begins and "10 working days for the next step" in begins
    assert "due on the date that you give" in pauses


def test_a_coordinator_finds_the_way_to_a_mentor_on_every_tab(browse, world, register):
    page = register.waiting.home()
    link = f"/matches/propose/{register.waiting.reference}/"

    for tab in ("", "?tab=timeline", "?tab=mentor"):
        assert browse("cora").get(page + tab).text.count(f'href="{link}"') == 1
    assert link not in browse("cora").get(register.match(S.ACTIVE).referral.home()).text


@pytest.mark.parametrize("who", ["max", "dev"])
def test_the_referral_is_the_mentors_and_their_supervisors_to_see_from_the_yes_on(
    browse, world, register, who
):
    match, client = register.match(S.APPROVED), browse(who)
    page = match.referral.home()
    addresses = [page, f"{page}summary.pdf", f"{page}?tab=notes"]
    assert [client.get(address).status_code for address in addresses] == [404] * 3

    move(match, "accept", by=world.max)

    assert [client.get(address).status_code for address in addresses] == [200] * 3
    assert page in client.get(match.home()).content.decode()


def test_a_letter_leads_an_asked_mentor_to_what_they_may_see(world, register):
    match = register.match(S.APPROVED)
    of_both = Message.objects.filter(recipient=world.max, case_id__in=[match.pk, match.referral_id])

    relay()

    assert of_both.count() == 2
    written = "".join(mail.body for mail in sent.outbox if mail.to == [world.max.email])
    assert match.home() in written
    assert match.referral.home() not in written


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


@pytest.mark.parametrize("path", BUDGETS, ids=str)
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
