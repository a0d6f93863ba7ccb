"""Finding a place from whatever is known of it; saying so when it is not exact."""

import io

import pytest
from django.core.management import call_command

from accounts import places
from accounts.models import Area, Locality, Postcode

pytestmark = pytest.mark.django_db


@pytest.fixture
def known():
    Postcode.objects.all().delete()
    Locality.objects.all().delete()
    call_command("load_places", stdout=io.StringIO())
    Postcode.objects.create(
        postcode="NG1 5DT", latitude=52.955, longitude=-1.141, easting=457803, northing=340082,
        district_code="E06000018",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "postcode"),
    [
        ("ng163hb", "NG16 3HB"),
        (" DE7  5ua ", "DE7 5UA"),
        ("DE55 4PB", "DE55 4PB"),
        ("m11ae", "M1 1AE"),
        ("W1A 0AX", "W1A 0AX"),
        ("EC1A1BB", "EC1A 1BB"),
        ("NG16 3CB", None),  # no C in the inward part
        ("NG163", None),
        ("N616 3HB", None),
        ("NG1 5DTX", None),
        ("NG１ 5DT", None),  # a full-width digit
        ("", None),
    ],
)
def test_postcode_is_written_one_way_or_has_not_the_shape(typed, postcode):
    assert places.normalise_postcode(typed) == postcode


def test_postcode_on_the_list_is_exact(known):
    place = places.locate("ng15dt")

    assert place is not None
    assert (place.label, place.precision, place.note) == ("NG1 5DT", "postcode", "")
    assert (place.latitude, place.easting, place.district_code) == (52.955, 457803, "E06000018")


def test_newer_postcode_falls_back_to_its_sector_and_says_so(known):
    place = places.locate("NG1 5ZZ")

    assert place is not None
    assert (place.label, place.precision) == ("NG1 5", "sector")
    assert place.note == (
        "We do not have NG1 5ZZ on our list yet, so distances are from the middle of NG1 5."
    )


def test_postcode_of_a_new_sector_falls_back_to_its_outcode(known):
    Locality.objects.filter(name="NG1 5").delete()

    place = places.locate("NG1 5ZZ")

    assert place is not None
    assert (place.label, place.precision) == ("NG1", "outcode")
    assert "NG1 5ZZ" in place.note


@pytest.mark.parametrize(
    ("typed", "label", "precision"),
    [
        ("ng17", "NG17", "outcode"),
        ("ng1 1", "NG1 1", "sector"),
        ("NG1 0", "NG1", "outcode"),
        ("worksop", "Worksop", "town"),
        ("St. Anns", "St Ann's", "town"),
        ("meadows", "The Meadows", "town"),
        ("sutton in  ashfield", "Sutton-in-Ashfield", "town"),
        ("Newark & Sherwood", "Newark and Sherwood", "town"),
    ],
)
def test_sector_outcode_and_town_are_found_as_people_write_them(known, typed, label, precision):
    place = places.locate(typed)

    assert place is not None
    assert (place.label, place.precision) == (label, precision)


@pytest.mark.parametrize("typed", ["SW1A 1AA", "Atlantis", "", "   ", "NG99", "x" * 10_000, "\0"])
def test_what_we_do_not_know_is_none(known, typed):
    assert places.locate(typed) is None


def test_district_is_given_only_where_it_is_certain(known):
    mixed = Locality.objects.filter(kind="outcode", district_code="").first()
    assert mixed is not None

    unsure, sure = places.locate(mixed.name), places.locate("NG1 5ZZ")

    assert unsure is not None and unsure.district_code is None
    assert sure is not None and sure.district_code == "E06000018"


def test_district_of_an_address_is_one_of_our_areas_or_none(known):
    Area.objects.filter(code="E06000018").update(code="another")
    assert places.district(places.locate("NG1 5DT")) is None

    city = Area.objects.create(kind=Area.Kind.DISTRICT, code="E06000018", name="Nottingham")

    assert places.district(places.locate("NG1 5DT")) == city
    assert places.district(None) is None


def test_built_in_places_load_twice_and_leave_what_an_import_worked_out(known):
    Locality.objects.filter(name="NG1 5").update(postcodes=9_999)
    before = Locality.objects.count()

    call_command("load_places", stdout=io.StringIO())

    assert Locality.objects.count() == before
    assert Locality.objects.get(name="NG1 5").postcodes == 9_999


def test_built_in_districts_are_eight_with_their_thresholds():
    rows = list(places.built_in("districts.csv"))

    assert len(rows) == 8
    assert {row["thresholds"] for row in rows} <= set(Area.Thresholds.values)
    assert [row["name"] for row in rows if row["thresholds"] == "city"] == ["Nottingham"]


def test_built_in_places_lie_in_the_county():
    for row in places.built_in("localities.csv"):
        assert 52.7 < float(row["latitude"]) < 53.6, row
        assert -1.4 < float(row["longitude"]) < -0.6, row
        assert 440_000 < int(row["easting"]) < 490_000, row
