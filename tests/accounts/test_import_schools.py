"""Schools from the government's register and from our own columns."""

import io

import pytest
from django.conf import settings as project
from django.core.management import CommandError, call_command

from accounts import services
from accounts.models import Area, Organisation, Postcode
from accounts.models import User as Person
from accounts.roles import Referrer

SHARED = project.BASE.parent / "shared" / "data"
pytestmark = pytest.mark.django_db

REGISTER = (
    '"URN","LA (code)","LA (name)","EstablishmentName","TypeOfEstablishment (name)",'
    '"EstablishmentStatus (name)","PhaseOfEducation (name)","UKPRN",'
    '"DistrictAdministrative (code)","Postcode"'
)


def row(urn="990001", name="Trent School", type="Academy converter", status="Open",
        phase="Secondary", ukprn="", district="E06000018", postcode="NG1 5DT") -> str:  # fmt: skip
    cells = [urn, "892", "Nottingham", name, type, status, phase, ukprn, district, postcode]
    return ",".join(f'"{cell}"' for cell in cells)


@pytest.fixture
def city():
    area, _ = Area.objects.get_or_create(
        code="E06000018", defaults={"kind": Area.Kind.DISTRICT, "name": "Nottingham"}
    )
    return area


@pytest.fixture
def bring(settings, tmp_path, city):
    settings.VAR = tmp_path / "var"

    def run(*lines: str, fails: bool = False, header: str = REGISTER, **options) -> str:
        path = tmp_path / "schools.csv"
        path.write_text("\n".join([header, *lines]) + "\n", encoding="cp1252")
        out = io.StringIO()
        if fails:
            with pytest.raises(CommandError) as error:
                call_command("import_schools", path, stdout=out, stderr=out, **options)
            return out.getvalue() + str(error.value)
        call_command("import_schools", path, stdout=out, stderr=out, **options)
        return out.getvalue()

    return run


def school(urn="990001") -> Organisation:
    return Organisation.objects.get(urn=urn)


def test_open_school_comes_in_with_its_district(bring, city):
    said = bring(row(name="St Zoë’s School", ukprn="10099991"))

    held = school()
    assert (held.name, held.kind, held.is_open) == ("St Zoë’s School", "school", True)
    assert (held.school_type, held.school_phase) == ("Academy converter", "Secondary")
    assert (held.postcode, held.ukprn, held.sector) == ("NG1 5DT", "10099991", "core")
    assert list(held.areas.all()) == [city]
    assert "was read as cp1252" in said
    assert "1 added, 0 changed, 0 unchanged, 0 rejected" in said


def test_same_file_twice_changes_nothing(bring):
    lines = [row(), row(urn="990002", name="Wood School", ukprn="10099992")]
    bring(*lines)

    assert "0 added, 0 changed, 2 unchanged, 0 rejected" in bring(*lines)
    assert school().areas.count() == 1


def test_renamed_school_keeps_the_areas_that_people_gave_it(bring):
    bring(row())
    other = Area.objects.create(kind=Area.Kind.DISTRICT, code="E07000999", name="Elsewhere")
    school().areas.add(other)

    said = bring(row(name="Trent Academy"))

    assert "0 added, 1 changed" in said
    assert school().name == "Trent Academy"
    assert school().areas.count() == 2


def test_dry_run_writes_nothing(bring):
    before = Organisation.objects.count()

    assert "1 added" in bring(row(), dry_run=True)

    assert Organisation.objects.count() == before


def test_college_is_a_college_and_a_university_is_left_out(bring):
    said = bring(
        row(type="Further education"),
        row(urn="990002", type="Higher education institutions"),
    )

    assert school().kind == Organisation.Kind.COLLEGE
    assert "1 left out: it is no school or college" in said


def test_school_outside_our_districts_is_left_out(bring):
    said = bring(row(), row(urn="990002", district="E09000001", postcode="EC1A 1BB"))

    assert "1 left out: it lies outside the districts we work in" in said
    assert not Organisation.objects.filter(urn="990002").exists()


def test_postcode_we_know_decides_the_district(bring):
    Postcode.objects.create(
        postcode="NG1 5DT", latitude=52.9, longitude=-1.1, easting=457803, northing=340082,
        district_code="E06000018",
    )  # fmt: skip

    bring(row(district="E09000001"))

    assert school().areas.get().code == "E06000018"


@pytest.mark.parametrize("status", ["Closed", "Proposed to open"])
def test_school_that_is_not_open_is_not_added_unless_asked(bring, status):
    said = bring(row(status=status))
    assert "1 left out: it is not open and we do not have it" in said
    assert not Organisation.objects.filter(urn="990001").exists()

    bring(row(status=status), closed=True)
    assert not school().is_open


def test_school_that_will_close_is_open(bring):
    bring(row(status="Open, but proposed to close"))

    assert school().is_open


def test_school_that_has_closed_stays_closed(bring):
    bring(row())

    assert "1 changed" in bring(row(status="Closed"))

    assert not school().is_open


def test_school_where_people_still_hold_roles_is_not_closed_but_reported(bring):
    bring(row())
    person = Person.objects.create_user(email="import.test@example.org", name="Robin Test")
    person.memberships.create(organisation=school(), role=Referrer.code)

    said = bring(row(status="Closed"), fails=True)

    assert "line 2, status: Trent School has closed but people still hold roles there." in said
    assert school().is_open


def test_school_closes_on_the_day_on_which_its_last_role_was_ended(bring):
    bring(row())
    person = Person.objects.create_user(email="import.test@example.org", name="Robin Test")
    membership = person.memberships.create(organisation=school(), role=Referrer.code)
    services.end_membership(by=None, membership=membership)

    bring(row(status="Closed"))

    assert not school().is_open


def test_school_typed_in_by_hand_gets_its_urn(bring):
    typed = Organisation.objects.create(
        name="TRENT School", kind="school", sector="core", postcode="NG1 5DT"
    )

    assert "0 added, 1 changed" in bring(row())

    typed.refresh_from_db()
    assert (typed.urn, typed.name) == ("990001", "Trent School")


@pytest.mark.parametrize("urn", ["12345", "ABCDEF", "", "1234567", "012345", "９９０００１"])
def test_malformed_urn_is_named(bring, urn, tmp_path):
    header, line = REGISTER, row(urn=urn)
    path = tmp_path / "schools.csv"
    path.write_text(f"{header}\n{line}\n", encoding="utf-8")
    out = io.StringIO()

    with pytest.raises(CommandError):
        call_command("import_schools", path, stdout=out, stderr=out)

    assert "is not a URN. It is six digits" in out.getvalue()


def test_urn_that_comes_twice_is_taken_once(bring):
    said = bring(row(), row(name="Another School"), fails=True)

    assert "line 3, urn: 990001 is already on line 2." in said
    assert school().name == "Trent School"


def test_school_nowhere_is_named(bring):
    said = bring(row(district="", postcode="NG1"), row("990002", district="", postcode="NG1 5DT"),
                 fails=True)  # fmt: skip

    assert "line 2, postcode: “NG1” is not a postcode." in said
    assert "line 3, postcode: The district of “NG1 5DT” is not known." in said


def test_provider_number_of_two_schools_goes_to_the_first(bring):
    bring(row(ukprn="10099991"), row(urn="990002", ukprn="10099991"))

    assert (school().ukprn, school("990002").ukprn) == ("10099991", "")


def test_wrong_header_is_refused(bring):
    said = bring("1,2", header="number,school", fails=True)

    assert "has no column urn; establishmentname (or name)" in said


def test_without_districts_it_says_what_to_do_first(bring):
    Area.objects.filter(kind=Area.Kind.DISTRICT).update(kind=Area.Kind.WARD)

    assert "run `manage.py setup` first" in bring(row(), fails=True)


@pytest.mark.thorough
@pytest.mark.shared
@pytest.mark.slow  # brings in all 26,606 postcodes
def test_schools_of_the_county_come_in_by_our_own_columns(settings, tmp_path, city):
    settings.VAR = tmp_path
    for code in range(170, 177):
        Area.objects.get_or_create(
            code=f"E07000{code}", defaults={"kind": Area.Kind.DISTRICT, "name": f"District {code}"}
        )
    out = io.StringIO()
    call_command("import_places", SHARED / "notts_postcodes.csv", stdout=out, stderr=out)
    before = Organisation.objects.count()

    call_command("import_schools", SHARED / "notts_schools.csv", stdout=out, stderr=out)

    assert Organisation.objects.count() == before + 480
    assert "498 left out: it is not open and we do not have it." in out.getvalue()
    urns = Organisation.objects.filter(kind=Organisation.Kind.SCHOOL, urn__gt="")
    assert all(school.areas.exists() for school in urns.prefetch_related("areas")[:480])

    call_command("import_schools", SHARED / "notts_schools.csv", stdout=out, stderr=out)
    assert "0 added, 0 changed, 480 unchanged, 0 rejected" in out.getvalue()
