"""Pages for each need, district and town: search engines read what the directory finds."""

import json
from urllib.parse import parse_qs, urlsplit

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils.text import slugify

from accounts.models import Area
from cms.directory.outlines import towns
from cms.models import Listing, Service, TaxonomyTerm
from tests.cms.searching import names, page, sign
from tests.cms.test_outside import every_address


def opened(path: str) -> BeautifulSoup:
    client = Client()
    response = client.get(path)
    assert response.status_code == 200 and not client.cookies and "UNDEFINED" not in response.text
    return BeautifulSoup(response.content, "lxml")


def test_a_need_page_shows_who_helps_with_it(site):
    soup = opened(f"/directory/need/{sign('money')}/")

    assert soup.h1.text == TaxonomyTerm.objects.of("need").get(code="money").public_wording
    assert names(soup) == names(page(need=sign("money"))) != []


def test_a_district_page_and_a_town_page_show_what_a_search_there_finds(site):
    assert names(opened("/directory/place/bassetlaw/")) == names(page(area="bassetlaw")) != []
    assert names(opened("/directory/place/arnold/")) == names(page(place="Arnold", within=5)) != []
    assert opened("/directory/place/mansfield/").h1.text == "Find help in Mansfield"
    assert opened("/directory/place/arnold/").h1.text == "Find help near Arnold"


@pytest.mark.parametrize("path", ["need/zz9", "need/money", "place/narnia", "place/ng7", "need/t1"])
def test_what_there_is_not_is_not_found(site, path):
    assert Client().get(f"/directory/{path}/").status_code == 404


def test_each_page_has_its_own_address_whatever_stands_behind_it(site):
    soup = opened("/directory/place/arnold/?page=2&utm=x")

    canonical = soup.select_one("link[rel=canonical]")["href"]
    assert canonical == "http://testserver/directory/place/arnold/"


def test_the_address_and_title_of_a_need_hold_no_alarming_word(site):
    soup = opened(f"/directory/need/{sign('weapons')}/")

    assert soup.title.text.startswith("Find help")
    assert soup.select_one("meta[name=description]")["content"].startswith(soup.h1.text)


def test_structured_data_lists_the_services_of_the_page(site):
    soup = opened("/directory/place/ashfield/")

    said = json.loads(soup.select_one("script[type='application/ld+json']").text)
    assert [each["name"] for each in said["itemListElement"]] == names(soup)
    assert said["@type"] == "ItemList" and said["name"] == soup.h1.text
    for each in said["itemListElement"][:3]:
        assert Client().get(urlsplit(each["url"]).path).status_code == 200


@pytest.mark.thorough
def test_links_to_narrower_searches_say_how_many_they_find(site):
    for path in (f"/directory/need/{sign('money')}/", "/directory/place/arnold/"):
        items = [li for li in opened(path).select(".wm-columns li") if "(" in li.text]
        assert len(items) > 3
        for item in items[:5]:
            query = parse_qs(urlsplit(item.a["href"]).query)
            said = int(item.text.rpartition("(")[2].rstrip(")"))
            assert f"{said} service" in page(**query).select_one("[role=status]").text


def test_every_need_with_a_service_every_district_and_every_town_is_in_the_sitemap(site):
    found = set(every_address())

    used = TaxonomyTerm.objects.of("need").filter(services__listings__isnull=False)
    assert {f"/directory/need/{term.sign}/" for term in used} <= found
    districts = Area.objects.filter(kind=Area.Kind.DISTRICT)
    wanted = {slugify(area.name) for area in districts} | {town.slug for town in towns()}
    assert {f"/directory/place/{slug}/" for slug in wanted} <= found
    assert not [address for address in found if "?" in address]


def test_the_search_page_and_the_home_page_lead_to_them(site):
    soup = page()

    links = {link["href"] for link in soup.select("#browse a")}
    assert f"/directory/need/{sign('money')}/" in links and "/directory/place/bassetlaw/" in links
    assert page(q="boxing").select_one("#browse") is None
    assert opened("/").select_one("a[href='/directory/#browse']")


def test_a_district_leads_to_its_towns(site):
    soup = opened("/directory/place/bassetlaw/")

    assert soup.select_one("a[href='/directory/place/worksop/']")
    assert not soup.select_one("a[href='/directory/place/arnold/']")


def test_a_need_without_a_service_helps_all_the_same_and_is_not_for_search_engines(site):
    Listing.objects.all().delete()

    soup = opened(f"/directory/need/{sign('money')}/")

    assert "We know of no service for this yet" in soup.main.text
    assert soup.select_one("meta[name=robots]")["content"] == "noindex"
    assert soup.main.select_one("a[href='tel:999']")


def test_what_is_for_professionals_only_is_not_on_them_even_when_they_look(site, sign_in):
    from tests.cms.test_professionals import NAME, plant

    path, before = f"/directory/need/{sign('money')}/", None
    before = Client().get(path).content
    service = plant()

    assert Service.objects.filter(pk=service.pk, is_professional_only=True).exists()
    assert Client().get(path).content == before
    assert NAME not in sign_in(site.alex).get(path).text


@pytest.mark.parametrize("path", ["place/arnold", "place/nottingham", "need/{}"])
def test_they_ask_little_and_are_light(site, django_assert_max_num_queries, path):
    path = f"/directory/{path.format(sign('money'))}/"

    with django_assert_max_num_queries(10):
        response = Client().get(path)

    assert len(response.content) < 150_000
