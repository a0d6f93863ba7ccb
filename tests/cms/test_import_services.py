"""`manage.py import_services`: what it takes, what it refuses, what it keeps."""

import csv
import json
import tracemalloc
from datetime import timedelta
from io import StringIO
from time import perf_counter

import pytest
from django.core.management import CommandError, call_command

from accounts.clock import today
from cms.directory import dumps
from cms.directory.incoming import Reading
from cms.models import Listing, Location, Provider, Service, SourceRecord, TaxonomyTerm
from tests.conftest import SHARED
from tests.thorough import THOROUGH

FEED = SHARED / "data" / "feeds" / "bristol_services_oruk3.json"
RECORD = {
    "id": "ac148810-d857-441c-9679-408f346de14b",
    "name": "Climbing <b>club</b>",
    "status": "active",
    "description": "<p>Climb the wall.</p><p>Shoes &amp; rope are here.</p>",
    "url": "www.climb.test/club",
    "email": "info@climb.test",
    "minimum_age": 11,
    "maximum_age": 18,
    "assured_date": "2026-03-01",
    "organization": {"id": "org-1", "name": "Climbers", "description": "We climb"},
    "cost_options": [{"amount": 2.5, "amount_description": "a session"}],
    "languages": [{"name": "Polish"}, {"code": "ur"}, {"name": "Klingon"}],
    "phones": [{"number": "0115 496 0900"}],
    "attributes": [{"taxonomy_term": {"id": "x", "name": "Sport and fitness"}}],
    "service_areas": [{"name": "Nottingham"}],
    "schedules": [{"freq": "WEEKLY", "byday": "TU,TH", "opens_at": "17:00Z", "closes_at": "19:00"}],
    "service_at_locations": [
        {
            "location": {
                "id": "wall",
                "location_type": "physical",
                "name": "The Wall",
                "latitude": 52.95,
                "longitude": -1.15,
                "addresses": [
                    {"address_1": "1 Rock Row", "city": "Nottingham", "postal_code": "NG11AA"}
                ],
            }
        }
    ],
}


@pytest.fixture
def bring(site, tmp_path, settings):
    """Import these records; gives what was said. `errors` is what the command ended with."""
    settings.VAR = tmp_path

    def run(content, *, fails=False, **options):
        path = tmp_path / "feed.json"
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            path.write_text(json.dumps(content), encoding="utf-8")
        out = StringIO()
        try:
            call_command(
                "import_services", path, source="A feed", stdout=out, stderr=out, **options
            )
        except CommandError as error:
            assert fails, f"{out.getvalue()}{error}"
            return f"{out.getvalue()}{error}"
        assert not fails, out.getvalue()
        return out.getvalue()

    return run


def record(**changes):
    return {**RECORD, **changes}


def taken(key=RECORD["id"]) -> Service:
    return SourceRecord.objects.get(kind="service", source_key=key).service


def test_record_becomes_a_draft_with_everything_that_it_said(bring):
    said = bring([RECORD])

    service = taken()
    assert "1 added" in said and "drafts" in said
    assert not service.live and not Listing.objects.filter(service=service).exists()
    assert (service.title, service.summary) == ("Climbing club", "Climb the wall.")
    assert service.body == "<p>Climb the wall.</p><p>Shoes &amp; rope are here.</p>"
    assert (service.url, service.email) == ("https://www.climb.test/club", "info@climb.test")
    assert (service.minimum_age, service.maximum_age) == (11, 18)
    assert (service.cost, str(service.price), service.cost_words) == ("price", "2.50", "a session")
    assert (service.languages, service.phone) == (["pl", "ur"], "0115 496 0900")
    assert f"{service.checked_at:%Y-%m-%d}" == "2026-03-01"
    assert [term.code for term in service.terms.all()] == ["sport"]
    assert [area.name for area in service.areas.all()] == ["Nottingham"]
    place = service.service_at_locations.get().location
    assert (place.name, place.postcode, place.latitude) == ("The Wall", "NG1 1AA", 52.95)
    opening = service.schedules.get()
    assert (opening.days, f"{opening.opens_at:%H:%M}") == (["TU", "TH"], "17:00")
    assert str(service.pk) == RECORD["id"]
    assert "the language is not on our list" in said


WRONG = [[], ["x"], [[]], [{"x": {}}], {}, {"x": []}, True, False, 0, -1, 2.5, 10**30, None, "x"]


def mistyped(part, wrong):
    """Copies of a part of a record, each with another value in it replaced, however deep."""
    yield wrong
    if not isinstance(part, dict | list):
        return
    for step, value in part.items() if isinstance(part, dict) else enumerate(part):
        for other in mistyped(value, wrong):
            copy = part.copy()
            copy[step] = other
            yield copy


def test_a_value_of_a_wrong_type_is_read_as_nothing_wherever_it_stands():
    for wrong in WRONG:
        for copy in mistyped(RECORD, wrong):
            if isinstance(copy, dict) and copy.get("status") == "active":
                json.dumps(Reading().service(copy))
                json.dumps(Reading().provider(copy))


def test_a_record_of_a_wrong_type_or_with_one_where_we_need_more_is_reported(bring):
    """The run comes to its end and counts them all: one record does not stop the others."""
    needed = [record(**{name: wrong}) for name in ("id", "name", "status") for wrong in WRONG]
    records = [*needed, *WRONG, record(id="last", organization=[{}], status="active")]

    said = bring(records, fails=True)

    kept = SourceRecord.objects.filter(kind="service").count()
    assert f"{kept} added" in said and f"{len(records) - kept} rejected" in said
    assert taken("last").provider.name == "Provider not stated by A feed"


def test_provenance_is_kept(bring):
    bring([RECORD])

    kept = SourceRecord.objects.get(kind="service", source_key=RECORD["id"])
    assert (kept.source.name, kept.payload, len(kept.payload_hash)) == ("A feed", RECORD, 64)
    assert str(kept.assured_on) == "2026-03-01"
    assert SourceRecord.objects.get(kind="organisation").provider.name == "Climbers"


def test_published_only_when_asked_and_only_if_it_is_open(bring):
    other = record(id="2", status="inactive", name="Asleep")
    bring([RECORD, other], publish=True)

    assert taken().live and Listing.objects.filter(service=taken()).exists()
    assert not taken("2").live


def test_second_run_changes_nothing(bring):
    bring([RECORD, record(id="2")])
    before = list(Service.objects.values_list("pk", "latest_revision").order_by("pk"))

    said = bring([RECORD, record(id="2")])

    assert "0 added, 0 changed, 2 unchanged" in said
    assert list(Service.objects.values_list("pk", "latest_revision").order_by("pk")) == before


def test_dry_run_writes_nothing(bring):
    said = bring([RECORD], dry_run=True)

    assert "1 added" in said and "dry run" in said
    assert not SourceRecord.objects.exists()
    assert not Provider.objects.filter(name="Climbers").exists()
    assert not Location.objects.filter(name="The Wall").exists()


def test_change_at_the_source_becomes_a_draft_of_the_live_service(bring):
    bring([RECORD], publish=True)

    said = bring([record(name="Climbing for all", schedules=[])])

    service = taken()
    assert "1 changed" in said
    assert service.title == "Climbing club" and service.has_unpublished_changes
    latest = service.get_latest_revision_as_object()
    assert latest.title == "Climbing for all" and not latest.schedules.count()
    assert latest.service_at_locations.count() == 1


@pytest.mark.parametrize("dry_run", [True, False])
def test_what_changes_is_named(bring, dry_run):
    bring([RECORD], publish=True)

    said = bring([record(name="Climbing for all", minimum_age=12)], dry_run=dry_run)

    assert "Climbing for all: Name: Climbing club → Climbing for all; Minimum age: 11 → 12" in said


def test_what_was_edited_here_stays_and_the_rest_follows_the_source(bring):
    bring([RECORD])
    service = taken()
    service.title, service.terms = "Our own name", [TaxonomyTerm.objects.get(code="arts")]
    service.save_revision().publish()

    said = bring([record(name="Their new name", phones=[], attributes=[])])

    latest = taken().get_latest_revision_as_object()
    assert (latest.title, latest.phone) == ("Our own name", "")
    assert [term.code for term in latest.terms.all()] == ["arts"]
    assert "1 times title was kept" in said and "1 times terms was kept" in said


def test_places_keep_their_rows_when_a_record_changes(bring):
    bring([RECORD])
    row = taken().service_at_locations.get()

    bring([record(name="Other")], publish=True)

    assert taken().service_at_locations.get().uuid == row.uuid


def test_id_that_somebody_else_has_is_not_taken_over(bring):
    ours = Service.objects.get(title="Forest days")

    bring([record(id=str(ours.pk))])

    assert taken(str(ours.pk)).pk != ours.pk
    assert Service.objects.get(pk=ours.pk).title == "Forest days"


def test_record_without_organisation_has_a_provider_that_says_so(bring):
    bring([record(organization=None)])

    assert taken().provider.name == "Provider not stated by A feed"


FAULTS = [
    (record(id=""), "line 2, id", "has no id that we can keep"),
    (record(name=" "), "line 2, name", "has no name"),
    (record(name="N/A"), "line 2, name", "has no name"),
    (record(status="open"), "line 2, status", "has none of the states active"),
    (7, "line 2", "is not an object"),
    (RECORD, "line 2, id", "comes twice"),
]


@pytest.mark.parametrize(("bad", "where", "what"), FAULTS, ids=lambda value: str(value)[:20])
def test_bad_record_is_named_and_the_others_are_taken(bring, tmp_path, bad, where, what):
    said = bring([RECORD, bad, record(id="3")], fails=True)

    assert where in said and what in said
    assert "2 added" in said and "1 rejected" in said
    report = next((tmp_path / "imports").glob("*.csv"))
    rows = list(csv.DictReader(report.read_text(encoding="utf-8-sig").splitlines()))
    assert rows[0]["line"] == "2" and rows[0]["what to do"]


def test_odd_values_are_left_out_and_counted(bring):
    odd = record(
        minimum_age=-1,
        maximum_age="many",
        url="http://www.example.com",
        email="jo.bloggs@gmail.test",
        phones=[{"number": "ask at the desk"}],
        languages="Polish",
        attributes=[None, {"taxonomy_term": 3}],
        schedules=[{"byday": 5, "opens_at": "19:00", "closes_at": "17:00"}],
        service_at_locations=[{"location": {"id": "far", "latitude": 100, "longitude": 101}}],
        cost_options=[{"amount": "NaN"}],
        assured_date="soon",
        description={"a": 1},
    )
    said = bring([odd])

    service = taken()
    assert (service.minimum_age, service.maximum_age) == (None, None)
    assert (service.url, service.email, service.phone) == ("", "", "")
    assert service.summary == "Climbing club"
    assert service.service_at_locations.get().location.latitude is None
    for reason in ("between 0 and 120", "placeholder", "person's own", "phone number is not one"):
        assert reason in said


@pytest.mark.parametrize("said", ["2126-03-01", "9999-12-31T23:59:59Z", "TOMORROW"])
def test_a_check_that_is_still_to_come_is_left_out_and_counted(bring, said):
    """It would never grow old, and stand before those that somebody has checked."""
    said = f"{today() + timedelta(days=1)}" if said == "TOMORROW" else said
    capacity = [{"available": 3, "updated": said}]

    told = bring([record(assured_date=said, service_capacity=capacity)])

    service = taken()
    assert (service.checked_at, service.checked_by, service.places_said_on) == (None, "", None)
    assert SourceRecord.objects.get(kind="service").assured_on is None
    assert "2 values left out: the day is still to come" in told


def test_a_check_of_today_and_times_that_are_still_to_come_are_taken(bring):
    ends = [{"description": "In summer", "valid_to": "2126-08-31"}]
    bring([record(assured_date=f"{today()}", schedules=ends)])

    assert taken().checked_at.date() == today()
    assert str(taken().schedules.get().valid_until) == "2126-08-31"


def test_youngest_above_oldest_leaves_both_out():
    reading = Reading()

    assert reading.ages({"minimum_age": 18, "maximum_age": 11}) == (None, None)
    assert reading.left_out["the youngest age is above the oldest"] == 1


def test_long_and_strange_text_is_taken(bring):
    bring([record(name="x\u0000y🙂" + "z" * 300, description="a\u0000b " + "word " * 5000)])

    service = taken()
    assert len(service.title) == 200 and service.title.startswith("xy🙂z")
    assert service.title.endswith("…")


BAD_FILES = {
    "empty": (b"", "is empty"),
    "binary": (bytes(range(256)) * 20, "is not text"),
    "nul": (b'[{"id": "1", "name": "a\0b"}]', "is not text"),
    "latin": ('[{"id": "1", "name": "Café"}]'.encode("latin-1"), "is not UTF-8 (byte 25)"),
    "utf16": ("\ufeff[]".encode("utf-16-le"), "is UTF-16"),
    "zip": (b"PK\x03\x04rest", "is a spreadsheet or a zip"),
    "csv": (b"id,name\n1,2\n", "is not JSON (line 1; it begins with “id,name"),
    "shape": (b'{"services": []}', "holds no list of services"),
    "none": (b"[]", "holds an empty list"),
    "number": (b"17", "holds no list"),
    "nan": (b"[NaN]", "is not JSON (a number"),
    "deep": (b"[" * 200_000, "is nested too deeply"),
}


@pytest.mark.parametrize("kind", BAD_FILES)
def test_bad_file_is_a_sentence(bring, kind):
    content, sentence = BAD_FILES[kind]

    said = bring(content, fails=True)

    assert sentence in said and "Traceback" not in said
    assert said.endswith("Nothing was written.")


def test_huge_file_is_refused_by_its_size(tmp_path):
    path = tmp_path / "huge.json"
    with path.open("wb") as stream:
        stream.truncate(200_000_000)
    tracemalloc.start()
    began = perf_counter()

    with pytest.raises(CommandError, match="has 200 MB and the limit is 20 MB"):
        call_command("import_services", path, stdout=StringIO(), stderr=StringIO())

    assert perf_counter() - began < 1
    assert tracemalloc.get_traced_memory()[1] < 64_000_000
    tracemalloc.stop()


def test_missing_file_is_a_sentence(tmp_path):
    with pytest.raises(CommandError, match="is not a file that is there"):
        call_command("import_services", tmp_path / "no.json", stdout=StringIO(), stderr=StringIO())


@pytest.mark.parametrize(
    "content",
    [
        json.dumps([RECORD]),
        json.dumps({"contents": [RECORD], "total_items": 1}),
        json.dumps(RECORD),
        f"{json.dumps(RECORD)}\n{json.dumps(record(id='2'))}\n",
        "\ufeff" + json.dumps([RECORD]),
    ],
)
def test_list_page_record_and_lines_are_read(tmp_path, content):
    path = tmp_path / "feed.json"
    path.write_text(content, encoding="utf-8")

    assert dumps.records(dumps.examine(path))[0]["id"] == RECORD["id"]


@pytest.mark.shared
@pytest.mark.slow("817 services in a thorough run, every twentieth in a plain one")
def test_council_feed_is_taken_whole_and_only_once(bring):
    records = json.loads(FEED.read_text(encoding="utf-8"))
    assert len(records) == 817
    records = records[:: 1 if THOROUGH else 20]

    said, again = bring(records), bring(records)

    assert f"{len(records)} added, 0 changed, 0 unchanged, 0 rejected" in said
    assert f"0 added, 0 changed, {len(records)} unchanged, 0 rejected" in again
    assert not SourceRecord.objects.filter(service__live=True).exists()
