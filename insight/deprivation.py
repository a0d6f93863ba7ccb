"""How many small areas (LSOA, some 1,500 people each) of a place are among the most deprived of
England, from the postcodes that were imported. Without them nothing is known, which is not zero."""

from typing import NamedTuple

from django.db import connection

from accounts.models import Area

_COLUMN = {Area.Kind.DISTRICT: "district_code", Area.Kind.WARD: "ward_code"}
# A small area belongs to the place in which most of its postcodes lie.
_COUNT = """
WITH each AS (
    SELECT lsoa21_code, {column} AS area, min(imd_decile) AS decile, count(*) AS many
    FROM accounts_postcode
    WHERE imd_decile IS NOT NULL AND lsoa21_code <> '' AND {column} <> ''
    GROUP BY lsoa21_code, {column}
), home AS (
    SELECT DISTINCT ON (lsoa21_code) area, decile FROM each
    ORDER BY lsoa21_code, many DESC, area
)
SELECT area, count(*), count(*) FILTER (WHERE decile = 1), count(*) FILTER (WHERE decile <= 2)
FROM home GROUP BY area
"""


class Deprived(NamedTuple):
    areas: int  # LSOAs of the place
    tenth: int  # of them in decile 1
    fifth: int  # in deciles 1 and 2

    @property
    def share(self) -> float:
        return self.fifth / self.areas

    @property
    def words(self) -> str:
        return f"{self.fifth} of {self.areas}"


def by_area(kind: Area.Kind) -> dict[str, Deprived]:
    """For each district's or ward's code; a place without a known LSOA is missing."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT.format(column=_COLUMN[kind]))
        return {area: Deprived(*counts) for area, *counts in cursor.fetchall()}
