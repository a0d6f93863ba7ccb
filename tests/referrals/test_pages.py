"""The pages of referrals and concerns: what is typed wrong, the danger stop, and who reads what."""

import re
from datetime import timedelta
from typing import Any

import pytest

from casework.calendar import today
from casework.models import Event
from casework.workflow import move
from referrals.choices import SectionCode
from referrals.models import Concern, Referral
from referrals.services import raise_concern
from tests.personas import Cast
from tests.thorough import THOROUGH, some
from waymark.demo import making

TYPED = making.TYPED
FAR = 10_000


def section_url(referral: Referral, code: str) -> str:
    return f"/referrals/{referral.reference}/form/{code}/"


def page_of(client: Any, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, f"{url} answers {answer.status_code}"
    return answer.content.decode()


def title_of(html: str) -> str:
    found = re.search(r"<title>(.*?)</title>", html, re.S)
    assert found
    return found[1]


@pytest.fixture
def draft(world) -> Referral:
    """A draft with every section done."""
    alex = world.alex
    made = making.draft(by=alex, programme=world.programme)
    return making.fill(made, making.answers(), by=alex)


@pytest.fixture
def alex(world, sign_in) -> Any:
    return sign_in(world.alex)


# What is typed wrong -------------------------------------------------------------------------
LONG = "x" * FAR
AHEAD = making.day("date_of_birth", today() + timedelta(days=3))
TOLD_AHEAD = making.day("told_on", today() + timedelta(days=3))
LONG_AGO = making.day("told_on", today() - timedelta(days=400))
IN_THE_PRAM = making.day("since", today() - timedelta(days=13 * 365))
WRONG: list[tuple[str, dict[str, Any], str]] = [
    ("level", {"is_danger": ""}, "Say whether anybody is in danger right now."),
    ("level", {"level_of_need": "9"}, "Which level describes them best?"),
    ("person", {"legal_name": LONG}, "takes at most 150 characters, and there are 10000"),
    ("person", {"legal_name": "Jo\x00rdan"}, "“Full name” holds a character that cannot be kept"),
    ("person", AHEAD, "Date of birth must be today or in the past"),
    ("person", making.day("date_of_birth", today()), "is for ages 10 to 25"),
    ("person", {"date_of_birth_year": "20 11"}, "The year must have 4 numbers"),
    ("person", {"date_of_birth_day": "31", "date_of_birth_month": "2"}, "must be a real date"),
    ("person", {"date_of_birth_day": "", "date_of_birth_month": "", "date_of_birth_year": "",
                "age_given": "-4"}, "“Age” must be 0 or more."),
    ("person", {"age_given": "99999999999999999999"}, "“Age” must be 120 or less."),
    ("person", {"postcode": "<script>"}, "Enter a full UK postcode"),
    ("person", {"postcode": ""}, "or tick that they have no fixed address"),
    ("reaching", {"phone": "ring ring"}, "Enter a telephone number, like 0115 496 0123"),
    ("reaching", {"contact_methods": ["pigeon"]}, "How may we contact them?"),
    ("reaching", {"contact_methods": ["email"], "email": "me at home"}, "like name@example.com"),
    ("agreement", TOLD_AHEAD, "The date must be today or in the past"),
    ("agreement", LONG_AGO, "That is over a year ago."),
    ("education", IN_THE_PRAM, "They were under 4 then. Check the year."),
    ("support", {"gender_required": "on"}, "Say whom they would take part with."),
    ("agreement", {"agrees": ""}, "Say whether they agree to take part."),
    ("agreement", {"parent": "unsafe"}, "They are under 16: say how you judged"),
    ("why-now", {"happened": LONG}, "“What has happened?” takes at most 2000 characters"),
    ("why-now", {"happened": "He\x00y"}, "“What has happened?” holds a character"),
    ("why-now", {"scope": []}, "Choose at least one."),
    ("risk", {"fact": "", "to_self": "high"}, "Say what you know: you chose medium or high."),
    ("risk", {"understands_readers": ""}, "Tick to say that you understand"),
    ("education", {"status": ""}, "Choose what they are doing now."),
    ("education", {"sessions_missed": "many"}, "must be a whole number"),
    ("education", {"sessions_missed": "500"}, "They cannot have missed more than there were."),
    ("education", {"school": "00000000-0000-0000-0000-00000000"}, "School or college"),
    ("support", {"kinds": []}, "Choose at least one."),
    ("support", {"travel_km": "4000"}, "must be 60 or less"),
    ("support", {"language_required": "on"}, "Enter the language they would need."),
]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "change", "sentence"),
    some(WRONG, of=2),
    ids=lambda value: str(value)[:40].replace("\x00", "0"),
)
def test_a_wrong_answer_names_its_question_and_the_remedy(draft, alex, code, change, sentence):
    typed = {**making.answers()[code], **change}

    answer = alex.post(section_url(draft, code), typed)

    html = answer.content.decode()
    assert answer.status_code == 200
    assert "There is a problem" in html and title_of(html).startswith("Error: ")
    assert sentence in html.replace("&#x27;", "'")


@pytest.mark.parametrize("code", [code for code in SectionCode if code != SectionCode.BEFORE])
def test_what_was_typed_is_kept_when_it_is_too_long_or_odd(draft, alex, code):
    words = "Zażółć 🙂 <script>alert(1)</script> & " + "y" * FAR
    texts = dict.fromkeys(("happened", "fact", "hopes", "contact_warning", "lines"), words)
    typed = {**making.answers()[code], **texts, "is_danger": "", "kinds": [], "not_told_why": words}
    typed |= {"is_told": "False", "parent": ""} if code == SectionCode.AGREEMENT else {}

    html = alex.post(section_url(draft, code), typed).content.decode()

    assert "There is a problem" in html
    assert "<script>alert" not in html
    if set(texts) & set(TYPED[code]) or code in {SectionCode.AGREEMENT, SectionCode.REACHING}:
        assert "Zażółć 🙂 &lt;script&gt;alert(1)&lt;/script&gt; &amp; " + "y" * FAR in html


def test_pictures_and_markup_are_kept_as_they_were_typed(draft, alex, world):
    words = "He said 🙂 <b>no</b> & left."

    alex.post(section_url(draft, "why-now"), {**TYPED["why-now"], "happened": words})

    assert Referral.objects.get(pk=draft.pk).need.happened == words
    assert "He said 🙂 &lt;b&gt;no&lt;/b&gt; &amp; left." in page_of(
        alex, f"/referrals/{draft.reference}/check/"
    )


ODD = ["queue=%00", "queue=late%27", "after=%00", "before=~", "page=%00", "tab=%00", "page=-1"]
ODD += ["page=²", f"page={'9' * 5000}"]


@pytest.mark.slow(reason="four pages and two tabs with each odd query")
def test_odd_queries_are_answered_with_a_page(world, sign_in):
    referral, cora = Cast(world).referral("active"), sign_in(world.cora)
    paths = ["/referrals/?", "/concerns/?", "/work/?", f"{referral.home()}?"]
    paths += [f"{referral.home()}?tab={tab}&" for tab in ("timeline", "notes")]
    paths = paths if THOROUGH else paths[::3]

    answers = {f"{path}{query}": cora.get(f"{path}{query}") for path in paths for query in ODD}

    assert {url: one.status_code for url, one in answers.items() if one.status_code != 200} == {}


@pytest.mark.parametrize("words", ["\x00", "%' or 1=1", "x" * FAR, "🙂", "", "<script>"])
def test_search_takes_whatever_is_typed(world, sign_in, words):
    Cast(world).referral("triage")

    answer = sign_in(world.cora).post("/referrals/search/", {"q": words})

    assert answer.status_code == 200
    assert b"<script>" not in answer.content.replace(b'<script type="module"', b"")


def test_search_finds_by_parts_of_both_names_and_by_reference(world, sign_in):
    referral = making.refer(
        by=world.alex, programme=world.programme, legal_name="Siobhán O'Brien", known_as="Shiv"
    )
    cora, sid = sign_in(world.cora), sign_in(world.sid)

    for words in ("o'brien", "shi", "SIOBHÁN obr".replace("obr", "O'B")):
        assert referral.reference in cora.post("/referrals/search/", {"q": words}).content.decode()
    spoken = referral.reference.lower().replace("-", " ")
    assert cora.post("/referrals/search/", {"q": spoken}).url == referral.home()
    assert referral.reference not in sid.post("/referrals/search/", {"q": "shi"}).content.decode()


def test_search_finds_by_date_of_birth_and_is_recorded_without_it(world, sign_in, caplog):
    referral = making.refer(by=world.alex, programme=world.programme)
    born = referral.young_person.date_of_birth
    typed = [f"{born:%d/%m/%Y}", f"{born:%Y-%m-%d}"]

    with caplog.at_level("INFO", logger="waymark.access"):
        for words in typed:
            found = sign_in(world.cora).post("/referrals/search/", {"q": words})
            assert referral.reference in found.content.decode()

    assert caplog.text.count(" searched ") == 2 and "found=1" in caplog.text
    assert not any(words in caplog.text for words in typed)


# Once is enough ------------------------------------------------------------------------------
def test_starting_twice_with_one_form_makes_one_draft(world, alex):
    html = page_of(alex, "/referrals/new/")
    fields = dict(re.findall(r'name="(submit_key|organisation)" value="([^"]+)"', html))
    typed = {**fields, "programme": str(world.programme.pk)}

    first, second = (alex.post("/referrals/new/", typed) for _ in range(2))

    assert first.url == second.url
    assert Referral.objects.filter(status="draft", referred_by=world.alex).count() == 1


def test_sending_twice_sends_once_and_says_so_both_times(draft, alex):
    for _ in range(2):
        answer = alex.post(f"/referrals/{draft.reference}/send-it/")
        assert answer.url == f"/referrals/{draft.reference}/sent/"

    assert Event.objects.of(draft).filter(name="send").count() == 1
    html = page_of(alex, f"/referrals/{draft.reference}/sent/")
    assert "Referral sent" in html and "A coordinator reads it by" in html


def test_a_concern_sent_twice_is_raised_once(world, alex, draft):
    url = f"/referrals/{draft.reference}/worried/"
    key = re.search(r'name="submit_key" value="([^"]+)"', page_of(alex, url))
    assert key
    typed = {"submit_key": key[1], "is_danger": "False", "fact": "Saw a knife."}

    answers = [alex.post(url, typed) for _ in range(2)]

    assert len({answer.url for answer in answers}) == 1
    assert Concern.objects.filter(referral=draft).count() == 1


def test_a_move_sent_twice_is_made_once_and_the_second_is_told_of_the_first(world, sign_in):
    referral, cora = Cast(world).referral("submitted"), sign_in(world.cora)
    url, typed = f"{referral.home()}start-triage/", {"version": str(referral.version)}

    assert cora.post(url, typed).status_code == 302
    again = cora.post(url, typed)

    assert again.status_code == 409
    assert "began to look at it" in again.content.decode()


# The danger stop -----------------------------------------------------------------------------
@pytest.mark.parametrize("answers", [("True", "2"), ("False", "4")], ids=["danger", "level 4"])
def test_danger_or_level_four_stops_saves_and_shows_whom_to_ring(world, alex, answers):
    referral = making.draft(by=world.alex, programme=world.programme)
    alex.post(section_url(referral, "before"), {"understood": "on"})
    danger, level = answers

    answer = alex.post(
        section_url(referral, "level"), {"is_danger": danger, "level_of_need": level}
    )

    assert answer.url == f"/referrals/{referral.reference}/stopped/"
    html = page_of(alex, answer.url)
    assert 'href="tel:999"' in html and "0115 496 0001" in html and "0115 496 0002" in html
    saved = Referral.objects.get(pk=referral.pk)
    concern = Concern.objects.get(referral=referral)
    assert saved.is_stopped and saved.level_of_need == int(level)
    assert concern.reference in html and f"/concerns/{concern.reference}/add/" in html


def test_a_stopped_referral_cannot_be_sent_and_can_when_a_lead_lets_it_go(world, alex, draft):
    url = f"/referrals/{draft.reference}"
    alex.post(section_url(draft, "level"), {"is_danger": "True", "level_of_need": "2"})
    alex.post(section_url(draft, "level"), {"is_danger": "False", "level_of_need": "2"})

    assert "Send the referral" not in page_of(alex, f"{url}/check/")
    assert alex.post(f"{url}/send-it/").url == f"{url}/stopped/"
    assert Referral.objects.get(pk=draft.pk).status == Referral.State.DRAFT

    move(Referral.objects.get(pk=draft.pk), "let_go", by=world.sol, advice="MASH has it. Go on.")
    assert "MASH has it. Go on." in page_of(alex, f"{url}/")
    assert "Send the referral" in page_of(alex, f"{url}/check/")
    assert alex.post(f"{url}/send-it/").url == f"{url}/sent/"


def test_a_high_risk_to_themselves_opens_a_concern_and_the_form_goes_on(world, alex, draft):
    typed = {**TYPED["risk"], "to_self": "high"}

    answer = alex.post(section_url(draft, "risk"), typed, follow=True)

    assert (
        "We have told a safeguarding lead about the risk to themselves" in answer.content.decode()
    )
    assert Concern.objects.get(referral=draft).origin == Concern.Origin.SELF_HARM
    assert not Referral.objects.get(pk=draft.pk).is_stopped


def test_a_draft_with_a_concern_is_not_deleted(world, alex, draft):
    raise_concern(by=world.alex, area=world.city, origin="worry", referral=draft, fact="Words.")

    answer = alex.post(f"/referrals/{draft.reference}/delete/")

    assert "This draft cannot be deleted" in answer.content.decode()
    assert Referral.objects.filter(pk=draft.pk).exists()


# Check ---------------------------------------------------------------------------------------
def test_every_answer_can_be_changed_before_it_is_sent(draft, alex):
    html = page_of(alex, f"/referrals/{draft.reference}/check/")

    rows = html.count('class="govuk-summary-list__row')
    assert rows > 30 and html.count("Change<span") == rows
    for code in SectionCode:
        if code != SectionCode.BEFORE:
            assert section_url(draft, code) in html


def test_a_section_opens_only_after_those_before_it(world, alex):
    referral = making.draft(by=world.alex, programme=world.programme)

    assert alex.get(section_url(referral, "risk")).url == section_url(referral, "before")
    assert alex.get(f"/referrals/{referral.reference}/check/").url == section_url(
        referral, "before"
    )
    assert alex.get(section_url(referral, "nowhere")).status_code == 404
