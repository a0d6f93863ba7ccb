"""Imports from feeds, page by page: gone on with after a kill, never twice, never a silent loss."""

import hashlib
import json
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import connections
from django_q.models import OrmQ

from accounts.clock import now
from cms.directory import holding, noting, runs
from cms.models import HeldValue, Listing, Location, Run, Service, Source, SourceRecord
from tests.cms.test_import_services import RECORD

S = Run.State


def record(number, **changes):
    return {**RECORD, "id": f"s{number}", "name": f"Service {number}", **changes}


def mark(each):
    return hashlib.sha256(json.dumps(each, sort_keys=True).encode()).hexdigest()


class Feed:
    """A feed of pages with two services each; `dies_after` so many pages the reader is killed."""

    def __init__(self, *records, why="", dies_after=None):
        self.pages = [records[at : at + 2] for at in range(0, len(records), 2)]
        self.why, self.dies_after = why, dies_after

    def __call__(self, run, known):
        return _Crawl(self, run, known)


class _Crawl:
    def __init__(self, feed, run, known):
        self.feed, self.run, self.known, self.why = feed, run, known, feed.why
        self.requests = 0

    def __iter__(self):
        for number, page in enumerate(self.feed.pages, 1):
            if number <= self.run.page:
                continue
            if self.feed.dies_after is not None and number > self.feed.dies_after:
                raise KeyboardInterrupt
            self.requests += 1 + len(page)
            listed = {each["id"]: mark(each) for each in page}
            new = [each for each in page if self.known.get(each["id"]) != listed[each["id"]]]
            yield SimpleNamespace(
                number=number,
                total=len(self.feed.pages),
                items=sum(map(len, self.feed.pages)),
                listed=listed,
                records=new,
                is_whole=True,
                problems=[],
            )


@pytest.fixture
def source(site):
    return Source.objects.create(
        code="near", name="Near Council (invented)", url="https://near.example/v3", publishes=True
    )


def read(source, feed, **more):
    run = runs.begin(source, **more)
    runs.go_on(run, feed)
    return Run.objects.get(pk=run.pk)


def counts(run):
    return run.added, run.changed, run.unchanged, run.rejected


def test_a_feed_is_taken_whole_and_a_second_time_changes_nothing(source):
    feed = Feed(*map(record, range(5)))

    first, again = read(source, feed), read(source, feed)

    assert (first.state, counts(first), first.page, first.seen) == (S.COMPLETE, (5, 0, 0, 0), 3, 5)
    assert (again.state, counts(again)) == (S.COMPLETE, (0, 0, 5, 0))
    assert Service.objects.filter(title__startswith="Service ", live=True).count() == 5
    assert not Listing.objects.filter(service__title="Service 1", in_feed=True).exists()


def test_duplicates_are_looked_for_after_an_import_that_brought_something(source):
    def asked():
        return [row for row in OrmQ.objects.all() if row.func() == "cms.tasks.find_duplicates"]

    read(source, Feed(record(1)), is_dry=True)
    assert not asked()
    read(source, Feed(record(1)))
    assert len(asked()) == 1
    read(source, Feed(record(1)))
    assert len(asked()) == 1


def test_what_has_changed_at_the_source_is_taken(source):
    read(source, Feed(record(1), record(2)))

    run = read(source, Feed(record(1), record(2, description="Now with ropes.")))

    assert counts(run) == (0, 1, 1, 0)
    assert Service.objects.get(title="Service 2").summary == "Now with ropes."


def test_a_run_that_is_killed_goes_on_where_it_was(source):
    records = list(map(record, range(6)))
    with pytest.raises(KeyboardInterrupt):
        read(source, Feed(*records, dies_after=1))
    assert Run.objects.get().page == 1

    run = read(source, Feed(*records))

    assert Run.objects.count() == 1
    assert (run.state, counts(run), run.seen) == (S.COMPLETE, (6, 0, 0, 0), 6)


@pytest.mark.thorough
def test_time_that_is_over_ends_a_call_not_the_run(source):
    run = runs.begin(source)
    feed = Feed(*map(record, range(6)))

    for page in (1, 2, 3):
        runs.go_on(run, feed, seconds=0)
        assert Run.objects.get().page == page
    runs.go_on(run, feed)

    assert Run.objects.get().state == S.COMPLETE


@pytest.mark.thorough
def test_what_was_left_out_and_what_was_kept_is_counted_over_all_calls(source):
    read(source, Feed(*map(record, range(4))))
    for title in ("Service 0", "Service 3"):
        edited = Service.objects.get(title=title)
        edited.summary = "As we say it."
        edited.save_revision().publish()
    run = runs.begin(source)
    feed = Feed(*(record(n, description="New.", minimum_age=-1) for n in range(4)))

    for _ in feed.pages:
        runs.go_on(run, feed, seconds=0)

    run.refresh_from_db()
    assert run.held == 2
    assert run.left_out["the age is not between 0 and 120"] == 4


def test_a_source_has_one_run_at_a_time(source):
    assert runs.begin(source) == runs.begin(source)


def test_nobody_goes_on_with_a_run_that_somebody_is_at(source, settings):
    run = runs.begin(source)
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [run.pk.int % 2**63])

        runs.go_on(run, Feed(record(1)))

        assert Run.objects.get().page == 0
    finally:
        other.close()


def test_a_bad_record_is_told_and_the_others_are_taken(source):
    run = read(source, Feed(record(1), record(2, name=""), record(3, name="x" * 10_000)))

    assert counts(run) == (2, 0, 0, 1)
    assert "“s2” has no name" in run.problems[0]["words"]


def test_a_dry_run_says_what_it_would_do_and_writes_nothing(source):
    run = read(source, Feed(*map(record, range(3))), is_dry=True)

    assert (run.state, counts(run)) == (S.COMPLETE, (3, 0, 0, 0))
    assert not SourceRecord.objects.exists()


@pytest.mark.thorough
@pytest.mark.parametrize("is_dry", [True, False])
def test_a_run_names_what_changes_and_how_often_it_asked(source, is_dry):
    read(source, Feed(record(1), record(2)))
    place = RECORD["service_at_locations"][0]["location"] | {"name": "The New Wall"}
    changed = record(
        2, status="inactive", phones=[], service_at_locations=[{"location": place}],
        organization=RECORD["organization"] | {"name": "High climbers"},
    )  # fmt: skip

    new = record(3, service_at_locations=[], organization=changed["organization"])

    run = read(source, Feed(record(1), changed, new), is_dry=is_dry)

    assert run.requests == 5
    assert [(each["name"], each["fields"]) for each in run.changes] == [
        ("High climbers", [["Name", "Climbers", "High climbers"]]),
        ("The New Wall, Nottingham, NG1 1AA", [["Name", "The Wall", "The New Wall"]]),
        (
            "Service 2",
            [
                ["Phone", "0115 496 0900", "Nothing"],
                ["At its source", "Runs", "Does not run now"],
                ["Shown to the public", "Yes", "No"],
            ],
        ),
    ]


@pytest.mark.thorough
def test_a_run_names_so_many_changes_and_counts_them_all(source, monkeypatch):
    monkeypatch.setattr(noting, "MOST", 3)
    read(source, Feed(*map(record, range(5))))

    run = read(source, Feed(*(record(n, description="x" * 999) for n in range(5))))

    assert run.changed == 5 and len(run.changes) == 3
    assert max(len(said) for each in run.changes for row in each["fields"] for said in row) <= 200


def test_where_and_on_what_terms_a_record_was_read_is_kept(source):
    source.licence = "Open Government Licence v3.0"
    source.save()
    read(source, Feed(record("/1")))
    Source.objects.update(licence="Changed since")

    rows = SourceRecord.objects.values_list("kind", "url", "licence")

    told = ("https://near.example/v3/services/s%2F1", "Open Government Licence v3.0")
    assert {row[1:] for row in rows} == {told} and len(rows) == 3


@pytest.mark.thorough
def test_three_whole_imports_without_a_service_ask_whether_it_is_gone(source):
    read(source, Feed(*map(record, range(10))))
    rest = Feed(*map(record, range(9)))

    for _ in range(2):
        read(source, rest)
    assert not runs.gone().exists()
    read(source, rest)

    assert [row.source_key for row in runs.gone()] == ["s9"]
    assert Service.objects.get(title="Service 9").is_public
    read(source, Feed(*map(record, range(10))))
    assert not runs.gone().exists()


@pytest.mark.thorough
def test_an_import_that_is_not_whole_counts_against_nobody(source):
    read(source, Feed(*map(record, range(10))))
    broken = Feed(record(1), why="Page 2 could not be read.")
    few = Feed(*map(record, range(6)))

    states = [read(source, feed).state for feed in (broken, few, broken, few)]

    assert states == [S.PARTIAL] * 4
    assert "listed 6 services; the time before it were 10" in Run.objects.first().why
    assert set(SourceRecord.objects.filter(kind="service").values_list("missed", flat=True)) == {0}
    assert "Near Council" in runs.alarm()


@pytest.mark.thorough
def test_a_feed_that_stays_smaller_is_believed_the_third_time(source):
    read(source, Feed(*map(record, range(10))))
    few = Feed(*map(record, range(6)))

    states = [read(source, few).state for _ in range(3)]

    assert states == [S.PARTIAL, S.PARTIAL, S.COMPLETE]


@pytest.mark.thorough
def test_a_venue_that_an_editor_has_changed_stays(source):
    read(source, Feed(record(1)))
    venue = Location.objects.get(name="The Wall")
    venue.name = "The Old Wall"
    venue.save()
    venue.save_revision()

    read(source, Feed(record(1, description="Now with ropes.")))
    assert not HeldValue.objects.exists()
    read(source, Feed(at("The New Wall", description="Go round the back.")))

    venue.refresh_from_db()
    assert (venue.name, venue.getting_there) == ("The Old Wall", "Go round the back.")
    held = HeldValue.objects.get()
    assert (held.field, held.was, held.theirs) == ("name", "The Wall", "The New Wall")


def at(name, **more):
    """The service at a venue of this name."""
    place = RECORD["service_at_locations"][0]["location"]
    return record(1, service_at_locations=[{"location": place | {"name": name} | more}])


def test_of_a_reviewed_source_a_venue_that_is_shown_waits_for_an_editor(site, source):
    Source.objects.update(publishes=False)
    source.refresh_from_db()
    read(source, Feed(record(1)))
    venue = Location.objects.get(name="The Wall")
    read(source, Feed(at("The New Wall")))
    venue.refresh_from_db()
    assert venue.name == "The New Wall"  # only a draft is there
    Service.objects.get(title="Service 1").latest_revision.publish(user=site.ed)

    run = read(source, Feed(at("The Newest Wall", description="Go round the back.")))

    venue.refresh_from_db()
    assert (venue.name, venue.getting_there, run.held) == ("The New Wall", "", 2)
    held = HeldValue.objects.get(field="name")
    assert ("We say", "The New Wall") in holding.compared(held)
    assert holding.decide(held, HeldValue.State.TAKEN, by=site.ed)
    venue.refresh_from_db()
    assert (venue.name, venue.latest_revision.user) == ("The Newest Wall", site.ed)


def test_a_venue_from_before_its_records_were_kept_is_asked_about_only_where_it_differs(source):
    read(source, Feed(record(1)))
    venue = Location.objects.get(name="The Wall")
    venue.name = "The Old Wall"
    venue.save()
    venue.save_revision()
    SourceRecord.objects.filter(kind="venue").delete()

    read(source, Feed(record(1, description="Now with ropes.")))

    assert [row.field for row in HeldValue.objects.all()] == ["name"]


def test_a_feed_that_cannot_be_read_fails_with_a_sentence(source):
    def closed(run, known):
        raise runs.CannotRead("The feed answered with a web page.")

    run = read(source, closed)

    assert (run.state, run.why) == (S.FAILED, "The feed answered with a web page.")


def test_a_feed_is_due_after_its_days_and_not_when_paused(source):
    assert runs.due() == [source]
    run = read(source, Feed(record(1)))
    assert runs.due() == []
    Run.objects.filter(pk=run.pk).update(started_at=now() - timedelta(days=7))
    assert runs.due() == [source]
    Source.objects.update(is_paused=True)
    assert runs.due() == []


def test_a_run_that_stands_still_for_a_day_has_failed(source):
    run = runs.begin(source)
    Run.objects.update(touched_at=now() - timedelta(days=2))

    runs.give_up()

    assert Run.objects.get(pk=run.pk).state == S.FAILED


# What was edited here -----------------------------------------------------------------------
@pytest.fixture
def held(source):
    """The source says another phone number than the one that an editor gave."""
    read(source, Feed(record(1)))
    service = Service.objects.get(title="Service 1")
    service.phone = "0115 496 0111"
    service.save_revision().publish()
    read(source, Feed(record(1, phones=[{"number": "0115 496 0222"}])))
    return HeldValue.objects.get()


def phone(held):
    return held.record.service.get_latest_revision_as_object().phone


def test_a_value_that_was_edited_here_waits_beside_ours(held):
    assert (held.field, held.was, held.theirs) == ("phone", "0115 496 0900", "0115 496 0222")
    assert held.state == HeldValue.State.OPEN and phone(held) == "0115 496 0111"


def test_theirs_is_taken_into_a_draft_once(held, site):
    assert holding.decide(held, HeldValue.State.TAKEN, by=site.ed)
    assert not holding.decide(held, HeldValue.State.KEPT, by=site.ed)

    assert phone(held) == "0115 496 0222"
    assert Service.objects.get(pk=held.record.service_id).phone == "0115 496 0111"


@pytest.mark.parametrize(("state", "asks"), [("kept", True), ("never", False)])
def test_ours_is_kept_until_theirs_changes_or_for_good(held, site, source, state, asks):
    holding.decide(held, HeldValue.State(state), by=site.ed)

    read(source, Feed(record(1, phones=[{"number": "0115 496 0333"}])))

    assert (HeldValue.objects.get().state == HeldValue.State.OPEN) is asks
    assert phone(held) == "0115 496 0111"
