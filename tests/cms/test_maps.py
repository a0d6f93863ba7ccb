"""The map of answers: drawn by us, equal to the list, and nothing told that the list withholds."""

import re

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from cms.directory import maps
from cms.directory.outlines import outlines
from cms.directory.pins import RADIUS, Pin, gather, overlap
from cms.models import Location, Service
from tests.cms.searching import names, page, sign


def pins(soup: BeautifulSoup) -> dict[str, str]:
    """What each pin says and leads to."""
    return {pin["aria-label"]: pin["href"] for pin in soup.select(".wm-map a")}


def drawing(soup: BeautifulSoup):
    return soup.select_one(".wm-map svg")


def drawn(path: str) -> str:
    return str(drawing(BeautifulSoup(Client().get(path).content, "lxml")))


def test_the_list_below_a_map_is_the_list_without_one(site):
    query = {"place": "Worksop", "cost": "free"}

    assert names(page(**query, view="map")) == names(page(**query)) != []


def test_each_pin_leads_to_the_card_with_its_number(site):
    soup = page(place="NG1", within=10, view="map")

    found = pins(soup)
    assert len(found) > 5
    for label, href in found.items():
        card = soup.select_one(href)
        number, name = label.removesuffix(", only roughly here").split(": ")
        assert card.select_one(".wm-number").text == number
        assert card.h3.a.text == name


def test_numbers_go_on_over_the_pages(site):
    soup = page(view="map", page=2)

    assert [each.text for each in soup.select(".wm-service .wm-number")] == [
        str(n) for n in range(21, 41)
    ]


def test_every_answer_has_a_pin_or_is_said_not_to_be_on_the_map(site):
    for number in (1, 2, 3):
        soup = page(view="map", page=number)
        linked = {link["href"] for link in soup.select(".wm-map a, .govuk-body-s a[href^='#']")}
        cards = {f"#{card['id']}" for card in soup.select(".wm-results > li")}
        assert linked == cards


def test_what_has_no_place_is_named_as_such(site):
    soup = page(q="online and safe", view="map")

    assert "Not on the map, since they have no one place" in soup.main.text
    assert not [label for label in pins(soup) if "Online and safe" in label]


def test_a_withheld_address_is_only_roughly_on_the_map_and_said_so(site):
    soup = page(q="bed tonight", view="map")
    label = next(label for label in pins(soup) if "A bed for tonight" in label)

    assert label.endswith(", only roughly here")
    assert soup.select_one(".wm-map__pin--rough")["href"] == pins(soup)[label]
    assert "you get the address when you get in touch" in soup.main.text


def test_where_a_withheld_address_is_changes_nothing_that_is_drawn(site):
    service = Service.objects.get(title="A bed for tonight")
    place = service.service_at_locations.get().location
    paths = [service.get_absolute_url(), "/directory/?q=bed+tonight&view=map"]
    before = [drawn(path) for path in paths]
    east, north = place.shown_point
    assert (east % 5000, north % 5000) == (0, 0) != (place.easting % 5000, place.northing % 5000)

    moved = {"easting": east + 2400, "northing": north - 2400}
    Location.objects.filter(pk=place.pk).update(**moved)

    assert [drawn(path) for path in paths] == before


def test_the_map_keeps_the_filters_and_the_filters_keep_the_map(site):
    soup = page(need=sign("money"), place="NG7", view="map")

    as_list, as_map = (link["href"] for link in soup.select(".wm-tabs a"))
    assert "need=" in as_list and "place=NG7" in as_list and "view" not in as_list
    assert as_map.replace("&view=map", "") == as_list
    links = [a["href"] for a in soup.select(".wm-filters a, .wm-chips a")]
    assert len(links) > 20 and all("view=map" in link for link in links)
    assert soup.select_one("form[role=search] input[name=view]")["value"] == "map"
    assert "view" not in soup.select_one("link[rel=canonical]")["href"]


def test_a_circle_shows_how_far_was_asked_for(site):
    near, far = (page(place="NG1", within=n, view="map") for n in (2, 10))

    for soup in (near, far):
        circle, frame = soup.select_one(".wm-map__around"), drawing(soup)["viewbox"].split()
        x, y, r = (float(circle[name]) for name in ("cx", "cy", "r"))
        assert r <= x <= float(frame[2]) - r
        assert r <= y <= float(frame[3]) - r
    assert near.select_one(".wm-map__distance").text != far.select_one(".wm-map__distance").text
    assert page(place="NG1", view="map").select_one(".wm-map__around") is None


def test_towns_are_named_and_only_once(site):
    towns = [each.text for each in page(place="NG1", within=20, view="map").select(".wm-map__town")]

    assert len(towns) > 4 and len(set(towns)) == len(towns)
    assert not {"Ashfield", "Bassetlaw", "Rushcliffe"} & set(towns)  # districts


@pytest.mark.parametrize("query", [{"q": "zzzzqqq"}, {"view": "atlas"}, {"place": "Atlantis"}])
def test_nothing_to_show_and_odd_wishes_are_no_error(site, query):
    soup = page(**{"view": "map", **query})

    assert soup.h1.text == "Find help"
    assert bool(soup.select_one(".wm-map")) == ("place" in query)


def test_a_page_with_a_map_is_light_and_asks_little(site, django_assert_max_num_queries):
    with django_assert_max_num_queries(10):
        response = Client().get("/directory/?view=map&place=NG1&q=help")

    assert len(response.content) < 150_000
    assert not re.search(rb"<(script|img|image|use)[^>]+(src|href)=\"https?:", response.content)
    assert b" style=" not in response.content


def test_a_service_page_shows_where_each_of_its_places_is(site):
    service = Service.objects.get(title="Money chat")
    soup = BeautifulSoup(Client().get(service.get_absolute_url()).content, "lxml")

    found = pins(soup)
    assert len(found) == 3
    for label, href in found.items():
        number, name = label.split(": ")
        assert (
            soup.select_one(href).text.split()[0] == number and name in soup.select_one(href).text
        )
    online = Service.objects.get(title="Online and safe")
    assert b"<svg viewBox" not in Client().get(online.get_absolute_url()).content


pin = st.tuples(st.floats(-50, 450), st.floats(-50, 350))


@given(st.lists(pin, min_size=1, max_size=20))
def test_no_pin_hides_another_or_leaves_the_map(points):
    put = [Pin(number, "", "", x, y) for number, (x, y) in enumerate(points, start=1)]

    groups = gather(put, maps.WIDE, 300)

    stand = [(pin.number, x, y) for group in groups for pin, x, y in group.placed()]
    assert sorted(number for number, _, _ in stand) == [each.number for each in put]
    assert all(
        RADIUS <= x <= maps.WIDE - RADIUS and RADIUS <= y <= 300 - RADIUS for _, x, y in stand
    )
    boxes = [(x - RADIUS, y - RADIUS, x + RADIUS, y + RADIUS) for _, x, y in stand]
    assert not [1 for n, one in enumerate(boxes) for other in boxes[n + 1 :] if overlap(one, other)]


def test_outlines_are_those_of_the_districts_and_hold_their_towns(site):
    from accounts.models import Area, Locality

    codes = set(Area.objects.filter(kind=Area.Kind.DISTRICT).values_list("code", flat=True))
    assert {each.code for each in outlines()} <= codes
    worksop = Locality.objects.get(name="Worksop")
    bassetlaw = next(each for each in outlines() if each.name == "Bassetlaw")
    eastings, northings = zip(*bassetlaw.corners, strict=True)
    assert min(eastings) < worksop.easting < max(eastings)
    assert min(northings) < worksop.northing < max(northings)
