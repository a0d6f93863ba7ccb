"""Who may do what to people, roles and organisations. Which rows they reach is `visible_to`."""

from typing import TYPE_CHECKING

from accounts import roles

if TYPE_CHECKING:
    from accounts.models import Area, Membership, Organisation, User


def administers(user: "User") -> bool:
    return user.holds(roles.Administrator)


def edits_directory(user: "User") -> bool:
    return user.holds(roles.DirectoryEditor)


def reads_as_professional(user: "User") -> bool:
    """Works with young people, and so reads in the directory what is for professionals only."""
    return user.holds(
        roles.Referrer,
        roles.Coordinator,
        roles.SafeguardingLead,
        roles.Mentor,
        roles.Supervisor,
        roles.PathwayAdviser,
        roles.ProgrammeManager,
    )


def refers(user: "User") -> bool:
    return any(roles.May.REFER in role.capabilities for role in user.roles)


def keeps_services(user: "User") -> bool:
    """Keeps what the directory says about the services of their organisation."""
    return user.holds(roles.OrganisationAdministrator)


def sees_people(user: "User") -> bool:
    """Has people to look after at all: who gets the pages under /people/."""
    return user.holds(roles.Administrator, roles.OrganisationAdministrator)


def manages_people(user: "User", organisation: "Organisation") -> bool:
    return administers(user) or organisation.pk in user.organisation_ids_as(
        roles.OrganisationAdministrator
    )


def grants(user: "User", organisation: "Organisation", role: type[roles.Role]) -> bool:
    """An organisation gives its people the roles that stay within it; others reach further."""
    return administers(user) or (role.given_by_organisation and manages_people(user, organisation))


def may_be_given_roles(user: "User", person: "User") -> bool:
    """By an administrator anybody; by an organisation its own people and who is new, so that no
    partner draws somebody else's people, and with them their cases, to itself."""
    if administers(user):
        return True
    managed = user.organisation_ids_as(roles.OrganisationAdministrator)
    held = set(person.memberships.current().values_list("organisation_id", flat=True))
    return not held.isdisjoint(managed) if held else person.joined_at is None


def ends(user: "User", membership: "Membership") -> bool:
    """Nobody edits their own roles, and only an administrator removes an administrator."""
    if membership.user_id == user.pk:
        return False
    if membership.role == roles.Administrator.code:
        return administers(user)
    return manages_people(user, membership.organisation)


def arranges_cover(user: "User", membership: "Membership") -> bool:
    return membership.user_id == user.pk or ends(user, membership)


def looks_after(user: "User", person: "User") -> bool:
    """May close or open somebody's account and reset their second factor.

    An organisation administrator may when all that the person does is at organisations they manage,
    so that one partner cannot lock or take over another partner's people, nor an administrator.
    """
    if person.pk == user.pk:
        return False
    if administers(user):
        return True
    managed = user.organisation_ids_as(roles.OrganisationAdministrator)
    held = list(person.memberships.current().values_list("organisation_id", "role"))
    return bool(held) and all(
        organisation_id in managed and role != roles.Administrator.code
        for organisation_id, role in held
    )


def plans_duty(user: "User", area: "Area") -> bool:
    """Who writes the rota: those who lead there, the programme manager, an administrator."""
    return administers(user) or user.holds(
        roles.SafeguardingLead, roles.ProgrammeManager, area_id=area.pk
    )
