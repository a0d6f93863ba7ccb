"""The people and places around the generated referrals, made by services. Everybody is invented."""

from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth.hashers import make_password

from accounts import roles
from accounts.models import Area, Organisation, User
from accounts.roles import Role
from accounts.services import second_factor
from casework.calendar import now, today
from cms import services as cms
from cms.models import SafeguardingNumber
from referrals.models import Programme
from waymark import reference
from waymark.demo import making
from waymark.demo.people import areas

PASSWORD = "generated-marigold-arrows"  # noqa: S105  of invented people in a database of their own
COORDINATORS, SCHOOLS, REFERRERS, WORKERS = 40, 24, 5, 24


@dataclass
class World:
    """`areas` and `districts` by code; people by the district that they work for."""

    programme: Programme
    districts: list[Area]
    schools: dict[str, list[Organisation]]
    referrers: dict[Organisation, list[User]]
    coordinators: dict[str, list[User]]
    advisers: list[User]
    mentors: list[User]
    lead: User


class Maker:
    """Makes people one by one; `password` is hashed once for all of them at the end."""

    def __init__(self, unit: Organisation, whole: Area) -> None:
        self.unit, self.whole = unit, whole

    def person(
        self,
        first: str,
        role: type[Role],
        at: Organisation | None = None,
        area: Area | None = None,
        boss: User | None = None,
    ) -> User:
        user = making.person(
            f"{first}@example.org",
            f"{first.replace('-', ' ').capitalize()} Invented",
            None,
            role,
            at or self.unit,
            [area or self.whole],
            boss,
        )
        if user.needs_second_factor:
            second_factor.give(user=user)
        return user


def make() -> World:
    """Everything that a referral needs before there is one."""
    reference.load()
    found = areas()
    whole = found.pop("")
    districts = list(found.values())
    unit = making.organisation("Unit (invented)", "unit", "core", [whole])
    maker = Maker(unit, whole)
    manager = maker.person("pru", roles.ProgrammeManager)
    lead = maker.person("sol", roles.SafeguardingLead, boss=manager)
    first, last = today() - timedelta(days=7), today() + timedelta(days=90)
    making.duty(lead, whole, first, last)
    _site()
    schools = _schools(districts)
    world = World(
        programme=making.programme("Steady Steps", unit, [whole]),
        districts=districts,
        schools=schools,
        referrers=_referrers(maker, schools, found),
        coordinators=_coordinators(maker, districts, manager),
        advisers=_workers(maker, "adviser", roles.PathwayAdviser, manager),
        mentors=_workers(maker, "mentor", roles.Mentor, manager),
        lead=lead,
    )
    User.objects.update(password=make_password(PASSWORD), joined_at=now())
    return world


def _site() -> None:
    Kind = SafeguardingNumber.Kind
    cms.begin_site(service_name="Waymark", unit_name="Unit (invented)")
    numbers = [
        (Kind.EMERGENCY, "Emergency", "999"),
        (Kind.SAFEGUARDING, "MASH (invented)", "0115 496 0001"),
        (Kind.OUT_OF_HOURS, "Duty team (invented)", "0115 496 0002"),
    ]
    cms.record_safeguarding_numbers(
        [cms.Number(kind, name, phone, "", "", "", False, None) for kind, name, phone in numbers]
    )


def _schools(districts: list[Area]) -> dict[str, list[Organisation]]:
    found: dict[str, list[Organisation]] = {}
    for number in range(SCHOOLS):
        area = districts[number % len(districts)]
        school = making.organisation(f"School {number + 1} (invented)", "school", "core", [area])
        found.setdefault(area.code, []).append(school)
    return found


def _referrers(
    maker: Maker, schools: dict[str, list[Organisation]], found: dict[str, Area]
) -> dict[Organisation, list[User]]:
    return {
        school: [
            maker.person(
                f"referrer-{code}-{place}-{n}".lower(), roles.Referrer, school, found[code]
            )
            for n in range(REFERRERS)
        ]
        for code, group in schools.items()
        for place, school in enumerate(group)
    }


def _workers(maker: Maker, name: str, role: type[Role], boss: User) -> list[User]:
    return [maker.person(f"{name}-{number}", role, boss=boss) for number in range(WORKERS)]


def _coordinators(maker: Maker, districts: list[Area], boss: User) -> dict[str, list[User]]:
    """The first four see the whole area (cora is one of them), the others one district each."""
    people: dict[str, list[User]] = {area.code: [] for area in districts}
    for number in range(COORDINATORS):
        area = districts[number % len(districts)]
        name = "cora" if number == 0 else f"coordinator-{number}"
        role = roles.Coordinator
        user = maker.person(name, role, area=None if number < 4 else area, boss=boss)
        people[area.code].append(user)
    return people
