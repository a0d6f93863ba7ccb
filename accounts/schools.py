"""Schools and colleges from the government's register (GIAS) into organisations, by URN."""

import re
from dataclasses import dataclass, field

from django.db.models import Count, Q

from .import_report import Fault, Report, shown
from .importing import Column, Refused, Table, TextFile
from .models import Area, Membership, Organisation, Postcode
from .places import normalise_postcode

COLUMNS = [
    Column("urn", ("urn",)),
    Column("name", ("establishmentname", "name")),
    Column("status", (r"establishmentstatus \(name\)", "status")),
    Column("postcode", ("postcode",)),
    Column("type", (r"typeofestablishment \(name\)",), required=False),
    Column("phase", (r"phaseofeducation \(name\)",), required=False),
    Column("ukprn", ("ukprn",), required=False),
    Column("district_code", (r"districtadministrative \(code\)",), required=False),
    Column("district_name", (r"districtadministrative \(name\)", "district"), required=False),
]
COLLEGES = {"Further education", "Sixth form centres", "Special post 16 institution"}
NOT_SCHOOLS = {
    "Higher education institutions",
    "Offshore schools",
    "British schools overseas",
    "Service children's education",
    "Children's centre",
    "Children's centre linked site",
}
FIELDS = ["name", "kind", "ukprn", "postcode", "school_type", "school_phase", "is_open"]


@dataclass
class Known:
    """What we hold already, read once: 480 schools must not ask 480 times."""

    districts: dict[str, Area] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    by_urn: dict[str, Organisation] = field(default_factory=dict)
    without_urn: dict[tuple[str, str], Organisation] = field(default_factory=dict)
    ukprns: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls) -> "Known":
        known = cls()
        for area in Area.objects.filter(kind=Area.Kind.DISTRICT):
            known.districts[area.code], known.names[area.name.casefold()] = area, area.code
        kinds = (Organisation.Kind.SCHOOL, Organisation.Kind.COLLEGE)
        current = Q(memberships__in=Membership.objects.current())
        people = Count("memberships", filter=current)
        for row in Organisation.objects.filter(kind__in=kinds).annotate(people=people):
            if row.urn:
                known.by_urn[row.urn] = row
            else:
                known.without_urn[row.name.casefold(), row.postcode] = row
        held = Organisation.objects.exclude(ukprn="").values_list("ukprn", "urn")
        known.ukprns = dict(held)
        return known


@dataclass
class Intake:
    """Sorts the rows of a file into schools to add, to change and to leave."""

    known: Known
    closed: bool
    postcodes: dict[str, str]
    seen: dict[str, int] = field(default_factory=dict)
    added: list[Organisation] = field(default_factory=list)
    changed: list[Organisation] = field(default_factory=list)
    districts: dict[str, str] = field(default_factory=dict)  # URN: district code

    def take(self, line: int, cells: dict[str, str], report: Report) -> None:
        is_open = cells["status"].casefold().startswith("open")
        held, district = self._held(cells), self._district(cells)
        faults = self._faults(line, cells)
        if not faults and held is None and (why := self._left_out(cells, is_open, district)):
            report.skip(why)
            return
        if not faults and district is None:
            faults.append(_nowhere(cells["postcode"]))
        if held and held.is_open and not is_open and held.people:  # type: ignore[attr-defined]
            faults.append(_still_used(held))
        if faults:
            report.reject(line, faults)
            return
        self.seen[cells["urn"]] = line
        self.districts[cells["urn"]] = district or ""
        self._sort(held, self._fields(cells, is_open), report)

    def _left_out(self, cells: dict[str, str], is_open: bool, district: str | None) -> str:
        """Why a school that we do not have is not added."""
        if cells.get("type") in NOT_SCHOOLS:
            return "it is no school or college"
        if not is_open and not self.closed:
            return "it is not open and we do not have it"
        if district is not None and district not in self.known.districts:
            return "it lies outside the districts we work in"
        return ""

    def _sort(self, held: Organisation | None, fields: dict[str, object], report: Report) -> None:
        if held is None:
            self.added.append(Organisation(sector=Organisation.Sector.CORE, **fields))
            report.added += 1
        elif any(getattr(held, name) != value for name, value in fields.items()):
            for name, value in fields.items():
                setattr(held, name, value)
            self.changed.append(held)
            report.changed += 1
        else:
            report.unchanged += 1

    def _held(self, cells: dict[str, str]) -> Organisation | None:
        """The organisation with this URN, or one typed in by hand with this name and postcode."""
        postcode = normalise_postcode(cells["postcode"]) or ""
        by_hand = self.known.without_urn.get((cells["name"].casefold(), postcode))
        return self.known.by_urn.get(cells["urn"]) or by_hand

    def _faults(self, line: int, cells: dict[str, str]) -> list[Fault]:
        faults, urn = [], cells["urn"]
        if not re.fullmatch(r"[1-9]\d{5}", urn, re.ASCII):
            what = f"{shown(urn)} is not a URN."
            faults.append(Fault("urn", what, "It is six digits; check the register."))
        elif urn in self.seen:
            what = f"{urn} is already on line {self.seen[urn]}."
            faults.append(Fault("urn", what, "Remove one of the two."))
        if not cells["name"]:
            faults.append(Fault("name", "The name is missing.", "Look the URN up and add it."))
        elif len(cells["name"]) > 200:
            faults.append(Fault("name", "The name is over 200 letters.", "Shorten it."))
        return faults

    def _district(self, cells: dict[str, str]) -> str | None:
        """By postcode; for a postcode not on our list as the register says."""
        postcode = normalise_postcode(cells["postcode"])
        by_postcode = self.postcodes.get(postcode or "")
        code = cells.get("district_code", "")
        by_name = self.known.names.get(cells.get("district_name", "").casefold())
        return by_postcode or (code if code.startswith("E") else None) or by_name

    def _fields(self, cells: dict[str, str], is_open: bool) -> dict[str, object]:
        """What the register says; what this file does not tell stays as it is."""
        kinds = Organisation.Kind
        fields: dict[str, object] = {
            "urn": cells["urn"],
            "name": cells["name"],
            "postcode": normalise_postcode(cells["postcode"]) or "",
            "is_open": is_open,
            "kind": kinds.COLLEGE if cells.get("type") in COLLEGES else kinds.SCHOOL,
        }
        if "type" in cells:
            fields["school_type"] = cells["type"][:80]
        if "phase" in cells:
            fields["school_phase"] = cells["phase"][:30]
        if ukprn := self._ukprn(cells):
            fields["ukprn"] = ukprn
        return fields

    def _ukprn(self, cells: dict[str, str]) -> str:
        """The provider number, unless it is malformed or another school's (they may share one)."""
        ukprn, urn = cells.get("ukprn", ""), cells["urn"]
        if (
            re.fullmatch(r"1\d{7}", ukprn, re.ASCII)
            and self.known.ukprns.setdefault(ukprn, urn) == urn
        ):
            return ukprn
        return ""


def _nowhere(postcode: str) -> Fault:
    if postcode and not normalise_postcode(postcode):
        what = f"{shown(postcode)} is not a postcode."
    else:
        what = f"The district of {shown(postcode)} is not known."
    return Fault("postcode", what, "Correct it, or bring newer postcodes with import_places.")


def _still_used(held: Organisation) -> Fault:
    return Fault(
        "status",
        f"{held.name} has closed but people still hold roles there.",
        "End their roles or move them to its successor, then run this again.",
    )


def load(file: TextFile, report: Report, *, closed: bool = False) -> None:
    """Bring the file's schools in, inside the caller's transaction."""
    table = Table(file, COLUMNS)
    known = Known.read()
    if not known.districts:
        raise Refused("There is no district yet: run `manage.py setup` first.")
    postcodes = Postcode.objects.filter(district_code__in=known.districts)
    intake = Intake(known, closed, dict(postcodes.values_list("postcode", "district_code")))
    for line, cells in table.rows(report):
        intake.take(line, cells, report)
    Organisation.objects.bulk_create(intake.added, batch_size=500)
    Organisation.objects.bulk_update(intake.changed, ["urn", *FIELDS], batch_size=500)
    _place(intake)


def _place(intake: Intake) -> None:
    """Each school serves its district; areas that people have added stay."""
    link = Organisation.areas.through
    link.objects.bulk_create(
        [
            link(organisation_id=school.pk, area_id=area.pk)
            for school in [*intake.added, *intake.changed, *intake.known.by_urn.values()]
            if (area := intake.known.districts.get(intake.districts.get(school.urn, "")))
        ],
        ignore_conflicts=True,
    )
