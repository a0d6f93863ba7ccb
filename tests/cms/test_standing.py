"""What a reader should know first of a service: paused, ending, full; how far it is; what is like
it."""

from datetime import UTC, datetime, timedelta

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from accounts.clock import today
from accounts.places import locate
from cms.directory import distances, similar
from cms.models import Location, Service, TaxonomyTerm

FULL = Service.Places.FULL


@pytest.fixture
def service(site) -> Service:
    return Service.objects.get(title="Forest days")


def page(path: str) -> BeautifulSoup:
    response = Client().get(path)
    assert response.status_code == 200
    assert "UNDEFINED" not in response.text
    return BeautifulSoup(response.content, "lxml")


def first_said(service: Service) -> str:
    inset = page(service.get_absolute_url()).main.select_one(".govuk-inset-text")
    return " ".join(inset.text.split()) if inset else ""


def say(service: Service, **said) -> None:
    Service.objects.filter(pk=service.pk).update(**said)


def test_what_ends_says_its_last_day_first(service):
    last = today() + timedelta(days=40)
    midnight = datetime(last.year, last.month, last.day, tzinfo=UTC) + timedelta(days=1)

    say(service, expire_at=midnight)

    assert first_said(service) == f"It ends on {last.day} {last:%B %Y}."


def test_a_full_service_says_so_first_and_since_when(service):
    say(service, places=FULL, places_said_on=today() - timedelta(days=3))

    assert first_said(service).startswith("Full: no waiting list. They said so on ")


def test_a_waiting_list_is_said_first_with_how_long(service):
    day = today() - timedelta(days=3)
    say(service, places=Service.Places.WAITING, weeks_to_wait=6, places_said_on=day)

    assert first_said(service).startswith("There is a waiting list, about 6 weeks to wait. They")


def test_what_was_said_of_places_long_ago_is_not_said_first(service):
    say(service, places=FULL, places_said_on=today() - timedelta(days=31))

    assert first_said(service) == ""


def test_a_card_says_that_a_service_is_paused(service):
    assert "Paused for now" not in page("/directory/?q=forest").main.text

    say(service, status=Service.Status.PAUSED)

    assert "Paused for now" in page("/directory/?q=forest").select_one(".wm-service").text


@pytest.mark.parametrize(
    ("typed", "sign"), [("NG7 1AA", "NG7"), ("ng7", "NG7"), ("Mansfield", "Mansfield")]
)
def test_links_to_services_carry_the_town_or_half_a_postcode(site, typed, sign):
    links = page(f"/directory/?place={typed}").select(".wm-service a")

    assert links and all(link["href"].endswith(f"/?place={sign}") for link in links)


def test_links_carry_no_place_where_none_was_asked_for(site):
    links = page("/directory/?q=boxing").select(".wm-service a")

    assert links and all("?" not in link["href"] for link in links)


def test_a_service_page_says_how_far_each_place_is(site):
    service = Service.objects.get(title="Money chat")
    assert "from NG18" not in page(service.get_absolute_url()).main.text

    text = page(f"{service.get_absolute_url()}?place=NG18").main.text

    assert text.count("from NG18") == service.service_at_locations.count() == 3


@pytest.mark.parametrize("place", ["", "nowhere", "%00", "NG77%00", "x" * 500, "🙂", "NG99 9ZZ"])
def test_a_place_that_we_do_not_know_changes_nothing(service, place):
    text = page(f"{service.get_absolute_url()}?place={place}").main.text

    assert "miles from" not in text and "mile from" not in text


def test_how_far_a_withheld_address_is_stays_unsaid(site):
    withheld = Location.objects.get(is_address_withheld=True)

    assert distances.metres(locate("NG7"), withheld) is None
    service = Service.objects.get(title="A bed for tonight")
    assert "from NG7" not in page(f"{service.get_absolute_url()}?place=NG7").main.text


def test_services_like_this_share_its_terms_its_ages_and_its_area(site):
    service = Service.objects.get(title="One-to-one mentor")
    terms = set(service.terms.values_list("pk", flat=True))

    links = page(service.get_absolute_url()).select("nav[aria-labelledby=elsewhere] ul")[0]
    found = [Service.objects.get(title=link.text) for link in links.select("a")]

    assert len(found) == similar.MOST and service not in found
    assert all(terms & set(each.terms.values_list("pk", flat=True)) for each in found)
    assert sum(each.provider_id == service.provider_id for each in found) <= similar.OF_OWN
    for each in found:
        assert (each.maximum_age or 99) >= (service.minimum_age or 0)
        assert (each.minimum_age or 0) <= (service.maximum_age or 99)


def test_the_one_with_most_terms_in_common_comes_first(site):
    service = Service.objects.get(title="One-to-one mentor")
    twin = Service.objects.get(title="Forest days")
    twin.terms = list(service.terms.all())
    twin.minimum_age, twin.maximum_age = service.minimum_age, service.maximum_age
    twin.areas = list(service.areas.all())
    twin.is_anywhere = service.is_anywhere
    twin.save_revision().publish()

    assert similar.similar(service)[0]["name"] == "Forest days"

    twin.minimum_age, twin.maximum_age = 60, 70
    twin.save_revision().publish()
    assert "Forest days" not in [each["name"] for each in similar.similar(service)]


def test_what_is_not_public_is_like_nothing(site):
    service = Service.objects.get(title="One-to-one mentor")
    name = similar.similar(service)[0]["name"]

    Service.objects.filter(title=name).update(live=False)

    assert name not in [each["name"] for each in similar.similar(service)]


def test_a_service_without_terms_is_like_nothing(service):
    service.terms = TaxonomyTerm.objects.none()
    service.save_revision().publish()

    assert similar.similar(service) == []
    assert "Services like this" not in page(service.get_absolute_url()).text


def test_services_like_this_take_two_queries(site, django_assert_num_queries):
    service = Service.objects.get(title="One-to-one mentor")

    with django_assert_num_queries(2):
        similar.similar(service)
