"""The tests' world: people with fixed names and relations (CONVENTIONS 32), built once per run by
the app's own services and moves. Everybody is invented."""

from datetime import timedelta
from typing import Any

from accounts import roles
from accounts.models import Area, Organisation, User
from casework import clocks, registry
from casework.calendar import today
from cms import services as cms
from cms.models import SafeguardingNumber
from referrals.models import Programme
from waymark.demo import making

PASSWORD = "the-marigold-arrow-points"
KIND = Area.Kind
NUMBER = SafeguardingNumber.Kind


class World:
    """People by first name, and what is there from the beginning."""

    def __getattr__(self, name: str) -> Any:
        """A person, fetched anew each time, so that nothing is remembered between requests."""
        try:
            return User.objects.get(email=f"{name}@example.org")
        except User.DoesNotExist:
            raise AttributeError(name) from None

    @property
    def programme(self) -> Programme:
        return Programme.objects.get(name="Steady Steps")

    @property
    def city(self) -> Area:
        return Area.objects.get(code="E06000018")

    @property
    def school(self) -> Organisation:
        return Organisation.objects.get(name="Northside School (invented)")


def build() -> None:
    """Make the world. Called once, in a database that is then cloned."""
    clocks.load(registry.kinds().values())
    city, county, derby = _areas()
    _site()
    unit = making.organisation("Waymark Unit (invented)", "unit", "core", [city, county])
    school = making.organisation(
        "Northside School (invented)", "school", "core", [city], urn="100001"
    )
    charity = making.organisation("Steady Steps Trust (invented)", "charity", "voluntary", [city])
    other = making.organisation("Derwent Unit (invented)", "unit", "core", [derby])
    _people(unit, school, charity, other, city, derby)
    making.programme("Steady Steps", charity, [city, county])
    making.programme("Derwent Steps", other, [derby])


def _areas() -> tuple[Area, Area, Area]:
    region = making.area("EMID", "East Midlands", KIND.REGION)
    notts = making.area("NOTTS", "Nottinghamshire and Nottingham", KIND.AREA, region)
    city = making.area("E06000018", "Nottingham", KIND.DISTRICT, notts, "city")
    county = making.area("E07000170", "Ashfield", KIND.DISTRICT, notts, "county")
    elsewhere = making.area("DERBYS", "Derbyshire and Derby", KIND.AREA, region)
    derby = making.area("E06000015", "Derby", KIND.DISTRICT, elsewhere)
    return city, county, derby


def _site() -> None:
    cms.begin_site(service_name="Waymark", unit_name="Waymark Unit (invented)")
    cms.record_safeguarding_numbers(
        [
            cms.Number(NUMBER.EMERGENCY, "Emergency", "999", "Danger now"),
            cms.Number(NUMBER.SAFEGUARDING, "MASH (invented)", "0115 496 0001"),
            cms.Number(NUMBER.OUT_OF_HOURS, "Duty team (invented)", "0115 496 0002"),
        ]
    )


def _people(
    unit: Organisation,
    school: Organisation,
    charity: Organisation,
    other: Organisation,
    city: Area,
    derby: Area,
) -> None:
    notts = city.parent
    assert notts is not None and derby.parent is not None

    def add(
        first: str, role: type[roles.Role], at: Organisation, areas: Any = (), boss: Any = None
    ) -> User:
        email = f"{first}@example.org"
        name = f"{first.capitalize()} Invented"
        return making.person(email, name, PASSWORD, role, at, areas, boss)

    pru = add("pru", roles.ProgrammeManager, unit, [notts])
    cora = add("cora", roles.Coordinator, unit, [notts], pru)
    cleo = add("cleo", roles.Coordinator, unit, [notts], pru)
    sol = add("sol", roles.SafeguardingLead, unit, [notts], pru)
    sky = add("sky", roles.SafeguardingLead, unit, [notts], pru)
    dev = add("dev", roles.Supervisor, charity, [notts], cora)
    add("max", roles.Mentor, charity, [notts], dev)
    add("mia", roles.Mentor, charity, [notts], cora)
    add("ada", roles.PathwayAdviser, unit, [notts], cleo)
    add("alex", roles.Referrer, school, [city])
    add("bea", roles.Referrer, school, [city])
    add("oz", roles.OrganisationAdministrator, school)
    add("ivy", roles.InformationGovernanceOfficer, unit, [notts])
    add("ana", roles.Analyst, unit, [notts])
    add("bo", roles.BoardMember, unit, [notts])
    add("ed", roles.DirectoryEditor, unit, [notts])
    add("adam", roles.Administrator, unit)
    add("sam", roles.Coordinator, other, [derby.parent])
    add("sam", roles.SafeguardingLead, other, [derby.parent])
    add("sid", roles.Referrer, other, [derby])
    # Longer than any walk of a machine.
    first, last = today() - timedelta(days=30), today() + timedelta(days=330)
    making.duty(sol, notts, first, last, deputy=sky)
    making.duty(User.objects.get(email="sam@example.org"), derby.parent, first, last)
    assert cleo
