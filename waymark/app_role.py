"""The database role of web and worker, which may add to the audit tables but never change them.

Migrations run as the owner. Web and worker connect as `waymark_app`: with the embedded server by
WAYMARK_DB_ROLE (the supervisor sets it), in production by a DATABASE_URL of their own.
"""

from django.db import connection
from psycopg import errors, sql

NAME = "waymark_app"
APPEND_ONLY = ("casework_event", "casework_viewing")
READ_ONLY = ("django_migrations",)


def grant() -> None:
    """Make the role if missing and set what it may do; idempotent, for after every migrate."""
    role = sql.Identifier(NAME)
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [NAME])
        if not cursor.fetchone():
            _create(role)
        for statement in _RIGHTS:
            cursor.execute(sql.SQL(statement).format(role=role).as_string())
        for table in _existing(APPEND_ONLY):
            _revoke("UPDATE, DELETE, TRUNCATE", table)
        for table in _existing(READ_ONLY):
            _revoke("INSERT, UPDATE, DELETE, TRUNCATE", table)


_RIGHTS = (
    "GRANT USAGE ON SCHEMA public TO {role}",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
    "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA public"
    " GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role}",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {role}",
)


def _create(role: sql.Identifier) -> None:
    create = sql.SQL("CREATE ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE").format(role)
    try:
        # Another process may be quicker; its role serves as well.
        with connection.cursor() as cursor:
            cursor.execute(
                "DO $$ BEGIN " + create.as_string() + "; "
                "EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
            )
    except Exception as error:
        if isinstance(error.__cause__, errors.InsufficientPrivilege):
            raise PermissionError(
                f"The owner of the database may not create roles: have an administrator run "
                f"`{create.as_string()}` once, with a password."
            ) from error
        raise


def _existing(tables: tuple[str, ...]) -> list[str]:
    """Those of the tables that exist, and their partitions, which have rights of their own."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH RECURSIVE family AS (
                SELECT oid FROM pg_class
                WHERE relname = ANY(%s) AND relnamespace = 'public'::regnamespace
                UNION SELECT inhrelid FROM pg_inherits JOIN family ON inhparent = family.oid
            )
            SELECT relname FROM family JOIN pg_class USING (oid) ORDER BY relname
            """,
            [list(tables)],
        )
        return [name for (name,) in cursor.fetchall()]


def _revoke(rights: str, table: str) -> None:
    statement = sql.SQL(f"REVOKE {rights} ON {{}} FROM {{}}")
    with connection.cursor() as cursor:
        cursor.execute(
            statement.format(sql.Identifier("public", table), sql.Identifier(NAME)).as_string()
        )
