"""What search engines read: the sitemap, robots.txt, what a service says of itself."""

import json
import xml.etree.ElementTree as ET

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from cms.models import Provider, Service
from cms.templatetags.directory import ld_json
from tests.thorough import some

NAMES = {"map": "http://www.sitemaps.org/schemas/sitemap/0.9"}


def addresses(path: str) -> list[str]:
    tree = ET.fromstring(Client().get(path).content)  # noqa: S314  our own answer
    return [
        each.text.removeprefix("http://testserver") for each in tree.findall(".//map:loc", NAMES)
    ]


def every_address() -> list[str]:
    return [address for section in addresses("/sitemap.xml") for address in addresses(section)]


def said_by(subject: Service | Provider) -> dict:
    page = BeautifulSoup(Client().get(subject.get_absolute_url()).content, "lxml")
    return json.loads(page.select_one("script[type='application/ld+json']").text)


def lasting(path: str) -> str:
    page = BeautifulSoup(Client().get(path).content, "lxml")
    return page.select_one("link[rel=canonical]")["href"]


@pytest.mark.thorough
@pytest.mark.slow  # every public address is opened, one of four in a plain run
def test_every_address_of_the_sitemap_is_there_once_and_opens(site):
    found = every_address()

    assert len(found) == len(set(found))
    assert {"/", "/directory/"} <= set(found)
    assert sum(a.startswith("/directory/by/") for a in found) == Provider.objects.count()
    assert {s.get_absolute_url() for s in Service.objects.all()} <= set(found)
    for address in some(found, of=10):
        assert Client().get(address).status_code == 200, address


def test_what_is_not_public_is_not_in_it(site):
    service = Service.objects.get(title="Forest days")
    Provider.objects.get(pk=service.provider_id).unpublish()

    found = every_address()

    assert service.get_absolute_url() not in found
    assert service.provider.get_absolute_url() not in found
    assert Client().get(service.provider.get_absolute_url()).status_code == 404


def test_robots_find_the_sitemap_and_nothing_of_a_demo(site, settings):
    assert "Sitemap: http://testserver/sitemap.xml" in Client().get("/robots.txt").text

    settings.DEMO = True

    assert "Disallow: /\n" in Client().get("/robots.txt").text


def test_a_service_says_what_its_page_says(site):
    said = said_by(Service.objects.get(title="Money chat"))

    assert (said["@type"], said["name"]) == ("Service", "Money chat")
    assert said["provider"]["name"] and said["isAccessibleForFree"] is True
    assert said["audience"]["suggestedMinAge"] == 16
    assert len(said["availableChannel"]["serviceLocation"]) == 3
    assert all(hours["opens"] < hours["closes"] for hours in said["hoursAvailable"])
    assert "" not in said.values() and None not in said.values()


def test_a_withheld_address_is_withheld_here_too(site):
    service = Service.objects.get(title="A bed for tonight")
    place = service.service_at_locations.get().location
    assert place.is_address_withheld

    written = json.dumps(said_by(service))

    assert place.address_1 not in written and place.postcode not in written
    assert place.name not in written and place.city in written


def test_words_of_an_editor_cannot_end_the_block():
    written = ld_json({"name": "</script><script>alert(1)</script>&amp;"})

    assert written.count("<") == 2
    assert json.loads(written[written.index("{") : written.rindex("}") + 1])["name"].endswith(
        "&amp;"
    )


def test_a_provider_shows_its_services(site):
    provider = Provider.objects.get(name="Loudhailer Arts")

    page = BeautifulSoup(Client().get(provider.get_absolute_url()).content, "lxml")

    assert page.h1.text == "Loudhailer Arts"
    shown = {link.text for link in page.select(".wm-service a")}
    assert shown == set(provider.services.values_list("title", flat=True))
    assert "UNDEFINED" not in page.text


def test_a_provider_says_what_its_page_says(site):
    provider = Provider.objects.get(name="Loudhailer Arts")

    said = said_by(provider)

    assert (said["@type"], said["name"]) == ("Organization", provider.name)
    assert (said["url"], said["email"]) == (provider.website, provider.email)
    items = [each["itemOffered"] for each in said["makesOffer"]]
    offered = {item["name"]: item["url"] for item in items}
    assert set(offered) == set(provider.services.values_list("title", flat=True))
    assert all(url.startswith("http://testserver/directory/") for url in offered.values())


def test_a_provider_without_a_website_says_nothing_empty(site):
    provider = Provider.objects.get(name="Loudhailer Arts")
    Provider.objects.filter(pk=provider.pk).update(website="", description="", email="")

    said = said_by(provider)

    assert set(said) == {"@context", "@type", "name", "makesOffer"}


def test_pages_of_services_and_providers_have_one_lasting_address(site):
    service = Service.objects.get(title="Forest days")
    for path in (service.get_absolute_url(), service.provider.get_absolute_url()):
        assert lasting(path) == lasting(f"{path}?from=a-letter") == f"http://testserver{path}"
