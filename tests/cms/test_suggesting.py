"""A reader says that something on a page is wrong."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.template import engines
from django.test import Client

from accounts.clock import at, now
from cms.directory import suggesting
from cms.models import Service, Suggestion

TYPED = {"part": "when", "words": "It closes at 8 now.", "contact": "me@example.org"}


def quiet(monkeypatch):
    """Wagtail's own templates name things that are not there."""
    monkeypatch.setattr(engines["django"].engine, "string_if_invalid", "")


@pytest.fixture
def address(site) -> str:
    return f"{Service.objects.get(title='Forest days').get_absolute_url()}wrong/"


def test_the_page_of_a_service_leads_there_and_what_is_sent_is_kept(site, address):
    client = Client(enforce_csrf_checks=True)
    page = BeautifulSoup(client.get(address.removesuffix("wrong/")).content, "html.parser")
    assert page.main.select_one(f"a[href='{address}']")

    out = client.post(address, TYPED, follow=True)

    assert "Thank you" in out.text and not client.cookies
    kept = Suggestion.objects.get()
    assert (kept.part, kept.words, kept.contact) == ("when", TYPED["words"], TYPED["contact"])
    assert (kept.service.title, kept.state) == ("Forest days", "new")


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

    page = BeautifulSoup(Client().post(address, typed).content, "html.parser")

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


def test_an_editor_reads_it_and_says_what_came_of_it(address, sign_in, site, monkeypatch):
    quiet(monkeypatch)
    Client().post(address, TYPED)
    kept = Suggestion.objects.get()
    client = sign_in(site.ed)
    edit = f"/editor/snippets/cms/suggestion/edit/{kept.pk}/"

    assert TYPED["words"] in client.get(edit).text
    client.post(edit, {"state": "done", "words": "Changed by hand."})

    kept.refresh_from_db()
    assert (kept.state, kept.words) == ("done", TYPED["words"])
