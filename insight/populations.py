"""How many young people live in each place, from a published estimate by age."""

from collections import Counter

from accounts.import_report import Fault, Report, shown
from accounts.importing import Column, Refused, Table, TextFile
from accounts.models import Area
from accounts.postcodes import AREA_CODE

from .models import Population

YOUNG = range(10, 25)
COLUMNS = [
    Column("code", ("area_code", r"ladcode\d\d", r"lad\d\dcd", r"wd\d\dcd", r"ward\d\d_code")),
    Column("age", ("age",)),
    Column("people", ("people", "population", r"population_\d\d\d\d", "obs_value")),
]


def load(file: TextFile, report: Report, *, year: int) -> None:
    """Add up the rows of 10 to 24 for the districts and wards that we know, of whatever sex."""
    ours = set(
        Area.objects.filter(kind__in=[Area.Kind.DISTRICT, Area.Kind.WARD]).values_list(
            "code", flat=True
        )
    )
    people: Counter[str] = Counter()
    for line, cells in Table(file, COLUMNS).rows(report):
        faults = list(_faults(cells))
        if faults:
            report.reject(line, faults)
        elif cells["code"] not in ours:
            report.skip("it is of another place")
        elif int(cells["age"]) in YOUNG:
            people[cells["code"]] += int(cells["people"])
    found = {code: many for code, many in people.items() if many}
    if not found and not report.rejected:
        raise Refused(f"{file.path.name} has nobody of 10 to 24 in a place of ours.")
    _keep(found, report, year)


def _faults(cells: dict[str, str]) -> list[Fault]:
    faults = []
    if not AREA_CODE.fullmatch(cells["code"]):
        what = f"{shown(cells['code'])} is no area code of the Office for National Statistics."
        faults.append(Fault("area_code", what, "Write it like E06000018."))
    for name, most in (("age", 120), ("people", 10_000_000)):
        value = cells[name].removesuffix("+") if name == "age" else cells[name]
        if not (value.isascii() and value.isdigit() and int(value[:9]) <= most):
            what = f"{shown(cells[name])} is no number of {name}."
            faults.append(Fault(name, what, f"It is a whole number up to {most:,}."))
    cells["age"] = cells["age"].removesuffix("+")
    return faults


def _keep(found: dict[str, int], report: Report, year: int) -> None:
    held = {row.area_code: (row.people, row.year) for row in Population.objects.all()}
    for code, many in found.items():
        if code not in held:
            report.added += 1
        elif held[code] == (many, year):
            report.unchanged += 1
        else:
            report.changed += 1
    Population.objects.bulk_create(
        [Population(area_code=code, people=many, year=year) for code, many in found.items()],
        update_conflicts=True,
        unique_fields=["area_code"],
        update_fields=["people", "year"],
    )
