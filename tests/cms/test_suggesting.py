"""A reader says that something on a page is wrong."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.template import engines
from django.test import Client

from accounts import letters
from accounts.clock import at, now
from cms.directory import answering, suggesting
from cms.models import Service, Suggestion

TYPED = {"part": "when", "words": "It closes at 8 now.", "contact": "me@example.org"}

PHONE = {**TYPED, "part": "phone", "words": "0115 496 0999"}


def quiet(monkeypatch):
    """Wagtail's own templates name things that are not there."""
    monkeypatch.setattr(engines["django"].engine, "string_if_invalid", "")


@pytest.fixture
def address(site) -> str:
    return f"{Service.objects.get(title='Forest days').get_absolute_url()}wrong/"


def test_the_page_of_a_service_leads_there_and_what_is_sent_is_kept(site, address):
    client = Client(enforce_csrf_checks=True)
    page = BeautifulSoup(client.get(address.removesuffix("wrong/")).content, "lxml")
    assert page.main.select_one(f"a[href='{address}']")

    out = client.post(address, TYPED, follow=True)

    assert "Thank you" in out.text and not client.cookies
    kept = Suggestion.objects.get()
    assert (kept.part, kept.words, kept.contact) == ("when", TYPED["words"], TYPED["contact"])
    assert (kept.service.title, kept.state) == ("Forest days", "new")


@pytest.mark.parametrize(
    ("part", "typed", "kept"),
    [
        ("phone", "ring (0115) 496 0001", ""),
        ("phone", " 0115 496 0001 ", "0115 496 0001"),
        ("email", "hello at example.org", ""),
        ("email", "hello@example.org", "hello@example.org"),
        ("page", "javascript:alert(1)", ""),
        ("page", "example.org/new", "https://example.org/new"),
        ("page", "https://example.org/" + "x" * 200, ""),
        ("name", "Forest\nnights", ""),
        ("name", "x" * 201, ""),
        ("name", "Forest nights", "Forest nights"),
        ("summary", "y" * 251, ""),
        ("summary", "We walk at night.", "We walk at night."),
        ("email", "a\x00@example.org", ""),
    ],
)
def test_of_a_plain_field_its_new_value_is_asked_for_and_nothing_else(address, part, typed, kept):
    page = Client().post(address, {**TYPED, "part": part, "words": typed})

    assert [row.words for row in Suggestion.objects.all()] == ([kept] if kept else [])
    assert kept or "nothing else" in page.text or "250 letters" in page.text or "\x00" in typed


@pytest.fixture
def accept(address, sign_in, site, monkeypatch):
    """Accept what somebody has sent; gives the service, the suggestion and the page after it."""
    quiet(monkeypatch)

    def run(part: str = "phone", words: str = "0115 496 0999", who: str = "ed"):
        if not Suggestion.objects.exists():
            Client().post(address, {**TYPED, "part": part, "words": words})
        kept = Suggestion.objects.get()
        page = sign_in(getattr(site, who)).post(
            f"/editor/suggestions/{kept.pk}/accept/", follow=True
        )
        kept.refresh_from_db()
        return Service.objects.get(pk=kept.service_id), kept, page

    return run


@pytest.mark.parametrize(
    ("part", "field", "value"),
    [
        ("phone", "phone", "0115 496 0999"),
        ("email", "email", "new@example.org"),
        ("page", "url", "https://new.example.org/"),
        ("name", "title", "Woodland days"),
        ("summary", "summary", "We walk in the woods."),
    ],
)
def test_what_is_accepted_is_public_in_a_version_of_its_own(accept, site, part, field, value):
    many = Service.objects.get(title="Forest days").revisions.count()

    service, kept, _ = accept(part, value)

    assert getattr(service, field) == value and service.revisions.count() == many + 1
    assert (kept.state, kept.decided_by, kept.put_right_in) == (
        "done", site.ed, service.live_revision,
    )  # fmt: skip
    assert value in Client().get(service.get_absolute_url()).text


def test_what_somebody_is_writing_stays_a_draft_with_the_new_value(accept, site):
    service = Service.objects.get(title="Forest days")
    service.summary = "Not public yet."
    service.save_revision()

    after, _, _ = accept()

    assert after.phone == "0115 496 0999" and after.summary != "Not public yet."
    draft = after.get_latest_revision_as_object()
    assert after.has_unpublished_changes
    assert (draft.phone, draft.summary) == ("0115 496 0999", "Not public yet.")
    after.get_latest_revision().publish()
    assert Service.objects.get(pk=after.pk).summary == "Not public yet."


def test_what_waits_for_review_or_is_not_public_is_left_alone(accept, site):
    service = Service.objects.get(title="Forest days")
    service.save_revision()
    service.get_workflow().start(service, site.oz)
    Client().post(f"{service.get_absolute_url()}wrong/", PHONE)

    after, kept, page = accept()
    assert "waits for review" in page.text and kept.state == "new"

    after.current_workflow_state.cancel()
    after.unpublish()
    after, kept, page = accept()
    assert "not public" in page.text and kept.state == "new" and after.phone == service.phone


def test_a_sentence_or_what_has_been_answered_is_not_taken_over(accept):
    service, kept, page = accept("when", "It closes at 8 now.")
    assert kept.state == "new" and "has been answered" in page.text

    Suggestion.objects.update(part="phone", words="0115 496 0999", state="kept")
    after, kept, _ = accept()

    assert kept.state == "kept" and after.phone == service.phone


def test_only_who_may_publish_accepts(accept):
    service, kept, _ = accept(who="oz")

    assert kept.state == "new" and service.phone != "0115 496 0999"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"part": ""}, "Choose what is wrong."),
        ({"part": "nonsense"}, "Choose"),
        ({"words": " "}, "Write what it should say."),
        ({"words": "x" * 1001}, "takes at most 1000"),
        ({"contact": "x" * 201}, "takes at most 200"),
    ],
)
def test_what_is_missing_or_too_long_is_said_and_what_was_typed_stays(address, change, sentence):
    typed = {**TYPED, **change}

    page = BeautifulSoup(Client().post(address, typed).content, "lxml")

    assert sentence in page.select_one(".govuk-error-summary").text
    assert page.select_one("textarea").text.strip() == typed["words"].strip()
    assert not Suggestion.objects.exists()


def test_markup_stays_text_to_the_editor_too(address, sign_in, site, monkeypatch):
    quiet(monkeypatch)
    Client().post(address, {**TYPED, "words": "<script>alert(1)</script>"})

    text = sign_in(site.ed).get("/editor/snippets/cms/suggestion/").text

    assert "<script>alert(1)" not in text and "&lt;script&gt;alert(1)" in text


def test_a_program_that_fills_in_everything_is_thanked_and_not_kept(address):
    out = Client().post(address, {**TYPED, "surname": "Bot"}, follow=True)

    assert "Thank you" in out.text and not Suggestion.objects.exists()


def test_one_address_sends_so_many_an_hour(address):
    answers = [
        Client().post(address, TYPED).status_code for _ in range(suggesting.MOST_AN_HOUR + 1)
    ]

    assert answers == [302] * suggesting.MOST_AN_HOUR + [429]
    with at(now() + timedelta(hours=1)):
        assert Client().post(address, TYPED).status_code == 302


def test_what_was_sent_is_forgotten_after_ninety_days(address):
    Client().post(address, TYPED)

    with at(now() + timedelta(days=89)):
        assert suggesting.forget() == 0
    with at(now() + timedelta(days=91)):
        assert suggesting.forget() == 1


def answer(client, kept, state):
    return client.post(f"/editor/snippets/cms/suggestion/edit/{kept.pk}/", {"state": state})


def test_an_editor_reads_it_beside_what_the_page_says(address, sign_in, site, monkeypatch):
    quiet(monkeypatch)
    Client().post(address, PHONE)
    kept = Suggestion.objects.get()

    page = sign_in(site.ed).get(f"/editor/snippets/cms/suggestion/edit/{kept.pk}/").text

    assert PHONE["words"] in page and TYPED["contact"] in page
    assert kept.service.phone and kept.service.phone in page
    assert "put right" not in page


def test_it_is_put_right_once_the_page_has_changed(address, sign_in, site, monkeypatch):
    quiet(monkeypatch)
    Client().post(address, PHONE)
    kept, client = Suggestion.objects.get(), sign_in(site.ed)

    refused = answer(client, kept, "done")
    kept.refresh_from_db()
    assert answering.UNCHANGED in BeautifulSoup(refused.content, "lxml").text
    assert (kept.state, kept.decided_at) == ("new", None)

    was = kept.service.phone
    with at(now() + timedelta(minutes=10)):
        kept.service.phone = "0115 496 0999"
        kept.service.save_revision(user=site.ed).publish()
        page = client.get(f"/editor/snippets/cms/suggestion/edit/{kept.pk}/").text
        assert was in page and "0115 496 0999" in page
        assert "Accept and publish" not in page, "its page says so already"
        answer(client, kept, "done")

    kept.refresh_from_db()
    assert (kept.state, kept.decided_by) == ("done", site.ed)
    assert kept.put_right_in == Service.objects.get(pk=kept.service_id).live_revision


def test_who_saves_an_answer_again_has_not_given_it(address, sign_in, site, monkeypatch):
    quiet(monkeypatch)
    Client().post(address, TYPED)
    kept, client = Suggestion.objects.get(), sign_in(site.ed)
    answer(client, kept, "kept")
    Suggestion.objects.update(decided_by=site.oz)

    answer(client, kept, "kept")

    kept.refresh_from_db()
    assert kept.decided_by == site.oz


def test_what_is_right_is_left_as_it_was_and_can_be_opened_again(
    address, sign_in, site, monkeypatch
):
    quiet(monkeypatch)
    Client().post(address, TYPED)
    kept, client = Suggestion.objects.get(), sign_in(site.ed)

    answer(client, kept, "kept")
    kept.refresh_from_db()
    assert (kept.state, kept.decided_by, kept.put_right_in) == ("kept", site.ed, None)

    answer(client, kept, "new")
    kept.refresh_from_db()
    assert (kept.state, kept.decided_by, kept.decided_at) == ("new", None, None)


def test_a_part_that_could_be_anywhere_shows_what_has_changed_since(address, site):
    Client().post(address, {**TYPED, "part": "other"})
    kept = Suggestion.objects.get()
    assert answering.compared(kept) == []

    kept.service.summary = "Said better."
    kept.service.save_revision().publish()

    rows = answering.compared(Suggestion.objects.get())
    assert [(name, now) for name, _, now in rows] == [("Summary", "Said better.")]


def test_its_provider_is_told_once_and_not_in_the_reader_s_words(address, mailoutbox):
    for _ in range(2):
        Client().post(address, TYPED)

    assert (answering.tell(), answering.tell()) == (1, 0)

    [letter] = mailoutbox
    service = Service.objects.get(title="Forest days")
    assert letter.to == [service.mailbox] == [service.email or service.provider.email]
    assert service.title in letter.body
    assert TYPED["words"] not in letter.body and TYPED["contact"] not in letter.body
    assert not Suggestion.objects.filter(told_at=None).exists()


def test_what_may_be_a_complaint_is_for_the_editors_alone(address, mailoutbox):
    Client().post(address, {**TYPED, "part": "other"})

    assert answering.tell() == 0 and not mailoutbox
    assert not answering.for_providers().exists()


def test_a_letter_that_was_not_sent_is_sent_later(address, mailoutbox, monkeypatch):
    def refuse(*args, **kwargs):
        raise letters.NotSent("no post")

    Client().post(address, TYPED)
    with monkeypatch.context() as patch:
        patch.setattr(letters, "deliver", refuse)
        assert answering.tell() == 0

    assert answering.tell() == 1 and len(mailoutbox) == 1
