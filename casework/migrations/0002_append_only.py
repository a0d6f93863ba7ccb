from django.db import migrations

TABLES = ["casework_event", "casework_viewing", "casework_seal"]

REFUSE = """
CREATE FUNCTION casework_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
"""


def _guard(table: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"""
        CREATE TRIGGER {table}_rows BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION casework_append_only();
        CREATE TRIGGER {table}_all BEFORE TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION casework_append_only();
        """,
        f"DROP TRIGGER {table}_rows ON {table}; DROP TRIGGER {table}_all ON {table};",
    )


class Migration(migrations.Migration):
    """What happened cannot be made not to have happened, whichever code asks for it."""

    dependencies = [("casework", "0001_engine")]

    operations = [
        migrations.RunSQL(REFUSE, "DROP FUNCTION casework_append_only()"),
        *[_guard(table) for table in TABLES],
    ]
