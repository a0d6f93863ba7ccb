"""Our own feed brought back: into an empty directory, and into the very one that it came from."""

import json
from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command
from django.db.models import F, Value
from django.db.models.functions import Replace
from django.test import Client

from cms.directory import listings
from cms.models import (
    Location,
    Provider,
    Schedule,
    Service,
    ServiceAtLocation,
    Source,
    SourceRecord,
)

# What a copy must say otherwise: when it was changed, which is when it was taken over; and the ids
# of venues and of rows within a service. Feeds repeat those, and a venue of another directory may
# never write over one of ours, so the copy makes its own. What refers to a venue is compared by
# which of the service's venues it is.
OTHERWISE = {"last_modified"}
IDS_OF_PARTS = {
    "schedules": {"id"},
    "service_at_locations": {"id", "location_id"},
    "location": {"id"},
    "addresses": {"id", "location_id"},
    "accessibility": {"id", "location_id"},
}


@pytest.fixture
def bring(site, tmp_path, settings):
    """Import these records and publish them; gives what was said."""
    settings.VAR = tmp_path

    def run(rows):
        path = tmp_path / "feed.json"
        path.write_text(json.dumps(rows), encoding="utf-8")
        out = StringIO()
        call_command("import_services", path, source="Us", publish=True, stdout=out, stderr=out)
        return out.getvalue()

    return run


def stream() -> list[dict]:
    lines = Client().get("/oruk/v3/services", {"format": "ndjson"})
    return [json.loads(line) for line in b"".join(lines.streaming_content).splitlines()]


def by_venue(service):
    """With the number of a venue in the service in place of its id."""
    numbers = {at["id"]: n for n, at in enumerate(service.get("service_at_locations", []))}
    times = [
        row | {"service_at_location_id": numbers[row["service_at_location_id"]]}
        if "service_at_location_id" in row
        else row
        for row in service.get("schedules", [])
    ]
    return service | ({"schedules": times} if times else {})


def comparable(shape, part=""):
    """A shape without what a copy says otherwise."""
    if isinstance(shape, list):
        return [comparable(each, part) for each in shape]
    if not isinstance(shape, dict):
        return shape
    left_out = IDS_OF_PARTS.get(part, set()) if part else OTHERWISE
    return {name: comparable(value, name) for name, value in shape.items() if name not in left_out}


def real_addresses() -> None:
    """The demo's are placeholders, which no import takes over."""
    for model, names in ((Service, ("url", "email")), (Provider, ("website", "email"))):
        model.objects.update(
            **{name: Replace(F(name), Value("example.org"), Value("demo.test")) for name in names}
        )


def in_full() -> None:
    """One service with what the demo says nowhere."""
    service = Service.objects.get(title="Forest days")
    service.notice, service.waiting_time = "Closed in August.", "Two weeks"
    service.eligibility = "For young people\nwho live near"
    service.languages, service.is_anywhere = ["ur", "bfi", "pl"], True
    service.cost, service.price, service.cost_words = "price", "1250.50", ""
    service.is_online = service.is_by_phone = service.is_at_home = True
    service.full_clean()
    service.save()
    Schedule.objects.filter(service=service).update(
        valid_from="2026-09-01", valid_until="2027-07-20", words="in school terms"
    )
    Provider.objects.filter(pk=service.provider_id).update(
        charity_number="1234567", company_number="01234567"
    )


def at_two_venues() -> None:
    """Other hours and a word for the way at each of two venues, and irregular ones besides."""
    service = Service.objects.get(title="Money chat")
    venues = Location.objects.order_by("name")[:2]
    service.when = "Ring for other times."
    service.places, service.weeks_to_wait, service.places_said_on = "waiting", 6, date(2026, 9, 1)
    service.service_at_locations = [
        ServiceAtLocation(sort_order=n, location=venue, note=note)
        for n, (venue, note) in enumerate(zip(venues, ("Second floor", ""), strict=True))
    ]
    service.schedules = [
        Schedule(sort_order=0, location=venues[1], days=["MO"], opens_at="10:00"),
        Schedule(sort_order=1, location=venues[0], days=["TU"], opens_at="15:00"),
        Schedule(sort_order=2, days=["FR"], opens_at="17:00"),
        Schedule(sort_order=3, every="MONTHLY", location=venues[0], words="the first Monday"),
        Schedule(sort_order=4, words="in school holidays"),
    ]
    service.save()
    service.save_revision().publish()


def empty() -> None:
    Service.objects.all().delete()
    Provider.objects.all().delete()
    Location.objects.all().delete()


@pytest.mark.slow("fifty services are taken over and published")
@pytest.mark.thorough
def test_our_own_feed_makes_the_same_directory_elsewhere(bring):
    real_addresses()
    in_full()
    at_two_venues()
    before = {row["id"]: row for row in stream()}
    empty()

    said = bring(list(before.values()))
    source = Source.objects.get(name="Us")
    source.may_republish = True
    source.save()
    listings.follow(source)
    after = {row["id"]: row for row in stream()}

    assert "50 added" in said and "values left out" not in said
    assert after.keys() == before.keys() and len(after) == 50
    for key, row in before.items():
        assert comparable(by_venue(after[key])) == comparable(by_venue(row)), row["name"]
    chat = after[str(Service.objects.get(title="Money chat").pk)]
    assert [row.get("service_at_location_id") for row in by_venue(chat)["schedules"]] == [
        1, 0, None, 0, None, None,
    ]  # fmt: skip
    assert chat["service_at_locations"][0]["description"] == "Second floor"
    assert chat["schedules"][-1]["description"] == "Ring for other times."


def test_our_own_feed_changes_nothing_where_it_came_from(bring):
    before = stream()

    said = bring(before)

    assert "50 left out: they are this directory's own" in said, said
    assert "0 added, 0 changed" in said
    assert not SourceRecord.objects.exists()
    assert stream() == before
