"""Postcodes from our own columns and from the ONS Postcode Directory's."""

import csv
import io
import time
from pathlib import Path

import pytest
from django.conf import settings as project
from django.core.management import CommandError, call_command

from accounts.models import Area, Locality, Postcode

SHARED = project.BASE.parent / "shared" / "data"
pytestmark = pytest.mark.django_db

OURS = (
    "postcode,latitude,longitude,easting,northing,ltla_code,lsoa21_code,ward24_code,ward24_name,"
    "imd2025_decile"
)
ROW = "NG1 5DT,52.95501,-1.14105,457803,340082,E06000018,E01033406,E05012280,Castle,3"
SECOND = "NG1 5DU,52.95601,-1.14205,457703,340182,E06000018,E01033406,E05012280,Castle,3"
DIRECTORY = "pcd,pcds,dointr,doterm,oseast1m,osnrth1m,laua,ward,lsoa21,lat,long"
DIRECTORY_2025 = "pcd7,pcds,dointr,doterm,east1m,north1m,lad25cd,wd25cd,lsoa21cd,lat,long"


@pytest.fixture(autouse=True)
def _no_places():
    Postcode.objects.all().delete()
    Locality.objects.all().delete()


@pytest.fixture
def bring(settings, tmp_path):
    """Runs the importer on these lines; what it printed, errors and all."""
    settings.VAR = tmp_path / "var"

    def run(*lines: str, fails: bool = False, **options) -> str:
        path = tmp_path / "places.csv"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        out = io.StringIO()
        if fails:
            with pytest.raises(CommandError) as error:
                call_command("import_places", path, stdout=out, stderr=out, **options)
            return out.getvalue() + str(error.value)
        call_command("import_places", path, stdout=out, stderr=out, **options)
        return out.getvalue()

    return run


@pytest.fixture
def city():
    region = Area.objects.create(kind=Area.Kind.REGION, code="TEST-R", name="Region")
    return Area.objects.get_or_create(
        code="E06000018", defaults={"kind": "district", "name": "Nottingham", "parent": region}
    )[0]


def test_postcode_comes_in_with_everything_that_the_file_says(bring):
    said = bring(OURS, ROW)

    place = Postcode.objects.get()
    assert (place.postcode, place.latitude, place.easting) == ("NG1 5DT", 52.95501, 457803)
    assert (place.district_code, place.ward_code) == ("E06000018", "E05012280")
    assert (place.lsoa21_code, place.imd_decile) == ("E01033406", 3)
    assert "1 rows" in said
    assert "1 added, 0 changed, 0 unchanged, 0 rejected" in said


def test_same_file_twice_changes_nothing(bring):
    bring(OURS, ROW, SECOND)

    assert "0 added, 0 changed, 2 unchanged, 0 rejected" in bring(OURS, ROW, SECOND)


def test_changed_row_is_changed_and_counted(bring):
    bring(OURS, ROW, SECOND)

    said = bring(OURS, ROW.replace(",3", ",4"), SECOND)

    assert "0 added, 1 changed, 1 unchanged" in said
    assert Postcode.objects.get(pk="NG1 5DT").imd_decile == 4


def test_dry_run_says_the_same_and_writes_nothing(bring):
    said = bring(OURS, ROW, SECOND, dry_run=True)

    assert "a dry run: nothing was written" in said
    assert "2 added" in said
    assert not Postcode.objects.exists()
    assert not Locality.objects.exists()


@pytest.mark.parametrize("header", [DIRECTORY, DIRECTORY_2025])
def test_directory_of_the_statistics_office_is_read_by_its_own_columns(bring, header):
    said = bring(
        header,
        "NG1 5DT,NG1 5DT,198001,,  457803,0340082,E06000018,E05012280,E01033406,52.95501,-1.14105",
        "NG1 5ZX,NG1 5ZX,198001,199606,457803,340082,E06000018,E05012280,E01033406,52.95,-1.14",
        "NG1 9XX,NG1 9XX,198001,,,,E06000018,E05012280,E01033406,99.999999,0.000000",
    )

    place = Postcode.objects.get()
    assert (place.postcode, place.easting, place.northing) == ("NG1 5DT", 457803, 340082)
    assert "1 left out: the postcode is no longer in use" in said
    assert "1 left out: it has no location" in said


def test_only_the_districts_asked_for_come_in(bring):
    other = SECOND.replace("E06000018", "E07000176")

    said = bring(OURS, ROW, other, districts=["E07000176"])

    assert list(Postcode.objects.values_list("pk", flat=True)) == ["NG1 5DU"]
    assert "1 left out: it lies in another district" in said


def test_file_without_a_row_of_the_districts_is_refused(bring):
    said = bring(OURS, ROW, districts=["E07000176"], fails=True)

    assert "no postcode to bring in: check --districts" in said


@pytest.mark.parametrize(
    ("old", "new", "column", "says"),
    [
        ("NG1 5DT", "NG16 3CB", "postcode", "“NG16 3CB” is not a postcode."),
        ("NG1 5DT", "", "postcode", "“” is not a postcode."),
        ("52.95501", "0", "latitude", "“0” is no latitude in the United Kingdom."),
        ("52.95501", "nan", "latitude", "“nan” is no latitude"),
        ("-1.14105", "inf", "longitude", "“inf” is no longitude"),
        ("457803", "4.5e9", "easting", "“4.5e9” is no easting"),
        ("340082", "north", "northing", "“north” is no northing"),
        ("E06000018", "Nottingham", "district", "“Nottingham” is no area code"),
        ("E01033406", "E0", "lsoa", "“E0” is no area code"),
        ("Castle,3", "Castle,11", "decile", "“11” is no tenth."),
        ("Castle,3", "Castle,²", "decile", "“²” is no tenth."),
    ],
)
def test_bad_cell_is_named_and_the_other_rows_come_in(bring, old, new, column, says):
    said = bring(OURS, ROW.replace(old, new), SECOND, fails=True)

    assert f"line 2, {column}: {says}" in said
    assert "1 added, 0 changed, 0 unchanged, 1 rejected" in said
    assert "1 rows were not taken: see" in said
    assert list(Postcode.objects.values_list("pk", flat=True)) == ["NG1 5DU"]


def test_every_fault_of_a_row_is_in_the_report(bring, tmp_path):
    bring(OURS, "x,y,z,1,1,E,,,,0", fails=True)

    report = next((tmp_path / "var" / "imports").glob("import_places-*.csv"))
    with report.open(encoding="utf-8-sig", newline="") as stream:
        faults = list(csv.DictReader(stream))
    assert [row["column"] for row in faults] == [
        "postcode", "latitude", "longitude", "district", "decile",
    ]  # fmt: skip
    assert all(row["line"] == "2" and row["what to do"] for row in faults)


def test_postcode_that_comes_twice_is_taken_once(bring):
    said = bring(OURS, ROW, ROW.replace("NG1 5DT", "ng15dt"), fails=True)

    assert "line 3, postcode: NG1 5DT is already on line 2." in said
    assert Postcode.objects.count() == 1


def test_wrong_header_is_refused_and_nothing_is_written(bring):
    said = bring("postcode,somewhere", "NG1 5DT,here", fails=True)

    assert "has no column latitude (or lat); longitude (or long)" in said
    assert "Nothing was written." in said


def test_deciles_come_from_a_file_of_their_own(bring, tmp_path):
    deciles = tmp_path / "deciles.csv"
    deciles.write_text("lsoa21_code,imd2025_decile\nE01033406,9\n")

    bring(OURS, ROW, deprivation=deciles)

    assert Postcode.objects.get().imd_decile == 9


def test_deciles_stay_when_a_newer_list_comes_without(bring):
    bring(OURS, ROW, SECOND)
    header = OURS.removesuffix(",imd2025_decile")

    bring(
        header,
        ROW.removesuffix(",3"),
        SECOND.removesuffix(",3").replace("E01033406", "E01033407"),
    )

    assert Postcode.objects.get(pk="NG1 5DT").imd_decile == 3
    assert Postcode.objects.get(pk="NG1 5DU").imd_decile is None  # it is another LSOA now


def test_sectors_and_outcodes_are_worked_out_from_the_postcodes(bring):
    bring(OURS, ROW, SECOND, SECOND.replace("NG1 5DU", "NG1 6DU").replace("E06000018", "E07000176"))

    sector = Locality.objects.get(kind="sector", name="NG1 5")
    outcode = Locality.objects.get(kind="outcode", name="NG1")
    assert (sector.latitude, sector.easting, sector.postcodes) == (52.95551, 457753, 2)
    assert sector.district_code == "E06000018"
    assert (outcode.postcodes, outcode.district_code) == (3, "")


def test_wards_are_added_below_the_districts_we_know(bring, city):
    elsewhere = SECOND.replace("E06000018", "E07000999").replace("E05012280", "E05099999")

    assert "1 wards added or renamed" in bring(OURS, ROW, elsewhere, wards=True)
    ward = Area.objects.get(code="E05012280")
    assert (ward.kind, ward.name, ward.parent) == (Area.Kind.WARD, "Castle", city)
    assert not Area.objects.filter(code="E05099999").exists()
    assert ward.path == f"{city.path}E05012280/"

    renamed = ROW.replace("Castle", "Castle Hill")
    assert "0 wards" in bring(OURS, ROW, elsewhere, wards=True)
    assert "1 wards" in bring(OURS, renamed, wards=True)
    ward.refresh_from_db()
    assert ward.name == "Castle Hill"


def test_ward_without_a_name_is_called_by_its_code_and_keeps_a_known_name(bring, city):
    row = "NG1 5DT,NG1 5DT,198001,,457803,340082,E06000018,E05012280,E01033406,52.95501,-1.14105"

    bring(DIRECTORY, row, wards=True)
    assert Area.objects.get(code="E05012280").name == "E05012280"

    bring(OURS, ROW, wards=True)
    bring(DIRECTORY, row, wards=True)
    assert Area.objects.get(code="E05012280").name == "Castle"


def test_district_code_that_is_none_is_refused_at_the_door(tmp_path):
    with pytest.raises(CommandError, match="NOTTM is no district code"):
        call_command("import_places", str(tmp_path / "x.csv"), "--districts=nottm")


@pytest.mark.thorough
@pytest.mark.shared
@pytest.mark.slow  # brings in all 26,606 postcodes
def test_all_postcodes_of_the_county_come_in_within_3_seconds(settings, tmp_path):
    settings.VAR = tmp_path
    path, out = SHARED / "notts_postcodes.csv", io.StringIO()

    start = time.perf_counter()
    call_command("import_places", path, stdout=out, stderr=out)
    seconds = time.perf_counter() - start
    call_command("import_places", path, stdout=out, stderr=out)

    assert "26,606 added, 0 changed, 0 unchanged, 0 rejected" in out.getvalue()
    assert "0 added, 0 changed, 26,606 unchanged, 0 rejected" in out.getvalue()
    assert seconds < 3
    assert Postcode.objects.count() == 26_606
    assert Locality.objects.filter(kind="sector").count() == 173


@pytest.mark.shared
def test_deprivation_file_gives_the_deciles_of_the_postcode_list(settings, tmp_path):
    settings.VAR = tmp_path
    with (SHARED / "notts_postcodes.csv").open(encoding="utf-8", newline="") as stream:
        rows = [row for _, row in zip(range(500), csv.DictReader(stream), strict=False)]
    bare = tmp_path / "bare.csv"
    with bare.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(
            stream, [name for name in rows[0] if name != "imd2025_decile"], extrasaction="ignore"
        )
        writer.writeheader()
        writer.writerows(rows)

    out = io.StringIO()
    call_command(
        "import_places", bare, deprivation=Path(SHARED / "notts_lsoa21_imd.csv"),
        stdout=out, stderr=out,
    )  # fmt: skip

    held = dict(Postcode.objects.values_list("postcode", "imd_decile"))
    assert held == {row["postcode"]: int(row["imd2025_decile"]) for row in rows}
