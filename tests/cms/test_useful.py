"""Was this useful: counted by service and month, and nothing else."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.template import engines
from django.test import Client

from accounts.clock import at, now
from cms.directory import useful
from cms.models import Service, Usefulness


@pytest.fixture
def service(site) -> Service:
    return Service.objects.get(title="Forest days")


def counted() -> dict[str, int]:
    return dict(Usefulness.objects.values_list("answer", "count"))


def test_one_tap_on_the_page_says_yes(service):
    client = Client(enforce_csrf_checks=True)
    page = BeautifulSoup(client.get(service.get_absolute_url()).content, "lxml")
    form = page.select_one(f"form[action='{service.get_absolute_url()}useful/']")
    button = form.select_one("button[value=yes]")

    out = client.post(form["action"], {button["name"]: button["value"]}, follow=True)

    assert "Thank you" in out.text and not client.cookies
    row = Usefulness.objects.get()
    assert (row.service, row.answer, row.count) == (service, "yes", 1)
    assert (row.month.day, row.month.month) == (1, now().month)


def test_who_says_no_is_asked_why(service):
    client = Client(enforce_csrf_checks=True)
    page = BeautifulSoup(client.get(service.get_absolute_url()).content, "lxml")
    url = page.select_one(f"a[href='{service.get_absolute_url()}useful/']")["href"]
    asked = BeautifulSoup(client.get(url).content, "lxml")
    reasons = [radio["value"] for radio in asked.select("input[name=answer]")]

    for reason in reasons:
        client.post(url, {"answer": reason})

    assert "yes" not in reasons and counted() == dict.fromkeys(reasons, 1)


@pytest.mark.parametrize("typed", [{}, {"answer": ""}, {"answer": "nonsense"}, {"other": "1"}])
def test_an_answer_that_is_none_is_asked_for_again(service, typed):
    out = Client().post(f"{service.get_absolute_url()}useful/", typed)

    soup = BeautifulSoup(out.content, "lxml")
    assert "Choose" in soup.select_one(".govuk-error-summary").text and counted() == {}


def test_answers_of_a_month_are_one_row_and_of_the_next_another(service):
    for days in (0, 0, 32):
        with at(now() + timedelta(days=days)):
            Client().post(f"{service.get_absolute_url()}useful/", {"answer": "yes"})

    assert sorted(Usefulness.objects.values_list("count", flat=True)) == [1, 2]


def test_one_address_answers_so_many_an_hour(service):
    url = f"{service.get_absolute_url()}useful/"
    answers = [
        Client().post(url, {"answer": "yes"}).status_code for _ in range(useful.MOST_AN_HOUR + 1)
    ]

    assert answers == [302] * useful.MOST_AN_HOUR + [429]


def test_editors_read_it_in_the_state_of_the_directory(service, sign_in, site, monkeypatch):
    monkeypatch.setattr(engines["django"].engine, "string_if_invalid", "")  # Wagtail's templates
    for answer in ("yes", "yes", "full"):
        Client().post(f"{service.get_absolute_url()}useful/", {"answer": answer})
    editor = sign_in(site.ed)

    report = BeautifulSoup(editor.get("/editor/reports/state-of-the-directory/").content, "lxml")
    rows = [row.text for row in report.select("table.listing tbody tr")]
    taken = editor.get("/editor/reports/state-of-the-directory/?export=csv")
    lines = b"".join(taken.streaming_content).decode().splitlines()

    assert [row for row in rows if "2 of 3" in row and "Forest days" in row]
    assert next(line for line in lines if line.startswith("Forest days")).endswith(",2,1")
