"""Databases for tests: a migrated template kept between runs, the world built once per run on a
clone of it, whatever some folder needs besides built once per run on a clone of that, and a clone
for each worker and for each test that commits."""

import hashlib
import json
import os
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import sql

_kept: dict[str, BaseDatabaseWrapper] = {}  # connections that are left open, by database


def run_id() -> str:
    """The same for all workers of one run."""
    return (os.environ.get("PYTEST_XDIST_TESTRUNUID") or f"p{os.getpid()}")[:12]


def schema_name() -> str:
    """Changes when a migration changes; one template per checkout state."""
    digest = hashlib.sha256()
    for app in sorted(Path(settings.BASE).glob("*/migrations/*.py")):
        digest.update(app.read_bytes())
    digest.update(Path(settings.BASE, "requirements.lock").read_bytes())
    return f"wm_schema_{digest.hexdigest()[:12]}"


@contextmanager
def server() -> Iterator[psycopg.Connection[Any]]:
    """A connection beside the databases that are cloned."""
    options = settings.DATABASES["default"]
    with psycopg.connect(
        dbname="postgres",
        host=options.get("HOST") or None,
        port=options.get("PORT") or None,
        user=options.get("USER") or None,
        password=options.get("PASSWORD") or None,
        autocommit=True,
    ) as connection:
        yield connection


def exists(connection: psycopg.Connection[Any], name: str) -> bool:
    row = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
    return row is not None


def clone(template: str, name: str) -> None:
    with server() as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )


def drop(name: str) -> None:
    if kept := _kept.pop(name, None):
        kept.close()
    with server() as connection:
        connection.execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        )


def drop_all_of(run: str) -> None:
    """What a run has made goes with it."""
    with server() as connection:
        rows = connection.execute(
            "SELECT datname FROM pg_database WHERE starts_with(datname, 'wm_')"
            " AND split_part(datname, '_', 3) = %s",
            [run[:12]],
        ).fetchall()
    while _kept:  # by the thread that has made them
        _kept.popitem()[1].close()
    with ThreadPoolExecutor(max_workers=4) as pool:  # each waits for the disk
        list(pool.map(drop, (name for (name,) in rows)))


def sweep() -> None:
    """Drop what a killed run has left: nobody is connected to it, and no run takes six hours."""
    with server() as connection, suppress(psycopg.errors.InsufficientPrivilege):
        rows = connection.execute(
            "SELECT datname FROM pg_database base WHERE starts_with(datname, 'wm_')"
            " AND NOT starts_with(datname, 'wm_schema_')"
            " AND (pg_stat_file('base/' || oid || '/PG_VERSION', true)).modification"
            "     < now() - interval '6 hours'"
            " AND NOT EXISTS (SELECT 1 FROM pg_stat_activity WHERE datid = base.oid)"
        ).fetchall()
        for (name,) in rows:
            drop(name)


def use(name: str, *, keep: bool = False) -> str:
    """Point Django at a database. Returns the name of the one before.

    `keep` leaves the connection to that one open, for coming back: a new one costs as much as a
    short test. (While one is open, a database cannot be cloned or renamed.)
    """
    alias = "default"
    left = connections[alias]
    before: str = left.settings_dict["NAME"]
    if keep:
        _kept[before] = left
    else:
        left.close()
    connections.settings[alias]["NAME"] = name  # for other threads, which make their own
    if name not in _kept:
        made = connections.create_connection(alias)
        made.settings_dict = {**made.settings_dict}
        _kept[name] = made
    connections[alias] = _kept.pop(name)
    return before


def prepared(build: Callable[[], Any]) -> str:
    """The name of this run's world, built by whoever of its workers comes first."""
    world = f"wm_world_{run_id()}"
    with one_at_a_time("world") as connection:
        if not exists(connection, schema_name()):
            _make_schema()
        if not exists(connection, world):
            _make(world, schema_name(), build)
    return world


def once(kind: str, build: Callable[[], Any]) -> tuple[str, Any]:
    """This worker's clone of what `build` makes of the world, and what `build` gave, as JSON."""
    template = built(kind, lambda: _write_down(build()))
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    with one_at_a_time(kind):
        clone(template, f"{template}_{worker}")
    before = use(f"{template}_{worker}")
    with connection.cursor() as cursor:
        cursor.execute("SELECT said FROM built")
        said = json.loads(cursor.fetchone()[0])
    use(before)
    return f"{template}_{worker}", said


def built(kind: str, build: Callable[[], Any]) -> str:
    """The name of what `build` makes of the world, built by whoever of the run's workers comes
    first."""
    template = f"wm_{kind}_{run_id()}"
    with one_at_a_time(kind) as server:
        if not exists(server, template):
            _make(template, f"wm_world_{run_id()}", build)
    return template


def _write_down(said: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE built (said text)")
        cursor.execute("INSERT INTO built VALUES (%s)", [json.dumps(said, default=str)])


@contextmanager
def one_at_a_time(kind: str) -> Iterator[psycopg.Connection[Any]]:
    """One builder of a kind at a time."""
    key = zlib.crc32(f"waymark tests {kind}".encode())
    with server() as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [key])
        try:
            yield connection
        finally:
            connection.execute("SELECT pg_advisory_unlock(%s)", [key])


def _make_schema() -> None:
    with server() as connection:
        old = connection.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE 'wm\\_schema\\_%' "
            "ORDER BY oid DESC OFFSET 3"  # those of other branches that are tested now
        ).fetchall()
    for (each,) in old:
        drop(each)
    _make(schema_name(), "template0", lambda: call_command("migrate", verbosity=0))


def _make(name: str, base: str, build: Callable[[], Any]) -> None:
    """A database that is there whole or not at all."""
    scratch = f"{name}_new"
    drop(scratch)  # of one that was killed
    clone(base, scratch)
    before = use(scratch)
    try:
        build()
    except BaseException:
        use(before)
        drop(scratch)
        raise
    use(before)
    with server() as connection:
        connection.execute(
            sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
                sql.Identifier(scratch), sql.Identifier(name)
            )
        )


@contextmanager
def standing_on(name: str) -> Iterator[None]:
    """In that database, with everything rolled back at the end."""
    from wagtail.models import Site  # models wait until the apps are ready

    before = use(name, keep=True)
    Site.clear_site_root_paths_cache()
    try:
        with transaction.atomic():
            yield
            transaction.set_rollback(True)
    finally:
        use(before, keep=True)
