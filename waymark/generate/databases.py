"""Databases beside the one in use: made from a migrated template, entered, cloned, dropped."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from psycopg import sql

MAKING = 7_215_002  # any number, the same for everybody: one maker of the template at a time
PREFIX = "waymark_generated_"


def name_of(referrals: int) -> str:
    return f"{PREFIX}{referrals}"


@contextmanager
def server() -> Iterator[psycopg.Connection[Any]]:
    """A connection beside the databases that are made and dropped."""
    options = connections["default"].settings_dict
    with psycopg.connect(
        dbname="postgres",
        host=options.get("HOST") or None,
        port=options.get("PORT") or None,
        user=options.get("USER") or None,
        password=options.get("PASSWORD") or None,
        autocommit=True,
    ) as connection:
        yield connection


def exists(name: str) -> bool:
    with server() as connection:
        query = "SELECT 1 FROM pg_database WHERE datname = %s"
        return connection.execute(query, [name]).fetchone() is not None


def clone(template: str, name: str) -> None:
    """A copy of a database that nobody is connected to; one of the same name goes first."""
    drop(name)
    copy = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
    with server() as connection:
        connection.execute(copy.format(sql.Identifier(name), sql.Identifier(template)))


def rename(name: str, to: str) -> None:
    change = sql.SQL("ALTER DATABASE {} RENAME TO {}")
    with server() as connection:
        connection.execute(change.format(sql.Identifier(name), sql.Identifier(to)))


def drop(name: str) -> None:
    command = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
    with server() as connection:
        connection.execute(command.format(sql.Identifier(name)))


@contextmanager
def using(name: str) -> Iterator[None]:
    """Django's connection of this thread points to that database inside the block."""
    connection = connections["default"]
    connection.close()
    before = connection.settings_dict["NAME"]
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before


def digest(*patterns: str) -> str:
    """Of the migrations, and of other files of the project."""
    total = hashlib.sha256()
    for pattern in ("*/migrations/*.py", "requirements.lock", *patterns):
        for path in sorted(Path(settings.BASE).glob(pattern)):
            total.update(path.read_bytes())
    return total.hexdigest()[:12]


def say_of(name: str, words: str) -> None:
    """Keep a remark with a database."""
    remark = sql.SQL("COMMENT ON DATABASE {} IS {}")
    with server() as connection:
        connection.execute(remark.format(sql.Identifier(name), sql.Literal(words)))


def said_of(name: str) -> str:
    query = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s"
    with server() as connection:
        row = connection.execute(query, [name]).fetchone()
    return (row[0] or "") if row else ""


def schema() -> str:
    """A migrated database without rows to clone from; made anew when a migration has changed."""
    name = f"waymark_empty_{digest()}"
    with server() as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [MAKING])
        if not exists(name):
            _make_schema(connection, name)
    return name


def _make_schema(connection: psycopg.Connection[Any], name: str) -> None:
    like = "SELECT datname FROM pg_database WHERE datname LIKE 'waymark\\_empty\\_%'"
    for (old,) in connection.execute(like).fetchall():
        drop(old)
    clone("template0", f"{name}_new")
    with using(f"{name}_new"):
        call_command("migrate", verbosity=0, interactive=False)
    rename(f"{name}_new", name)
