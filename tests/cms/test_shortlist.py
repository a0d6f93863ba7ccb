"""A reader's own list: it is in its address and nowhere else."""

from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from bs4 import BeautifulSoup
from django.http import QueryDict
from django.test import Client

from cms.directory.asking import MOST_CHOSEN
from cms.models import Service
from tests.cms.searching import page

TWO = ["forest-days", "money-chat"]


def shown(slugs) -> BeautifulSoup:
    client = Client()
    response = client.get("/directory/my/list/", {"service": slugs})
    assert response.status_code == 200 and not client.cookies
    assert "UNDEFINED" not in response.text
    return BeautifulSoup(response.content, "lxml")


def listed(soup) -> list[str]:
    return [link.text for link in soup.select(".wm-list h2 a")]


def pressed(soup: BeautifulSoup, *ticked: str) -> BeautifulSoup:
    """What "Show my list" leads to, with these boxes ticked besides those that are."""
    form = next(f for f in soup.select("form") if "my/list" in f["action"])
    sent = [
        each["value"]
        for each in form.select("input[name=service]")
        if each["type"] == "hidden" or each.has_attr("checked") or each["value"] in ticked
    ]
    return shown(sent)


def test_what_is_ticked_on_two_searches_ends_on_one_list(site):
    first = pressed(page(q="forest"), "forest-days")
    more = first.select_one(".govuk-back-link")["href"]
    again = page(**QueryDict(urlsplit(more).query).dict(), q="money")

    both = pressed(again, "money-chat")

    assert listed(both) == ["Forest days", "Money chat"]


def test_no_link_of_a_search_loses_the_list(site):
    soup = page(chosen=TWO, q="help")

    links = [a["href"] for a in soup.main.select("a") if a["href"].startswith("/directory/?")]
    assert len(links) > 20
    assert all(parse_qs(urlsplit(link).query).get("chosen") == TWO for link in links)
    kept = soup.select("form[role=search] input[name=chosen]")
    assert [each["value"] for each in kept] == TWO
    assert "chosen" not in soup.select_one("link[rel=canonical]")["href"]


def test_the_list_says_how_to_reach_each_and_each_can_be_taken_off(site):
    soup = shown(TWO)

    for slug in TWO:
        assert Service.objects.get(slug=slug).phone in soup.main.text
    off = soup.select(".wm-list a[href*='my/list']")[0]["href"]
    assert listed(shown(parse_qs(urlsplit(off).query)["service"])) == ["Money chat"]


def test_a_letter_or_text_is_written_by_the_readers_own_phone(site):
    soup = shown(TWO)

    mail, text = (soup.select_one(f"a[href^='{kind}']")["href"] for kind in ("mailto:", "sms:"))
    for address in (mail, text):
        body = unquote(address.split("body=")[1])
        assert listed(shown(parse_qs(urlsplit(body).query)["service"])) == listed(soup)
    assert mail.startswith("mailto:?"), "to nobody that we know of"


@pytest.mark.parametrize("off", [{"live": False}, {"is_professional_only": True}])
def test_what_is_not_public_is_not_on_it_and_not_named(site, off):
    Service.objects.filter(slug="forest-days").update(**off)

    soup = shown(TWO)

    assert listed(soup) == ["Money chat"]
    assert "One service on this list is not in the directory any more" in soup.text
    assert "Forest" not in soup.text


def test_an_empty_list_and_one_that_is_too_long_say_so(site):
    slugs = list(Service.objects.public().values_list("slug", flat=True))
    assert len(slugs) > MOST_CHOSEN

    assert "There is nothing on it yet" in shown([]).text
    long = shown([*slugs, *slugs])
    assert len(listed(long)) == MOST_CHOSEN and "We left out the others" in long.text


@pytest.mark.parametrize("odd", ["\0", "../x", "<script>", "x" * 300, "É"])
def test_odd_names_are_no_error(site, odd):
    assert listed(shown([odd, "forest-days"])) == ["Forest days"]
    assert page(chosen=[odd])


def test_a_service_page_leads_to_a_list_with_it(site):
    service = Service.objects.get(slug="forest-days")
    soup = BeautifulSoup(Client().get(service.get_absolute_url()).content, "lxml")

    assert soup.select_one("a[href='/directory/my/list/?service=forest-days']")


def test_a_printed_list_can_be_read_by_a_phone(site):
    slugs = list(Service.objects.public().values_list("slug", flat=True)[:MOST_CHOSEN])

    assert shown(slugs).select_one(".wm-only-print svg path")
    assert not shown([]).select(".wm-only-print")


def test_a_long_list_costs_no_more_queries(site, django_assert_max_num_queries):
    slugs = list(Service.objects.public().values_list("slug", flat=True))[:30]
    with django_assert_max_num_queries(10):
        shown(slugs)
