"""Rows that were found by the name of a venue whose address is withheld go, and the words of such
names with them. The rows are made anew once the database is migrated: `listings.catch_up`."""

from django.db import migrations

ROWS = """
    DELETE FROM {table} WHERE service_id IN (
        SELECT at.service_id FROM cms_serviceatlocation AS at
        JOIN cms_location AS place ON place.id = at.location_id AND place.is_address_withheld
    )
"""
# A word that no row has any more and that another service did have comes back with its rows.
WORDS = """
    DELETE FROM cms_word USING cms_location AS place
    WHERE place.is_address_withheld
    AND position(cms_word.word IN lower(place.name)) > 0
    AND NOT EXISTS (
        SELECT FROM cms_listing WHERE search @@ plainto_tsquery('english', cms_word.word)
    )
"""


class Migration(migrations.Migration):
    dependencies = [("cms", "0061_page_languages")]

    operations = [
        *(
            migrations.RunSQL(ROWS.format(table=table), migrations.RunSQL.noop)
            for table in ("cms_listing", "cms_professionallisting")
        ),
        migrations.RunSQL(WORDS, migrations.RunSQL.noop),
    ]
