"""The demo's organisations and people: all invented, one named person per role and some
colleagues."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from accounts import clock, places, roles
from accounts.models import Area, Organisation, User
from accounts.services import second_factor
from casework.calendar import today
from referrals.models import Programme

from . import making

CITY, ASHFIELD, BASSETLAW = "E06000018", "E07000170", "E07000171"
BROXTOWE, GEDLING, MANSFIELD = "E07000172", "E07000173", "E07000174"

# name, kind, sector, district codes served ("" is the whole area), identifiers
ORGANISATIONS: list[tuple[str, str, str, list[str], dict[str, Any]]] = [
    ("Trent Violence Reduction Unit", "unit", "core", [""], {}),
    ("Northside School", "school", "core", [CITY], {"urn": "199001", "postcode": "NG5 1AA"}),
    ("Oakmoor Academy", "school", "core", [ASHFIELD, MANSFIELD], {"urn": "199002"}),
    ("Meadow Lane Youth Service", "council", "core", [""], {"team_sees_referrals": True}),
    ("Steady Steps", "charity", "voluntary", [""], {"charity_number": "1999001"}),
    ("Kestrel Mentoring", "charity", "voluntary", [""], {"company_number": "99900001"}),
    ("Castle Gate College", "college", "core", [""], {"ukprn": "19990001"}),
    ("Sherwood Family Centre", "charity", "voluntary", [""], {"charity_number": "1999002"}),
]
INVENTED = " (invented)"


@dataclass(frozen=True)
class Seat:
    """One person in one role."""

    first: str
    name: str
    role: type[roles.Role]
    at: str
    districts: Sequence[str] = ()
    boss: str = ""
    job: str = ""


SEATS = [
    Seat("pru", "Pru Adeyemi", roles.ProgrammeManager, "Trent", [""], job="Programme manager"),
    Seat("cora", "Cora Wells", roles.Coordinator, "Trent", [""], "pru", "Coordinator"),
    Seat("cleo", "Cleo Marsh", roles.Coordinator, "Trent", [""], "pru", "Coordinator"),
    Seat("sol", "Sol Bannister", roles.SafeguardingLead, "Trent", [""], "pru", "Safeguarding lead"),
    Seat("sky", "Sky Fenn", roles.SafeguardingLead, "Trent", [""], "pru", "Deputy lead"),
    Seat("alex", "Alex Rowe", roles.Referrer, "Northside", [CITY], job="Head of year 10"),
    Seat("bea", "Bea Collins", roles.Referrer, "Northside", [CITY], job="Pastoral manager"),
    Seat("omar", "Omar Finch", roles.Referrer, "Oakmoor", [ASHFIELD], job="Assistant head"),
    Seat("yaz", "Yaz Holt", roles.Referrer, "Meadow", [""], job="Youth worker"),
    Seat("finn", "Finn Okoro", roles.Referrer, "Sherwood", [""], job="Family worker"),
    Seat("dev", "Dev Sandhu", roles.Supervisor, "Steady", [""], "cora", "Mentoring supervisor"),
    Seat("ada", "Ada Novak", roles.PathwayAdviser, "Castle", [""], "cleo", "Pathway adviser"),
    Seat("ivo", "Ivo Grant", roles.PathwayAdviser, "Trent", [""], "cleo", "Pathway adviser"),
    Seat("ivy", "Ivy Laurent", roles.InformationGovernanceOfficer, "Trent", [""]),
    Seat("ana", "Ana Torres", roles.Analyst, "Trent", [""], job="Analyst"),
    Seat("bo", "Bo Whitlock", roles.BoardMember, "Trent", [""], job="Board member"),
    Seat("ed", "Ed Pascoe", roles.DirectoryEditor, "Trent", [""], job="Directory editor"),
    Seat("oz", "Oz Demir", roles.OrganisationAdministrator, "Northside", job="Office manager"),
    Seat("adam", "Adam Vale", roles.Administrator, "Trent", job="Systems administrator"),
]
MENTORS = [
    Seat("max", "Max Okafor", roles.Mentor, "Steady", [""], "dev", "Mentor"),
    Seat("mia", "Mia Larsen", roles.Mentor, "Steady", [""], "dev", "Mentor"),
]


def areas() -> dict[str, Area]:
    """Region, area and the eight districts, by code; "" is the whole area."""
    kind = Area.Kind
    region = making.area("EMID", "East Midlands", kind.REGION)
    whole = making.area("NOTTS", "Nottinghamshire and Nottingham", kind.AREA, region)
    found = {"": whole}
    for row in places.built_in("districts.csv"):
        found[row["code"]] = making.area(
            row["code"], row["name"], kind.DISTRICT, whole, row["thresholds"]
        )
    return found


def organisations(found: dict[str, Area]) -> dict[str, Organisation]:
    """By the first word of their name."""
    return {
        name.split()[0]: making.organisation(
            name + INVENTED, kind, sector, [found[code] for code in served], **identifiers
        )
        for name, kind, sector, served, identifiers in ORGANISATIONS
    }


def people(
    found: dict[str, Area], at: dict[str, Organisation], password: str, began: datetime
) -> dict[str, User]:
    """By first name; everybody whose role needs a second factor has one. They come one after the
    other, before anybody whom the story brings."""
    users: dict[str, User] = {}
    for minute, seat in enumerate([*SEATS, *MENTORS]):
        with clock.at(began + timedelta(minutes=minute)):
            user = users[seat.first] = making.person(
                f"{seat.first}@example.org",
                seat.name,
                password,
                seat.role,
                at[seat.at],
                [found[code] for code in seat.districts],
                users.get(seat.boss),
                job_title=seat.job,
                phone="0115 496 0100",
            )
            if user.needs_second_factor:
                second_factor.give(user=user)
    return users


def rota(users: dict[str, User], whole: Area, since_days: int) -> None:
    first, last = today() - timedelta(days=since_days), today() + timedelta(days=90)
    making.duty(users["sol"], whole, first, last, deputy=users["sky"])


def programmes(at: dict[str, Organisation], found: dict[str, Area]) -> list[Programme]:
    whole = [found[""]]
    return [
        making.programme(
            "Steady Steps mentoring",
            at["Steady"],
            whole,
            summary="A mentor for young people aged 10 to 25 who are at risk of violence.",
        ),
        making.programme(
            "Next Move",
            at["Castle"],
            whole,
            minimum_age=14,
            maximum_age=25,
            summary="Help into education, training or work, with a mentor where that helps.",
        ),
    ]
