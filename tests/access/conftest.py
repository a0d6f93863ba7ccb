"""The stage is built once per run, in a database that each worker clones; each test on it is rolled back."""

import json
import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from psycopg import sql
from wagtail.models import Site

from tests import databases
from tests.access.stage import Stage

BUILD_LOCK = 7_215_002  # any number of our own: one builder at a time


@pytest.fixture(scope="session")
def built_stage(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[str, Stage]]:
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    template, name = f"wm_stage_{databases.run_id()}", f"wm_access_{databases.run_id()}_{worker}"
    with django_db_blocker.unblock(), databases.server() as server:
        server.execute("SELECT pg_advisory_lock(%s)", [BUILD_LOCK])
        try:
            if not databases.exists(server, template):
                _build(template)
            databases.clone(template, name)
        finally:
            server.execute("SELECT pg_advisory_unlock(%s)", [BUILD_LOCK])
        before = databases.use(name)
        stage = _read()
        databases.use(before)
    yield name, stage
    with django_db_blocker.unblock():
        databases.drop(name)
        databases.drop(template)


def _build(template: str) -> None:
    """The stage in its database, and its names in a table beside, for the workers that did not build it."""
    scratch = f"{template}_new"
    databases.clone(f"wm_world_{databases.run_id()}", scratch)
    before = databases.use(scratch)
    try:
        stage = Stage.build()
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE stage (names text)")
            cursor.execute(
                "INSERT INTO stage VALUES (%s)", [json.dumps(stage.names(), default=str)]
            )
    finally:
        databases.use(before)
    with databases.server() as server:
        names = (sql.Identifier(scratch), sql.Identifier(template))
        server.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(*names))


def _read() -> Stage:
    with connection.cursor() as cursor:
        cursor.execute("SELECT names FROM stage")
        return Stage.of(json.loads(cursor.fetchone()[0]))


@pytest.fixture
def stage(built_stage: tuple[str, Stage], django_db_blocker: Any) -> Iterator[Stage]:
    name, stage = built_stage
    with django_db_blocker.unblock():
        before = databases.use(name)
        Site.clear_site_root_paths_cache()
        try:
            with transaction.atomic():
                yield stage
                transaction.set_rollback(True)
        finally:
            databases.use(before)
