"""The public pages: what they say, what they cost, and that they give nobody away."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils.timezone import now
from wagtail.models import Page

from cms import tasks
from cms.models import ContentPage, HomePage, Service, SignpostingIndexPage, SignpostingPage
from cms.services import begin_site
from tests.thorough import some
from waymark.bench.public_pages import BEGIN, crawl

PAGES = [
    "/",
    "/help/",
    "/help/how-i-feel/",
    "/help/staying-safe/",
    "/about/",
    "/privacy/",
    "/directory/",
    "/directory/?place=NG7&age=14&free=1",
    "/directory/?q=boxing",
    "/directory/?q=zebra&age=14",
    "/directory/one-to-one-mentor/",
    "/directory/one-to-one-mentor/useful/",
    "/directory/my/missing/",
]
ELSEWHERE = {"/refer-myself/"}  # a page of referrals
ALARMING = re.compile(
    r"knif|knives|weapon|gang|abus|violen|rape|suicid|self-harm|drug|exploit|groom|traffick|"
    r"murder|stab|police|crime|custody|prison|county.lines",
    re.IGNORECASE,
)


def get(path: str):
    response = Client().get(path)
    assert response.status_code == 200, path
    return response


def soup(path: str) -> BeautifulSoup:
    return BeautifulSoup(get(path).content, "lxml")


@pytest.mark.parametrize("path", PAGES)
def test_public_page_asks_for_ten_queries_at_most(site, path, django_assert_max_num_queries):
    get(path)  # Wagtail remembers where its sites begin

    with django_assert_max_num_queries(10):
        get(path)


@pytest.mark.parametrize("path", PAGES)
def test_public_page_sets_no_cookie_and_fetches_nothing_from_elsewhere(site, path):
    response = get(path)
    page = BeautifulSoup(response.content, "lxml")

    assert not response.cookies
    fetched = [
        tag.get("src") or tag.get("href") for tag in page.select("link, script, img, iframe")
    ]
    hosts = {urlsplit(url).netloc for url in fetched if url}
    assert hosts <= {"", "testserver"}
    own = "script:not([src]):not([type='application/ld+json'])"  # data, which no browser runs
    assert page.select(f"[style], style, {own}") == []


@pytest.mark.parametrize("path", PAGES)
def test_public_page_has_one_heading_an_exit_and_the_numbers(site, path):
    page = soup(path)

    assert len(page.select("h1")) == 1
    exit_link = page.select_one(".govuk-exit-this-page a")
    assert exit_link and exit_link["href"].startswith("https://")
    assert {"tel:999", "tel:08001111"} <= {a["href"] for a in page.select("a[href^='tel:']")}
    assert "UNDEFINED" not in page.text


@pytest.mark.thorough
def test_titles_and_addresses_hold_no_alarming_word(site):
    pages = Page.objects.live().specific().exclude(depth=1)
    paths = [page.url for page in pages] + [s.get_absolute_url() for s in Service.objects.public()]
    paths += [a["href"] for a in soup("/directory/").select(".wm-filters a")]
    assert len(paths) > 70

    titles = {path: soup(path).title.text for path in some(paths, of=12)}

    assert {path: title for path, title in titles.items() if ALARMING.search(path + title)} == {}


def test_alarming_words_would_be_noticed():
    assert ALARMING.search("Knives and weapons") and ALARMING.search("/help/county-lines/")


def test_home_asks_one_question_and_offers_large_choices(site):
    page = soup("/")

    choices = page.select(".wm-choices a")
    assert page.h1.text == "What do you need help with?"
    assert 6 <= len(choices) <= 8
    assert all(Client().get(choice["href"]).status_code == 200 for choice in choices)
    assert {field["name"] for field in page.select("form[action='/directory/'] input")} == {
        "q",
        "place",
    }


def test_numbers_stand_before_the_choices(site):
    text = str(soup("/").main)

    assert text.index("tel:999") < text.index("wm-choices")


def test_pages_to_look_through_say_in_a_line_whom_to_ring(site):
    provider = Service.objects.get(title="Forest days").provider
    for path in ("/directory/?q=boxing", "/directory/forest-days/", provider.get_absolute_url()):
        whole = str(soup(path).body)
        line = soup(path).select_one(".wm-urgent")

        assert [a["href"] for a in line.select("a")] == ["tel:999", "tel:08001111"], path
        assert whole.index("wm-urgent") < whole.index("<h1"), path


def test_a_choice_whose_page_is_taken_off_disappears(site):
    HomePage.objects.get().choices.first().page.specific.unpublish()

    assert len(soup("/").select(".wm-choices a")) == 7


def test_draft_page_is_not_found(site):
    home = HomePage.objects.get()
    home.add_child(instance=ContentPage(title="Secret plan", slug="secret-plan", live=False))

    assert Client().get("/secret-plan/").status_code == 404
    assert "Secret plan" not in soup("/").text


def test_changes_in_a_draft_are_not_shown(site):
    page = ContentPage.objects.get(slug="about")
    page.title = "Something new"
    page.save_revision()

    assert "Something new" not in soup("/about/").text


def test_help_page_shows_its_services_and_a_search_for_its_need(site):
    page = soup("/help/how-i-feel/")

    shown = [a.text for a in page.select(".wm-service a")]
    assert shown == ["Quiet Minds drop-in", "Talking sessions online", "Calm corner in Mansfield"]
    need = SignpostingPage.objects.get(slug="how-i-feel").need
    assert page.select_one(f"a[href='/directory/?need={need.sign}']")
    assert page.select_one("a[href='sms:85258']")


def test_help_page_leaves_out_a_service_that_is_not_public(site):
    Service.objects.get(title="Quiet Minds drop-in").unpublish()

    assert "Quiet Minds drop-in" not in soup("/help/how-i-feel/").text


def test_help_index_lists_the_published_help_pages(site):
    SignpostingPage.objects.get(slug="money").unpublish()

    links = [a["href"] for a in soup("/help/").select(".wm-choices a")]
    assert "/help/how-i-feel/" in links
    assert "/help/money/" not in links


def test_pages_cannot_be_made_private():
    models = (HomePage, ContentPage, SignpostingIndexPage, SignpostingPage)

    assert all(model.private_page_options == [] for model in models)


def test_beginning_the_site_again_changes_no_page(site):
    before = set(Page.objects.values_list("pk", "latest_revision"))

    begin_site(service_name="Waymark")

    assert set(Page.objects.values_list("pk", "latest_revision")) == before


def test_unknown_address_is_not_found(site):
    assert Client().get("/no/such/page/").status_code == 404


def test_every_link_of_the_public_pages_leads_somewhere(site):
    pages = [page.url for page in Page.objects.live().exclude(depth=1)]
    links = {
        a["href"].partition("#")[0]
        for path in some(pages, of=8)
        for a in soup(path).select("a[href]")
    }
    ours = {link for link in links if link.startswith("/")} - ELSEWHERE

    assert {link for link in ours if Client().get(link).status_code not in (200, 302)} == set()


def test_scheduled_page_comes_on_by_the_clock(site):
    page = ContentPage.objects.get(slug="about")
    page.title = "About us from today"
    page.go_live_at = now() - timedelta(minutes=1)
    page.save_revision(approved_go_live_at=page.go_live_at)
    assert "About us from today" not in soup("/about/").text

    tasks.publish_scheduled()

    assert "About us from today" in soup("/about/").text


@pytest.mark.thorough
@pytest.mark.slow  # follows the links of the whole public site
def test_the_crawl_takes_the_map_and_a_search_that_found_nothing(site):
    pages = {}

    def read(path):
        answer = Client().get(path)
        pages[path] = BeautifulSoup(answer.content, "lxml")
        return answer.status_code, answer.content

    found = crawl(read, enough=1)

    assert set(BEGIN) <= set(found)
    assert any(pages[path].select(".wm-map") for path in found if path.startswith("/directory/?"))
    assert any("We did not find a service like that" in pages[path].text for path in found)
