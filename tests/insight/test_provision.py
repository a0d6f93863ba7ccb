"""What counts as provision: what our own directory has, not what nobody here has checked."""

import pytest

from accounts.models import Area, Postcode
from cms.directory import listings
from cms.directory.models import Location, ServiceAtLocation
from cms.models import Provider, Service, Source, SourceRecord
from insight import provision
from tests.insight.test_needs import ASHFIELD, CITY, cells, page, postcode

WARD = "E05000001"


@pytest.fixture
def services(world):
    """Two services in a ward of the city: one of ours, one of a neighbour's directory."""
    Area.objects.create(kind=Area.Kind.WARD, parent=world.city, code=WARD, name="Arboretum")
    postcode("NG1 1AA", CITY, "E01000001", 1, WARD)
    here = Postcode.objects.get()
    source = Source.objects.create(code="peaks", name="Peaks directory", is_neighbour=True)
    provider = Provider.objects.create(name="Invented provider")
    found = []
    for title in ("Ours", "Theirs"):
        service = Service.objects.create(title=title, summary="Invented.", provider=provider)
        service.areas.set([world.city])
        service.save()
        place = Location.objects.create(
            name=f"{title} hall", postcode=here.pk, latitude=here.latitude, longitude=here.longitude
        )
        ServiceAtLocation.objects.create(service=service, location=place)
        found.append(service)
    SourceRecord.objects.create(
        source=source, kind="service", source_key="a/7", service=found[1], payload={}, values={}
    )
    listings.refresh([service.pk for service in found])
    return source


def test_a_service_from_a_neighbours_directory_counts_nowhere_and_is_said(services, sign_in, world):
    districts, wards = provision.by_district(), provision.by_ward([WARD])
    ana = sign_in(world.ana)

    assert (districts.of(CITY), districts.of(ASHFIELD), districts.left_out) == (1, 0, 1)
    assert (wards.of(WARD), wards.left_out) == (1, 1)
    for path, place in (("", "Nottingham"), (f"{CITY}/", "Arboretum")):
        soup = page(ana, path)
        assert cells(soup, place)["Services"].split()[0] == "1"
        assert "nobody here has checked them: 1 of them would count" in soup.text


def test_the_same_service_counts_once_its_source_is_one_of_ours(services):
    """The control: it is the neighbour who makes the difference."""
    services.is_neighbour = False
    services.save()
    listings.follow(services)

    districts, wards = provision.by_district(), provision.by_ward([WARD])

    assert (districts.of(CITY), districts.left_out) == (2, 0)
    assert (wards.of(WARD), wards.left_out) == (2, 0)
