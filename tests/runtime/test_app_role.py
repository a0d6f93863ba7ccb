"""Web and worker may add to the audit tables and never change them, whatever they run."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection
from psycopg import errors, sql

from tests import databases
from waymark import app_role

CHANGES = ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {}"]


@pytest.fixture(scope="module")
def granted(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """A database of this module's own, where web and worker have their rights."""
    with django_db_blocker.unblock():
        name, _ = databases.once("granted", lambda: call_command("grant_app_role", verbosity=0))
        before = databases.use(name)
        yield name
        databases.use(before)


@pytest.fixture
def app(granted: str) -> Iterator[psycopg.Connection]:
    """A session as the role."""
    with databases.server() as server:
        info = server.info.get_parameters() | {"dbname": granted}
    with psycopg.connect(**info, autocommit=True) as session:
        session.execute(
            sql.SQL("SET SESSION AUTHORIZATION {}").format(sql.Identifier(app_role.NAME))
        )
        yield session


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("table", app_role.APPEND_ONLY)
def test_the_application_cannot_change_what_was_recorded(app, table, change):
    assert app.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))).fetchone()

    with pytest.raises(errors.InsufficientPrivilege):
        app.execute(sql.SQL(change).format(sql.Identifier(table)))


def test_the_application_can_do_its_work(app):
    rights = "SELECT has_table_privilege(current_user, %s, %s)"

    assert app.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone() == (
        False,
    )
    for table in app_role.APPEND_ONLY:
        assert app.execute(rights, [table, "SELECT"]).fetchone() == (True,)
        assert app.execute(rights, [table, "INSERT"]).fetchone() == (True,)
    for right in ("SELECT", "INSERT", "UPDATE", "DELETE"):
        assert app.execute(rights, ["casework_message", right]).fetchone() == (True,)


def test_the_application_cannot_take_its_rights_back(app):
    for statement in (
        "SET ROLE pg_write_all_data",
        "ALTER TABLE casework_event OWNER TO waymark_app",
        "ALTER TABLE casework_event DISABLE TRIGGER ALL",
        "CREATE TABLE own (id int)",
    ):
        with pytest.raises(errors.InsufficientPrivilege):
            app.execute(statement)


def test_a_table_made_later_is_the_applications_to_use(app):
    with connection.cursor() as owner:
        owner.execute("CREATE TABLE later (id int)")

    app.execute("INSERT INTO later VALUES (1)")
    app.execute("DELETE FROM later")
