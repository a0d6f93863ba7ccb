"""A council's whole feed, read while what reads it is killed in the middle of a page."""

import signal
import subprocess
import sys
import uuid
from collections.abc import Iterator

import pytest
from django.db import OperationalError, connection
from psycopg import Connection
from wagtail.models import Revision

from cms.directory import runs
from cms.models import Run, Service, Source, SourceRecord
from tests import databases
from tests.cms.asked import Server, serving
from tests.cms.council import offer, opened

pytestmark = [
    pytest.mark.shared,
    pytest.mark.thorough,
    pytest.mark.slow("817 services over HTTP, with two deaths on the way"),
]
S = Run.State
GATE = 5120  # a lock before which a reader stands still, to be killed there
# The database itself kills: in a transaction, at the n-th service that it is given. A sequence goes
# on counting over what is rolled back, so each happens once.
TRAPS = f"""
CREATE SEQUENCE traps;
CREATE FUNCTION trap() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    CASE nextval('traps')
    WHEN 109 THEN PERFORM pg_terminate_backend(pg_backend_pid());
    WHEN 211 THEN PERFORM pg_advisory_lock({GATE});
    ELSE NULL;
    END CASE;
    RETURN NEW;
END $$;
CREATE TRIGGER trap BEFORE INSERT ON cms_service FOR EACH ROW EXECUTE FUNCTION trap();
"""


@pytest.fixture
def site_of_its_own(site_database, django_db_blocker) -> Iterator[str]:
    """The name of a database of the test's own, with the demo's site and the traps in it."""
    name = f"wm_own_{databases.run_id()}_{uuid.uuid4().hex[:12]}"
    databases.clone(f"wm_site_{databases.run_id()}", name)
    with django_db_blocker.unblock():
        before = databases.use(name, keep=True)
        try:
            with connection.cursor() as cursor:
                cursor.execute(TRAPS)
            yield name
        finally:
            databases.use(before)


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as running:
        yield running


def begun(source: Source) -> Run:
    runs.begin(source)
    return Run.objects.get(state=S.RUNNING)


def killed_by_the_database(server: Server) -> Run:
    """What reads the feed loses its connection in the middle of a page."""
    run = Run.objects.get()
    with pytest.raises(OperationalError):
        runs.go_on(run, opened(server.url), seconds=600)
    connection.close()
    return Run.objects.get()


def killed_as_a_process(server: Server, name: str) -> Run:
    """A process reads on and is killed where it stands, in the middle of a page."""
    with databases.server() as outside, _gate(name) as gate:
        command = [sys.executable, "-m", "tests.cms.reader", name, server.url]
        process = subprocess.Popen(command)
        try:
            backend = _waits(outside, name, process)
        finally:
            process.kill()
            died_of = process.wait()
        assert died_of == -signal.SIGKILL
        outside.execute("SELECT pg_terminate_backend(%s, 5000)", [backend])
        gate.close()
    return Run.objects.get()


def _gate(name: str) -> "Connection[object]":
    """A connection that holds the lock."""
    info = connection.get_connection_params() | {"dbname": name}
    keys = ("dbname", "host", "port", "user", "password")
    gate = Connection.connect(**{key: info[key] for key in keys if info.get(key)}, autocommit=True)
    gate.execute("SELECT pg_advisory_lock(%s)", [GATE])
    return gate


def _waits(outside: "Connection[object]", name: str, process: "subprocess.Popen[bytes]") -> int:
    """The connection of the process, once it stands before the gate."""
    while process.poll() is None:
        row = outside.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = %s AND wait_event = 'advisory'",
            [name],
        ).fetchone()
        if row:
            return int(str(row[0]))
        outside.execute("SELECT pg_sleep(0.05)")
    raise AssertionError("It ended before it came to the gate.")


def finished(server: Server) -> Run:
    """Gone on with, call after call, as background work does."""
    while run := Run.objects.filter(state=S.RUNNING).first():
        runs.go_on(run, opened(server.url), seconds=600)
    return Run.objects.latest("started_at")


def keys(services) -> list[str]:
    return [str(pk) for pk in services.values_list("pk", flat=True)]


def counted(run: Run) -> str:
    return f"{run.seen}: {run.added} added, {run.changed} changed, {run.unchanged} unchanged"


def test_a_council_feed_that_is_killed_twice_loses_and_doubles_nothing(
    site_of_its_own, server, record_property
):
    own = Service.objects.count()
    records = offer(server)
    source = Source.objects.create(code="council", name="Council", url=server.url, publishes=True)
    begun(source)

    first = killed_by_the_database(server)
    second = killed_as_a_process(server, site_of_its_own)
    run = finished(server)

    assert 0 < first.page < second.page < run.page
    taken = SourceRecord.objects.filter(kind="service")
    assert (run.state, run.why) == (S.COMPLETE, "")
    assert (run.seen, run.added, run.changed, run.rejected) == (817, 817, 0, 0)
    assert {row.source_key for row in taken} == {each["id"] for each in records}
    assert taken.count() == 817 == Service.objects.count() - own
    services = Service.objects.filter(source_record__source=source)
    terms = Service.terms.through.objects.filter(service__in=services)
    assert terms.count() == sum(len(row.values["terms"]) for row in taken) > 0
    assert Revision.objects.filter(object_id__in=keys(services)).count() == 817
    assert Run.objects.count() == 1

    asked = sum(server.hits.values())
    begun(source)
    again = finished(server)

    assert (again.state, again.added, again.changed, again.unchanged) == (S.COMPLETE, 0, 0, 817)
    assert Service.objects.count() == own + 817
    died = f"killed after pages {first.page} and {second.page} of {run.pages}"
    record_property("a council's feed", f"{died}; {counted(run)}, {asked} requests")
    record_property("the same feed again", f"{counted(again)}")
