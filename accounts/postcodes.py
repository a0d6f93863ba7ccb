"""Postcodes from a file into the table: our own columns, or those of the ONS Postcode Directory."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db import connection

from .import_report import Fault, Report, shown
from .importing import Column, Refused, Table, TextFile
from .models import Area
from .places import normalise_postcode, refresh_localities

# The directory changed its headings in 2025: pcds, lad25cd, wd25cd, east1m. All are read.
COLUMNS = [
    Column("postcode", ("postcode", "pcds", "pcd8", "pcd7", "pcd")),
    Column("latitude", ("latitude", "lat")),
    Column("longitude", ("longitude", "long")),
    Column("easting", ("easting", "oseast1m", "east1m")),
    Column("northing", ("northing", "osnrth1m", "north1m")),
    Column("district", (r"ltla\d\d_code", "ltla_code", "oslaua", "laua", r"lad\d\dcd")),
    Column("ward", (r"ward\d\d_code", "osward", "ward", r"wd\d\dcd"), required=False),
    Column("ward_name", (r"ward\d\d_name", r"wd\d\dnm"), required=False),
    Column("lsoa", ("lsoa21_code", "lsoa21", "lsoa21cd"), required=False),
    Column("decile", ("imd2025_decile",), required=False),
    Column("terminated", ("doterm",), required=False),
]
DEPRIVATION = [
    Column("lsoa", ("lsoa21_code", "lsoa21cd", r"lsoa code \(2021\)")),
    Column(
        "decile",
        ("imd2025_decile", r"index of multiple deprivation \(imd\) decile.*"),
    ),
]
AREA_CODE = re.compile(r"[A-Z]\d{8}", re.ASCII)
NOWHERE = "99.9"  # the directory gives latitude 99.999999 to a postcode without a location
UK = {
    "latitude": (49.0, 61.5),
    "longitude": (-9.0, 2.5),
    "easting": (0, 800_000),
    "northing": (0, 1_300_000),
}


class Row(NamedTuple):
    """One row of accounts_postcode, with its column names."""

    postcode: str
    latitude: float
    longitude: float
    easting: int
    northing: int
    district_code: str
    ward_code: str
    lsoa21_code: str
    imd_decile: int | None


@dataclass
class Intake:
    """The rows of a file that are to be taken, and what they say about wards."""

    districts: frozenset[str]  # empty: all
    deciles: dict[str, int]
    seen: dict[str, int] = field(default_factory=dict)
    outcodes: set[str] = field(default_factory=set)
    wards: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    ward_names: dict[str, str] = field(default_factory=dict)

    def rows(self, table: Table, report: Report) -> Iterator[Row]:
        for line, cells in table.rows(report):
            if cells.get("terminated"):
                report.skip("the postcode is no longer in use")
            elif self.districts and cells["district"] not in self.districts:
                report.skip("it lies in another district")
            elif cells["latitude"].startswith(NOWHERE):
                report.skip("it has no location")
            else:
                yield from self._row(line, cells, report)

    def _row(self, line: int, cells: dict[str, str], report: Report) -> Iterator[Row]:
        faults: list[Fault] = []
        row = self._read(cells, faults)
        if before := self.seen.get(row.postcode):
            what = f"{row.postcode} is already on line {before}."
            faults.append(Fault("postcode", what, "Remove one of the two."))
        if faults:
            report.reject(line, faults)
            return
        self.seen[row.postcode] = line
        self.outcodes.add(row.postcode[:-4])
        if row.ward_code:
            self.wards[row.ward_code][row.district_code] += 1
            self.ward_names[row.ward_code] = cells.get("ward_name") or row.ward_code
        yield row

    def _read(self, cells: dict[str, str], faults: list[Fault]) -> Row:
        postcode = normalise_postcode(cells["postcode"])
        if postcode is None:
            what = f"{shown(cells['postcode'])} is not a postcode."
            faults.append(Fault("postcode", what, "Write it like NG1 5DT."))
        lsoa = _code("lsoa", cells, faults, optional=True)
        return Row(
            postcode or "",
            _number("latitude", cells, faults),
            _number("longitude", cells, faults),
            int(_number("easting", cells, faults)),
            int(_number("northing", cells, faults)),
            _code("district", cells, faults),
            _code("ward", cells, faults, optional=True),
            lsoa,
            self.deciles.get(lsoa) if self.deciles else _decile(cells, faults),
        )


def _number(key: str, cells: dict[str, str], faults: list[Fault]) -> float:
    low, high = UK[key]
    try:
        number = float(cells[key])
    except ValueError:
        number = high + 1
    if low <= number <= high:
        return number
    what = f"{shown(cells[key])} is no {key} in the United Kingdom."
    faults.append(Fault(key, what, f"It lies between {low:,} and {high:,}."))
    return 0


def _code(key: str, cells: dict[str, str], faults: list[Fault], optional: bool = False) -> str:
    code = cells.get(key, "")
    if AREA_CODE.fullmatch(code) or (optional and not code):
        return code
    what = f"{shown(code)} is no area code of the Office for National Statistics."
    faults.append(Fault(key, what, "Write it like E06000018."))
    return ""


def _decile(cells: dict[str, str], faults: list[Fault]) -> int | None:
    decile = cells.get("decile", "")
    if not decile:
        return None
    if decile.isascii() and decile.isdigit() and 1 <= int(decile) <= 10:
        return int(decile)
    faults.append(Fault("decile", f"{shown(decile)} is no tenth.", "It is a number from 1 to 10."))
    return None


def deciles(file: TextFile, report: Report) -> dict[str, int]:
    """Deprivation decile (1 is the most deprived tenth) by LSOA 2021."""
    found: dict[str, int] = {}
    for line, cells in Table(file, DEPRIVATION).rows(report):
        faults: list[Fault] = []
        code, decile = _code("lsoa", cells, faults), _decile(cells, faults)
        if faults:
            report.reject(line, faults)
        elif decile:
            found[code] = decile
    return found


def load(
    file: TextFile,
    report: Report,
    *,
    districts: Iterable[str] = (),
    deprivation: TextFile | None = None,
    wards: bool = False,
) -> None:
    """Bring the file's postcodes in, inside the caller's transaction."""
    table = Table(file, COLUMNS)
    by_lsoa = deciles(deprivation, report) if deprivation else {}
    intake = Intake(frozenset(districts), by_lsoa)
    with connection.cursor() as cursor:
        cursor.execute(STAGE)
        with cursor.copy(f"COPY incoming ({', '.join(Row._fields)}) FROM STDIN") as copy:
            for row in intake.rows(table, report):
                copy.write_row(row)
        if not intake.seen and not report.rejected:
            raise Refused(f"{file.path.name} has no postcode to bring in: check --districts.")
        cursor.execute("ANALYZE incoming")
        if not by_lsoa and not table.has("decile"):
            cursor.execute(KEEP_DECILES)
        cursor.execute(COUNT)
        total, added, report.changed = cursor.fetchone()
        report.added, report.unchanged = added, total - added - report.changed
        cursor.execute(UPSERT)
        cursor.execute("DROP TABLE incoming")
    if report.added or report.changed:
        refresh_localities(intake.outcodes)
    if wards:
        report.note(f"{add_wards(intake):,} wards added or renamed.")


def add_wards(intake: Intake) -> int:
    """Wards of the file as areas below the districts that are areas already."""
    parents = {area.code: area for area in Area.objects.filter(kind=Area.Kind.DISTRICT)}
    known = {area.code: area for area in Area.objects.filter(kind=Area.Kind.WARD)}
    done = 0
    for code, counts in sorted(intake.wards.items()):
        parent, name = parents.get(counts.most_common(1)[0][0]), intake.ward_names[code]
        if parent is None or (code in known and name in {known[code].name, code}):
            continue
        ward = known.get(code) or Area(kind=Area.Kind.WARD, code=code, parent=parent)
        ward.name = name
        ward.save()
        done += 1
    return done


STAGE = "CREATE TEMPORARY TABLE incoming (LIKE accounts_postcode) ON COMMIT DROP"
KEEP_DECILES = """
    UPDATE incoming SET imd_decile = held.imd_decile FROM accounts_postcode held
    WHERE held.postcode = incoming.postcode AND held.lsoa21_code = incoming.lsoa21_code
"""
COUNT = """
    SELECT count(*),
           count(*) FILTER (WHERE held.postcode IS NULL),
           count(*) FILTER (WHERE held.postcode IS NOT NULL AND held IS DISTINCT FROM incoming)
    FROM incoming LEFT JOIN accounts_postcode held USING (postcode)
"""
UPSERT = """
    INSERT INTO accounts_postcode AS held SELECT * FROM incoming
    ON CONFLICT (postcode) DO UPDATE SET
        latitude = excluded.latitude, longitude = excluded.longitude,
        easting = excluded.easting, northing = excluded.northing,
        district_code = excluded.district_code, ward_code = excluded.ward_code,
        lsoa21_code = excluded.lsoa21_code, imd_decile = excluded.imd_decile
    WHERE held IS DISTINCT FROM excluded
"""
