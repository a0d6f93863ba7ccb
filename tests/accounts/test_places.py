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
    ("typed", "told"),
    [
        ("NG7 1AA", "NG7"),
        ("ng71aa", "NG7"),
        ("ng7 1", "NG7"),
        ("NG7", "NG7"),
        ("Mapperley", "Mapperley"),
    ],
)
def test_first_half_of_a_postcode_tells_nobodys_street(typed, told):
    assert places.outward(typed) == told


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


def ward(code, name, district):
    parent = Area.objects.filter(code=district[0]).first() or Area.objects.create(
        kind=Area.Kind.DISTRICT, code=district[0], name=district[1]
    )
    return Area.objects.create(kind=Area.Kind.WARD, code=code, name=name, parent=parent)


NOTTINGHAM, NEWARK = ("E06000018", "Nottingham"), ("E07000175", "Newark and Sherwood")


def test_ward_is_the_middle_of_its_postcodes(known):
    ward("E05012280", "Quarry Hill", NOTTINGHAM)
    held = {"district_code": NOTTINGHAM[0], "ward_code": "E05012280", "latitude": 52.9}
    for postcode, east in (("NG1 6AA", 457000), ("NG1 6AB", 458000)):
        Postcode.objects.create(
            postcode=postcode, longitude=-1.1, easting=east, northing=340000, **held
        )

    for typed in ("quarry hill", "Quarry Hill ward", "Quarry-Hill, nottingham"):
        place = places.locate(typed)
        assert (place.label, place.easting, place.northing) == ("Quarry Hill", 457500, 340000)
        assert (place.precision, place.district_code, place.note) == ("ward", "E06000018", "")
    assert places.locate("Quarry Hill, Newark and Sherwood") is None


def test_of_two_wards_of_one_name_nobody_guesses(known):
    ward("E05012280", "Quarry Hill", NOTTINGHAM)
    ward("E05012281", "Quarry Hill", NEWARK)
    Postcode.objects.update(ward_code="E05012281")

    assert places.locate("Quarry Hill") is None
    assert len(places.wards_named("Quarry Hill")) == 2
    assert places.locate("Quarry Hill, Newark and Sherwood").easting == 457803
    assert places.locate("Quarry Hill, Nottingham") is None  # we hold no postcode of it


def test_town_comes_before_a_ward_of_its_name(known):
    ward("E05012280", "Beeston", NOTTINGHAM)
    Postcode.objects.update(ward_code="E05012280")

    assert places.locate("Beeston").precision == "town"


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
