"""What neighbours' directories hold: taken along near the border, else when asked for."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from cms.demo import neighbours
from cms.directory import listings
from cms.directory.outlines import is_near_border
from cms.models import Service, Source, SourceRecord
from tests.cms.searching import names, page

NAME = "Forest days"
SWITCH = "Include areas beside ours"


@pytest.fixture
def neighbour(site) -> Source:
    """The demo's forest days, as if they came from a council beside ours."""
    source = Source.objects.create(code="peaks", name="Peaks directory", is_neighbour=True)
    service = Service.objects.get(title=NAME)
    SourceRecord.objects.create(
        source=source, kind="service", source_key="a/7", service=service, payload={}, values={}
    )
    listings.refresh([service.pk])
    return source


def switch(soup):
    return soup.find("a", string=lambda text: text and SWITCH in text)


@pytest.mark.parametrize(
    ("town", "point", "near"),
    [
        ("Nottingham", (457_300, 339_900), False),
        ("Southwell", (470_000, 353_900), False),
        ("Worksop", (458_500, 379_000), True),
        ("Mansfield", (453_900, 361_100), True),
        ("London", (530_000, 180_000), True),
    ],
)
def test_near_the_border_is_five_miles_from_an_area_that_is_not_ours(town, point, near):
    assert is_near_border(*point) is near, town


def test_they_are_left_out_until_somebody_asks_for_them(neighbour):
    ours = page(q="forest")
    assert NAME not in names(ours)
    theirs = page(q="forest", nearby="yes")

    assert switch(ours)["href"] == "/directory/?q=forest&nearby=yes"
    assert NAME in names(theirs)
    assert "from Peaks directory, not checked by us" in theirs.main.text
    assert switch(theirs)["href"] == "/directory/?q=forest"
    chip = next(a for a in theirs.select(".wm-chips a") if "With areas beside ours" in a.text)
    assert chip["href"] == "/directory/?q=forest"


def test_near_the_border_they_are_there_until_somebody_says_no(neighbour):
    near = page(q="forest", place="Worksop")

    assert NAME in names(near)
    assert switch(near)["href"] == "/directory/?q=forest&place=Worksop&nearby=no"
    assert NAME not in names(page(q="forest", place="Worksop", nearby="no"))
    assert NAME not in names(page(q="forest", place="Nottingham"))


def test_who_asked_for_them_can_leave_them_out_near_the_border_too(neighbour):
    asked = page(q="forest", place="Worksop", nearby="yes")

    assert switch(asked)["href"] == "/directory/?q=forest&place=Worksop&nearby=no"


def test_what_a_neighbour_has_for_professionals_is_left_out_from_the_first_day(site):
    service = Service.objects.get(title="Money chat")
    Service.objects.filter(pk=service.pk).update(is_professional_only=True)
    listings.refresh([service.pk])
    source = Source.objects.create(code="peaks", name="Peaks directory", is_neighbour=True)

    SourceRecord.objects.create(
        source=source, kind="service", source_key="1", service=service, payload={}, values={}
    )

    assert {row.is_nearby for row in service.professional_listings.all()} == {True}


def test_without_neighbours_nobody_is_asked(site):
    assert switch(page(q="forest")) is None
    assert names(page(q="forest")) == names(page(q="forest", nearby="yes"))
    assert "beside ours" not in page(q="forest", place="Worksop").main.text


def test_where_nothing_is_found_the_way_to_them_says_how_many(neighbour):
    Service.objects.filter(title=NAME).update(title="Quokka days")
    listings.refresh(Service.objects.filter(title="Quokka days").values_list("pk", flat=True))
    nothing = page(q="quokka")
    assert names(nothing) == []

    offer = nothing.find("a", string=lambda text: text and "in areas beside ours too" in text)

    assert offer.parent.text.endswith("(1 found)")
    assert offer["href"] == "/directory/?q=quokka&nearby=yes"
    assert names(page(q="quokka", nearby="yes")) == ["Quokka days"]


def test_a_source_that_is_no_neighbour_any_more_is_found_again(neighbour):
    neighbour.is_neighbour = False
    neighbour.save()

    assert NAME in names(page(q="forest"))


def test_a_form_carries_the_answer_along(neighbour):
    assert page(nearby="yes").find("input", {"name": "nearby", "value": "yes"})


def test_readers_are_led_to_the_original(neighbour):
    address = Service.objects.get(title=NAME).get_absolute_url()
    assert "on their site" not in Client().get(address).text

    Source.objects.update(record_url="https://peaks.test/service/{id}")

    assert 'href="https://peaks.test/service/a%2F7"' in Client().get(address).text


@pytest.mark.parametrize(
    "address",
    ["javascript:alert({id})", "https://peaks.test/service", "ftp://peaks.test/{id}", "{id}"],
)
def test_where_the_original_is_must_be_an_address_with_its_id(neighbour, address):
    neighbour.record_url = address
    with pytest.raises(ValidationError, match="Begin with https"):
        neighbour.full_clean()


@pytest.mark.thorough
def test_the_demo_has_a_neighbour_whose_services_stay_out_of_our_feed(site):
    neighbours.build()

    assert "Long Eaton boxing nights" not in names(page(q="boxing"))
    found = page(q="boxing", nearby="yes")
    assert "Long Eaton boxing nights" in names(found)
    assert f"from {neighbours.NAME}, not checked by us" in found.main.text
    assert b"Long Eaton" not in Client().get("/oruk/v3/services?search=boxing").content
