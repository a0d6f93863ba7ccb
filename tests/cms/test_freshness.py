"""Asking whether a service is still as its page says; growing old; being hidden and coming back."""

import csv
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.template import engines
from django.test import Client

from accounts import letters
from accounts.clock import at, now
from cms import tasks
from cms.directory import freshness, listings
from cms.directory.facts import FACTS
from cms.models import (
    Freshness,
    LinkCheck,
    Listing,
    Provider,
    Reminder,
    Service,
    Source,
    SourceRecord,
)
from tests.cms.searching import names, page


@pytest.fixture
def checked(site):
    """All were checked today; so a test says how old what it looks at is."""
    Service.objects.update(checked_at=now(), checked_by=Service.CheckedBy.TEAM)
    listings.refresh(Service.objects.values_list("pk", flat=True))


def aged(title: str, days: int, **changes) -> Service:
    """That service, last checked so many days ago."""
    changes |= {"checked_at": now() - timedelta(days=days)}
    Service.objects.filter(title=title).update(**changes)
    service = Service.objects.get(title=title)
    listings.refresh([service.pk])
    return service


def in_days(days: int):
    return at(now() + timedelta(days=days))


def night() -> None:
    tasks.keep_fresh()


def test_a_provider_is_asked_at_60_90_and_120_days_and_once_each(checked, mailoutbox):
    aged("Forest days", 59, email="forest@example.org")
    written = {}
    for day in (0, 1, 2, 30, 31, 32, 61, 62, 100):
        with in_days(day):
            night()
            night()
        asked = Reminder.objects.filter(service__title="Forest days")
        written[day] = sorted(asked.values_list("days", flat=True))

    assert written == {
        0: [], 1: [60], 2: [60], 30: [60], 31: [60, 90], 32: [60, 90],
        61: [60, 90, 120], 62: [60, 90, 120], 100: [60, 90, 120],
    }  # fmt: skip
    mine = [letter for letter in mailoutbox if letter.to == ["forest@example.org"]]
    assert len(mine) == 3 and "Forest days" in mine[0].body


def test_what_was_never_asked_about_gets_one_letter_not_three(checked, mailoutbox):
    aged("Forest days", 400, email="forest@example.org")

    night()

    assert [row.days for row in Reminder.objects.all()] == [120]
    assert Service.objects.get(title="Forest days").is_public, "nobody was given time to answer"


def test_one_letter_to_a_mailbox_names_all_its_services(checked, mailoutbox):
    for title in ("Forest days", "Money chat"):
        aged(title, 70, email="both@example.org")

    night()

    (letter,) = [each for each in mailoutbox if each.to == ["both@example.org"]]
    assert "2 services" in letter.subject and "(invented)" in letter.body, "who writes"
    for row in Reminder.objects.all():
        assert letters.link_to(row.get_absolute_url()) in letter.body


def test_without_an_address_the_editors_are_told(checked, mailoutbox):
    service = aged("Forest days", 130, email="")
    Provider.objects.filter(pk=service.provider_id).update(email="")

    night()

    assert not mailoutbox
    assert [row.title for row in freshness.to_check().filter(state="unanswered")] == ["Forest days"]


def test_a_letter_that_the_mail_server_does_not_take_goes_out_the_next_night(
    checked, mailoutbox, monkeypatch
):
    aged("Forest days", 70, email="forest@example.org")

    def down(*args, **kwargs):
        raise letters.NotSent("ConnectionRefusedError")

    with monkeypatch.context() as patch:
        patch.setattr(letters, "deliver", down)
        night()
    assert Reminder.objects.get().sent_at is None
    night()

    assert [letter.to for letter in mailoutbox] == [["forest@example.org"]]
    assert Reminder.objects.get().sent_at


def test_what_another_directory_publishes_is_not_asked_about_and_not_hidden(checked, mailoutbox):
    service = aged("Forest days", 500)
    SourceRecord.objects.create(
        source=Source.objects.create(code="council", name="Council"),
        kind="service",
        source_key="7",
        payload={},
        service=service,
    )

    with in_days(200):
        night()
        assert not Reminder.objects.filter(service=service).exists()
    assert Service.objects.get(pk=service.pk).is_public


def test_what_is_for_professionals_is_asked_about_and_hidden_too(
    checked, site, sign_in, mailoutbox
):
    aged("Forest days", 70, is_professional_only=True, email="forest@example.org")
    night()
    reminder = Reminder.objects.get(service__title="Forest days")
    shown = Client().get(reminder.get_absolute_url()).text

    told = [letter.to for letter in mailoutbox if "Forest days" in letter.body]
    assert told == [["forest@example.org"]]
    assert "Only people who work with young people read this" in shown
    assert "/wrong/" not in shown
    assert "See its page" not in Client().post(reminder.get_absolute_url(), follow=True).text
    assert Service.objects.get(title="Forest days").checked_by == "provider"

    aged("Forest days", 121)
    night()
    with in_days(61):
        night()
    service = Service.objects.get(title="Forest days")
    assert service.hidden_at
    assert sign_in(site.cora).get(service.get_absolute_url()).status_code == 404


def asked(title: str = "Forest days", days: int = 70) -> Reminder:
    service = aged(title, days)
    night()
    return Reminder.objects.get(service=service)


def test_opening_the_link_says_nothing_and_the_button_says_yes_once(checked):
    reminder = asked()
    client = Client(enforce_csrf_checks=True)
    before = Service.objects.get(pk=reminder.service_id).checked_at

    shown = client.get(reminder.get_absolute_url())
    assert "Forest days" in shown.text and "All of this is still right" in shown.text
    assert Service.objects.get(pk=reminder.service_id).checked_at == before
    thanks = client.post(reminder.get_absolute_url(), follow=True)

    assert "Thank you" in thanks.text and not client.cookies
    service = Service.objects.get(pk=reminder.service_id)
    assert (service.checked_at.date(), service.checked_by) == (now().date(), "provider")
    assert service.listings.get(is_first=True).checked_at == service.checked_at
    with in_days(3):
        client.post(reminder.get_absolute_url())
    assert Service.objects.get(pk=service.pk).checked_at == service.checked_at
    assert "All of this is still right" not in client.get(reminder.get_absolute_url()).text


def test_a_yes_and_what_an_editor_is_writing_do_not_undo_each_other(checked):
    reminder = asked()
    service = Service.objects.get(pk=reminder.service_id)
    service.summary = "Not shown yet."
    service.save_revision()

    Client().post(reminder.get_absolute_url())
    said = Service.objects.get(pk=service.pk)
    assert said.summary != "Not shown yet."
    said.latest_revision.publish()

    published = Service.objects.get(pk=service.pk)
    assert published.summary == "Not shown yet."
    assert (published.checked_at, published.checked_by) == (said.checked_at, "provider")


def hidden(title: str = "Forest days") -> Service:
    reminder = asked(title, 121)
    with in_days(61):
        night()
    return Service.objects.get(pk=reminder.service_id)


def test_at_180_days_it_is_hidden_everywhere_and_a_yes_brings_it_back(checked):
    service = hidden()

    assert not service.is_public and service.live
    assert Client().get(service.get_absolute_url()).status_code == 404
    assert "Forest days" not in names(page(q="forest days"))
    assert Client().get(f"/oruk/v3/services/{service.pk}").json()["status"] == "inactive"
    reminder = service.reminders.first()
    assert "not listed at the moment" in Client().get(reminder.get_absolute_url()).text
    Client().post(reminder.get_absolute_url())
    assert Client().get(service.get_absolute_url()).status_code == 200
    assert "Forest days" in names(page(q="forest days"))


def test_what_has_changed_can_be_said_of_what_is_hidden(checked):
    service = hidden()

    shown = Client().get(f"{service.get_absolute_url()}wrong/")

    assert shown.status_code == 200
    assert f'href="{service.get_absolute_url()}"' not in shown.text, "a page that is not there"


@pytest.mark.parametrize(("days", "is_back"), [(0, True), (150, False)])
def test_an_editor_brings_it_back_with_a_check_of_today(checked, days, is_back):
    service = hidden()
    service.checked_at = now() - timedelta(days=days)
    service.save_revision().publish()

    assert Service.objects.get(pk=service.pk).is_public is is_back


def test_what_an_editor_keeps_is_not_hidden(checked):
    aged("Forest days", 121, keep_until=(now() + timedelta(days=90)).date())
    night()
    with in_days(61):
        night()
        assert Service.objects.get(title="Forest days").is_public
    with in_days(91):
        night()
        assert not Service.objects.get(title="Forest days").is_public


def test_what_is_old_says_so_and_comes_last_unless_an_order_is_asked_for(checked):
    first = names(page(sort="name"))[0]
    service = aged(first, 121)

    warned = Client().get(service.get_absolute_url()).text
    assert "Nobody has checked this since" in warned
    assert names(page(page=3))[-1] == first
    assert names(page(sort="name"))[0] == first
    aged(first, 119)
    assert "Nobody has checked this since" not in Client().get(service.get_absolute_url()).text
    assert not Listing.objects.filter(is_old=True).exists()
    with in_days(2):
        night()
        assert names(page(page=3))[-1] == first


def test_days_between_checks_must_rise(db):
    with pytest.raises(ValidationError, match="higher than the one before"):
        Freshness(first_letter=90, second_letter=90).full_clean()
    Freshness(first_letter=30, second_letter=45, last_letter=60, hidden_after=90).full_clean()


@pytest.fixture
def editor(site, sign_in, monkeypatch):
    monkeypatch.setattr(engines["django"].engine, "string_if_invalid", "")  # Wagtail's templates
    return sign_in(site.ed)


@pytest.mark.parametrize("state", ["unanswered", "hidden"])
def test_the_report_shows_just_the_rows_that_my_work_counts(checked, editor, state):
    hidden("Forest days")
    aged("Money chat", 130)
    night()
    url = f"/editor/reports/state-of-the-directory/?state={state}"
    work = BeautifulSoup(editor.get("/work/").content, "lxml")
    count = next(a for a in work.select("a") if a["href"] == url).find_parent("li")

    report = BeautifulSoup(editor.get(url).content, "lxml")
    rows = [row.text for row in report.select("table.listing tbody tr")]

    assert len(rows) == 1 and "1" in count.text
    assert ("Forest days" if state == "hidden" else "Money chat") in rows[0]


def test_the_report_says_what_a_page_lacks_and_can_be_taken_away(checked, editor):
    Service.objects.filter(title="Forest days").update(waiting_time="", phone="", email="", url="")

    out = editor.get("/editor/reports/state-of-the-directory/?export=csv")

    lines = b"".join(out.streaming_content).decode().splitlines()
    assert lines[0].startswith("Service,Provider")
    (mine,) = [line for line in lines if line.startswith("Forest days")]
    assert "contact" in mine and "waiting time" in mine
    assert len(lines) == 1 + freshness.to_check().count()


def test_the_report_says_how_complete_each_is_and_whether_its_web_page_opens(checked, editor):
    service = aged("Forest days", 3, url="https://forest.example.org/")
    LinkCheck.objects.create(service=service, url=service.url, fails=2, words="No server answers")

    out = editor.get("/editor/reports/state-of-the-directory/?export=csv")

    lines = list(csv.DictReader(b"".join(out.streaming_content).decode().splitlines()))
    (mine,) = [line for line in lines if line["Service"] == "Forest days"]
    lacks = mine["Does not say"].split(", ")
    assert "a web page that opens" in lacks and "No server answers" in mine["Web page"]
    assert mine["Complete, in hundredths"] == str(round(100 - 100 * len(lacks) / len(FACTS)))


def test_each_provider_has_its_score_and_what_is_overdue_first(checked, editor):
    service = aged("Forest days", 61)

    page = BeautifulSoup(editor.get("/editor/reports/state-by-provider/").content, "lxml")

    first = page.select_one("table.listing tbody tr")
    cells = [cell.get_text(strip=True) for cell in first.select("td")]
    assert cells[0] == service.provider.name and cells[2].endswith("%") and cells[3] == "1"
    assert editor.get(first.a["href"]).status_code == 200
