"""Our answers on somebody else's page: only there, without script, and as in the directory."""

from html import unescape
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import get_resolver, reverse

from cms.models import Service
from tests.accounts.test_public import names as url_names
from tests.accounts.test_public import path_of
from tests.cms.searching import names, page, sign
from tests.thorough import some


def framed(query: str = "") -> BeautifulSoup:
    client = Client()
    response = client.get(f"/embed/{query}")
    assert response.status_code == 200 and not client.cookies
    assert "UNDEFINED" not in response.text
    return BeautifulSoup(response.content, "lxml")


def built(**query) -> BeautifulSoup:
    response = Client().get("/directory/embed/", query)
    assert response.status_code == 200 and "UNDEFINED" not in response.text
    return BeautifulSoup(response.content, "lxml")


def test_it_shows_the_first_answers_of_the_same_search(site):
    query = {"need": sign("money"), "place": "NG7", "cost": "free"}

    soup = framed(f"?need={sign('money')}&place=NG7&cost=free&rows=3")

    assert names(soup) == names(page(**query))[:3]
    everything = soup.find("a", string=lambda said: said and said.startswith("See all"))
    found = BeautifulSoup(Client().get(everything["href"]).content, "lxml")
    assert names(found) == names(page(**query))


@pytest.mark.parametrize(("rows", "many"), [("", 5), ("10", 10), ("x", 5), ("-1", 5), ("9999", 5)])
def test_it_has_as_many_rows_as_were_asked_for(site, rows, many):
    assert len(names(framed(f"?rows={rows}&page=2&view=map&chosen=money-chat"))) == many


def test_it_has_no_script_no_form_and_its_links_leave_the_frame(site):
    soup = framed()

    assert soup.select("script, form, iframe, input") == []
    assert soup.base["target"] == "_top" and not soup.base.has_attr("href")
    assert soup.select_one("a[href='tel:999']")
    assert soup.select_one("meta[name=robots]")["content"] == "noindex"


def test_only_this_page_may_be_framed(site):
    response = Client().get("/embed/")
    policy = response.headers["Content-Security-Policy"]
    assert "frame-ancestors *" in policy and "script-src 'none'" in policy
    assert "X-Frame-Options" not in response.headers

    paths = {path_of(name) for name in set(url_names(get_resolver())) - {"embed"}}
    paths |= {"/", "/help/", "/editor/", "/no-such-page/", "/oruk/v3"}
    paths |= {service.get_absolute_url() for service in Service.objects.all()[:3]}
    paths -= {"/embed/", None}
    assert len(paths) > 100
    for path in some(sorted(paths), of=4):
        response = Client().get(path)
        said = response.headers.get("X-Frame-Options")
        assert said == "DENY", path
        policy = response.headers.get("Content-Security-Policy", "frame-ancestors 'none'")
        assert "frame-ancestors 'none'" in policy, path


def test_what_is_not_public_is_not_in_it(site):
    Service.objects.filter(title="Money chat").update(is_professional_only=True)

    assert "Money chat" not in names(framed(f"?need={sign('money')}&rows=20"))


def test_the_builder_gives_html_that_shows_what_was_chosen(site):
    soup = built(place="Worksop", need=sign("money"), age="16", rows="10")

    html = BeautifulSoup(soup.textarea.text, "lxml")
    address = urlsplit(html.iframe["src"])
    assert address.netloc == "testserver" and address.path == reverse("embed")
    assert names(framed(f"?{address.query}")) == names(
        page(place="Worksop", need=sign("money"), age=16)
    )
    assert html.iframe["title"] == html.a.text == "Find help near Worksop"
    assert not html.select("script, [style]")


def test_the_builder_works_with_nothing_chosen(site):
    html = BeautifulSoup(built(place="", need="", age="", rows="5").textarea.text, "lxml")

    assert len(names(framed(f"?{urlsplit(html.iframe['src']).query}"))) == 5
    assert built().textarea is None


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"place": "Atlantis"}, "We do not know this place"),
        ({"place": '"><script>'}, "We do not know this place"),
        ({"age": "old"}, "number"),
        ({"need": "zzz"}, ""),
        ({"rows": "1000"}, ""),
    ],
)
def test_what_the_builder_cannot_use_is_said_beside_it_and_kept(site, query, sentence):
    soup = built(**{"rows": "5", **query})

    assert soup.textarea is None
    assert soup.select_one(".govuk-error-message") and sentence in soup.main.text
    if "place" in query:
        assert unescape(soup.select_one("input[name=place]")["value"]) == query["place"]


def test_a_service_cannot_take_the_address_of_a_page(site):
    service = Service.objects.get(title="Money chat")
    service.title, service.slug = "Embed", ""

    assert service.free_slug() == "embed-2"


def test_it_asks_little(site, django_assert_max_num_queries):
    with django_assert_max_num_queries(10):
        framed(f"?need={sign('money')}&place=NG7&age=14&rows=20")
