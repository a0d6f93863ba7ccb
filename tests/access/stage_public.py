"""The stage's people, roles, organisations and services of the directory."""

from typing import TYPE_CHECKING

from accounts import roles, services
from accounts.clock import now, today
from accounts.models import Area, DutyShift, Membership, Organisation, SharingAgreement
from cms.models import Location, Provider, Reminder, Service
from insight.models import GapAction
from tests.access import canaries

if TYPE_CHECKING:
    from tests.access.stage import Stage


def build_people(stage: "Stage") -> None:
    """Somebody invited to Northside; people and roles with the keys that stand in addresses."""
    school = stage.world.school
    new = services.invite(
        by=stage.person("oz"),
        organisation=school,
        email="new@example.org",
        name="New Invented",
        role=roles.Referrer,
    )
    people = {"new": new} | {who: stage.person(who) for who in ("alex", "oz", "max", "adam")}
    for who, person in people.items():
        stage.keys[f"p_{who}"] = str(person.pk)
        role = Membership.objects.filter(user=person).exclude(organisation__name__startswith="West")
        stage.keys[f"r_{who}"] = {"pk": person.pk, "membership_pk": role.get().pk}
    alex, bea = stage.person("alex"), stage.person("bea")
    westside = Membership.objects.get(user=alex, organisation__name__startswith="West")
    stage.keys["r_alex_westside"] = {"pk": alex.pk, "membership_pk": westside.pk}
    stage.keys["r_swapped"] = {"pk": bea.pk, "membership_pk": stage.keys["r_alex"]["membership_pk"]}
    for who in ("alex", "cora", "adam"):
        own = (
            Membership.objects.filter(user=stage.person(who)).order_by("organisation__name").first()
        )
        stage.keys[f"m_{who}"] = own.pk if own else None
    for who in ("sol", "sam"):
        stage.keys[f"d_{who}"] = (
            DutyShift.objects.filter(user__name=f"{who.capitalize()} Invented").last().pk
        )
    unit = Organisation.objects.get(name__startswith="Waymark Unit")
    stage.keys["o_school"], stage.keys["o_unit"] = school.pk, unit.pk
    agreement = SharingAgreement.objects.get(organisation=school)
    stage.keys["a_school"] = {"pk": school.pk, "agreement_pk": agreement.pk}
    stage.keys["a_swapped"] = {"pk": unit.pk, "agreement_pk": agreement.pk}


def build_directory(stage: "Stage") -> None:
    """One service that is open to all, and one for each reason why a service is not."""
    provider = Provider.objects.create(name="Night Owls (invented)")
    hidden = Provider.objects.create(name="Not yet (invented)", live=False)
    examples = {
        "s_open": Service(title="Owl club", provider=provider),
        "s_draft": Service(title=canaries.SERVICE.word, provider=provider, live=False),
        "s_closed": Service(title="Was here", provider=provider, status=Service.Status.CLOSED),
        "s_professional": Service(title="Inside", provider=provider, is_professional_only=True),
        "s_of_hidden": Service(title="Of nobody", provider=hidden),
    }
    stage.keys["p_open"], stage.keys["p_hidden"] = provider.pk, hidden.pk
    ours = Provider.objects.create(name="Ours (invented)", organisation=stage.world.school)
    unit = Organisation.objects.get(name__startswith="Waymark Unit")
    theirs = Provider.objects.create(name="Theirs (invented)", organisation=unit)
    stage.keys["p_ours"], stage.keys["p_theirs"] = ours.pk, theirs.pk
    for thing, whose in (("l_ours", ours), ("l_theirs", theirs)):
        stage.keys[thing] = Location.objects.create(name="Invented hut", provider=whose).pk
    examples |= {
        "s_ours": Service(title="Ours", provider=ours, live=False),
        "s_theirs": Service(title="Theirs", provider=theirs, live=False),
    }
    for thing, service in examples.items():
        service.summary = "Invented."
        service.save()
        stage.keys[thing], stage.keys[f"{thing}_pk"] = service.slug, service.pk
        letter = Reminder.objects.create(service=service, since=now(), days=60)
        stage.keys[f"{thing}_letter"] = letter.pk


def build_actions(stage: "Stage") -> None:
    """What somebody is to do about a gap: ana in the city, and in Derby somebody who is at neither."""
    pru = stage.person("pru")
    for thing, code, owner in (("g_open", "E06000018", "ana"), ("g_derby", "E06000015", "adam")):
        row = GapAction.objects.create(
            area=Area.objects.get(code=code), action="Ask the clubs.", due_on=today(),
            owner=stage.person(owner), added_by=pru,
        )  # fmt: skip
        stage.keys[thing] = str(row.pk)
