"""Whoever runs a provider that nobody keeps says so; an editor links it or says no."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.template import engines
from django.test import Client

from accounts.clock import at, now
from cms import tasks
from cms.directory import claiming
from cms.models import Claim, Provider, Service, Source, SourceRecord

TYPED = {"organisation_name": "Sherwood Outdoors", "email": "jo@sherwood.example.org"}


@pytest.fixture
def editor(site, sign_in, monkeypatch):
    monkeypatch.setattr(engines["django"].engine, "string_if_invalid", "")  # Wagtail's templates
    return sign_in(site.ed)


@pytest.fixture
def service(site) -> Service:
    service = Service.objects.get(title="Forest days")
    Provider.objects.filter(pk=service.provider_id).update(organisation=None)
    service.refresh_from_db()
    return service


@pytest.fixture
def address(service) -> str:
    return f"{service.provider.get_absolute_url()}yours/"


def test_both_pages_lead_there_and_what_is_sent_is_kept_without_a_cookie(service, address):
    client = Client(enforce_csrf_checks=True)
    for page in (service, service.provider):
        shown = BeautifulSoup(client.get(page.get_absolute_url()).content, "lxml")
        assert shown.main.select_one(f"a[href='{address}']")

    out = client.post(address, {**TYPED, "words": "I lead the walks."}, follow=True)

    assert "Thank you" in out.text and not client.cookies
    kept = Claim.objects.get()
    assert (kept.provider, kept.email, kept.state) == (service.provider, TYPED["email"], "new")


def test_what_somebody_keeps_or_another_directory_publishes_cannot_be_claimed(
    service, address, site
):
    pages = [service.get_absolute_url(), service.provider.get_absolute_url()]
    Provider.objects.filter(pk=service.provider_id).update(organisation=site.school)
    assert Client().get(address).status_code == 404
    assert not any(address in Client().get(page).text for page in pages)

    Provider.objects.filter(pk=service.provider_id).update(organisation=None)
    source = Source.objects.create(code="council", name="Council")
    common = {"source": source, "source_key": "7", "payload": {}}
    SourceRecord.objects.create(kind="organisation", provider=service.provider, **common)
    SourceRecord.objects.create(kind="service", service=service, **common)

    assert Client().get(address).status_code == 404
    assert not any(address in Client().get(page).text for page in pages)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"organisation_name": ""}, "Fill in"),
        ({"email": "jo"}, "Enter an email address like"),
        ({"words": "x" * 1001}, "at most 1000"),
        ({"organisation_name": "a\x00b"}, "cannot be kept"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(address, change, sentence):
    page = BeautifulSoup(Client().post(address, {**TYPED, **change}).content, "lxml")

    assert sentence in page.select_one(".govuk-error-summary").text
    assert not Claim.objects.exists()


def test_a_program_is_thanked_and_not_kept_and_an_address_sends_so_many_an_hour(address):
    assert "Thank you" in Client().post(address, {**TYPED, "surname": "Bot"}, follow=True).text
    assert not Claim.objects.exists()

    rest = [Client().post(address, TYPED).status_code for _ in range(claiming.MOST_AN_HOUR)]
    assert rest == [302] * (claiming.MOST_AN_HOUR - 1) + [429]


def answer(client, claim, **given):
    return client.post(f"/editor/snippets/cms/claim/edit/{claim.pk}/", given)


def test_an_editor_links_it_and_from_then_on_they_keep_it(
    service,
    address,
    site,
    editor,
    sign_in,
    mailoutbox,
    django_capture_on_commit_callbacks,
):
    Client().post(address, TYPED)
    claim = Claim.objects.get()
    page = editor.get(f"/editor/snippets/cms/claim/edit/{claim.pk}/").text
    assert TYPED["email"] in page
    assert "Choose the organisation" in answer(editor, claim, state="linked").text

    with django_capture_on_commit_callbacks(execute=True):
        answer(editor, claim, state="linked", organisation=site.school.pk)

    claim.refresh_from_db()
    assert (claim.state, claim.decided_by) == ("linked", site.ed)
    assert Provider.objects.get(pk=service.provider_id).organisation == site.school
    assert sign_in(site.oz).get(f"/our-services/{service.pk}/").status_code == 200
    (letter,) = mailoutbox
    assert letter.to == [TYPED["email"]] and "/our-services/" in letter.body
    draft = Provider.objects.get(pk=service.provider_id).get_latest_revision_as_object()
    assert draft.organisation == site.school, "publishing a draft does not undo it"


def test_an_editor_says_no_once(
    service,
    address,
    site,
    editor,
    mailoutbox,
    django_capture_on_commit_callbacks,
):
    Client().post(address, TYPED)
    claim = Claim.objects.get()

    with django_capture_on_commit_callbacks(execute=True):
        answer(editor, claim, state="refused")
        again = answer(editor, claim, state="linked", organisation=site.school.pk)

    assert "answered already" in again.text
    assert Provider.objects.get(pk=service.provider_id).organisation is None
    (letter,) = mailoutbox
    assert "could not see" in letter.body


def test_what_was_linked_meanwhile_is_not_taken_from_its_keeper(service, address, site, editor):
    Client().post(address, TYPED)
    charity = site.max.memberships.first().organisation
    Provider.objects.filter(pk=service.provider_id).update(organisation=charity)

    page = answer(editor, Claim.objects.get(), state="linked", organisation=site.school.pk)

    assert "is linked to" in page.text
    assert Provider.objects.get(pk=service.provider_id).organisation == charity


def test_it_is_forgotten_after_ninety_days(address):
    Client().post(address, TYPED)

    with at(now() + timedelta(days=91)):
        tasks.forget_suggestions()

    assert not Claim.objects.exists()
