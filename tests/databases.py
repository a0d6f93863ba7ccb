"""Databases for tests: a migrated template kept between runs, the world built once per run on a
clone of it, and a clone of that for each worker and for each test that commits."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from psycopg import sql

BUILD_LOCK = 7_215_001  # any number, the same for everybody: one builder at a time


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
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )


def drop(name: str) -> None:
    with server() as connection:
        connection.execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        )


def use(name: str) -> str:
    """Point Django at a database. Returns the name of the one before."""
    connection = connections["default"]
    connection.close()
    before: str = connection.settings_dict["NAME"]
    connection.settings_dict["NAME"] = name
    return before


def prepared(build: Any) -> str:
    """The name of this run's world, built by whoever of its workers comes first."""
    world = f"wm_world_{run_id()}"
    with server() as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [BUILD_LOCK])
        try:
            if not exists(connection, schema_name()):
                _make_schema()
            if not exists(connection, world):
                _make_world(world, build)
        finally:
            connection.execute("SELECT pg_advisory_unlock(%s)", [BUILD_LOCK])
    return world


def _make_schema() -> None:
    name, scratch = schema_name(), f"{schema_name()}_new"
    with server() as connection:
        old = connection.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE 'wm\\_schema\\_%' "
            "ORDER BY oid DESC OFFSET 3"  # those of other branches that are tested now
        ).fetchall()
    for (each,) in old:
        drop(each)
    clone("template0", scratch)
    before = use(scratch)
    call_command("migrate", verbosity=0)
    use(before)
    with server() as connection:
        connection.execute(
            sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
                sql.Identifier(scratch), sql.Identifier(name)
            )
        )


def _make_world(name: str, build: Any) -> None:
    scratch = f"{name}_new"
    clone(schema_name(), scratch)
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
