"""Our own feed brought back: into an empty directory, and into the very one that it came from."""

import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.db.models import F, Value
from django.db.models.functions import Replace
from django.test import Client

from cms.directory import listings
from cms.models import Location, Provider, Schedule, Service, Source, SourceRecord

# What a copy must say otherwise: when it was changed, which is when it was taken over; and the ids
# of venues and of rows within a service. Feeds repeat those, and a venue of another directory may
# never write over one of ours, so the copy makes its own.
OTHERWISE = {"last_modified"}
IDS_OF_PARTS = {
    "schedules": {"id", "service_at_location_id"},
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


def empty() -> None:
    Service.objects.all().delete()
    Provider.objects.all().delete()
    Location.objects.all().delete()


@pytest.mark.slow("fifty services are taken over and published")
@pytest.mark.thorough
def test_our_own_feed_makes_the_same_directory_elsewhere(bring):
    real_addresses()
    in_full()
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
        assert comparable(after[key]) == comparable(row), row["name"]


def test_our_own_feed_changes_nothing_where_it_came_from(bring):
    before = stream()

    said = bring(before)

    assert "50 left out: they are this directory's own" in said, said
    assert "0 added, 0 changed" in said
    assert not SourceRecord.objects.exists()
    assert stream() == before
