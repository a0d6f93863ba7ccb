"""Who may do what with a referral or a concern. A policy takes the case and the person."""

from typing import TYPE_CHECKING, Any

from accounts import roles
from casework.actors import SYSTEM

if TYPE_CHECKING:
    from accounts.models import User

    from .models import Concern, Referral
    from .models.brief import Brief


# The roles in which somebody refers.
AUTHORS = (roles.Referrer, roles.Coordinator)


def is_system(case: Any, by: Any) -> bool:
    return by is SYSTEM


def wrote(referral: "Referral | Brief", user: Any) -> bool:
    """The author, while they refer for the organisation in whose name they wrote it; or whoever
    takes their place there. Who has left has left their referrals to it."""
    return (referral.referred_by_id, referral.organisation_id) in user.places_as(*AUTHORS)


def coordinates(case: Any, user: Any) -> bool:
    return case.area_id is not None and user.holds(roles.Coordinator, area_id=case.area_id)


def triages(referral: "Referral | Brief", user: Any) -> bool:
    """A coordinator of the area, but never of a referral that they wrote themselves."""
    return coordinates(referral, user) and not wrote(referral, user)


def leads_safeguarding(case: Any, user: Any) -> bool:
    """A safeguarding lead of its area; or, as a draft may come to lie in another area after it was
    stopped, of the area of a concern about it."""
    if not user.holds(roles.SafeguardingLead):
        return False
    areas = user.area_ids_as(roles.SafeguardingLead)
    return case.area_id in areas or not areas.isdisjoint(getattr(case, "concern_area_ids", ()))


def holds_back(referral: "Referral", by: Any) -> bool:
    """A safeguarding lead, or the engine when a concern says that somebody is in danger."""
    return is_system(referral, by) or leads_safeguarding(referral, by)


def stops(referral: "Referral", by: Any) -> bool:
    """Its author, who ticks that somebody is in danger; or whoever holds back."""
    return wrote(referral, by) or holds_back(referral, by)


def withdraws(referral: "Referral", user: Any) -> bool:
    return wrote(referral, user) or triages(referral, user)


def allocates(referral: "Referral", user: Any) -> bool:
    """As for triage: not of a referral that they wrote themselves (casework reference §15)."""
    return triages(referral, user)


def owns(case: Any, user: Any) -> bool:
    """The owner by name, or whoever takes their place."""
    return bool(case.is_owned_by(user))


def works(referral: "Referral | Brief", user: "User") -> bool:
    return mentors(referral, user) or advises(referral, user)


def mentors(referral: "Referral | Brief", user: "User") -> bool:
    """Its mentor now, or whoever takes their place."""
    return user.holds(roles.Mentor) and referral.mentor_id in user.acts_for(roles.Mentor)


def advises(referral: "Referral | Brief", user: "User") -> bool:
    """Its pathway adviser now, or whoever takes their place."""
    return user.holds(roles.PathwayAdviser) and referral.adviser_id in user.acts_for(
        roles.PathwayAdviser
    )


def works_or_coordinates(referral: "Referral", user: Any) -> bool:
    return coordinates(referral, user) or owns(referral, user)


def reports_end(referral: "Referral", user: Any) -> bool:
    """Who works with them, or a coordinator in their place: who then may not approve it."""
    return works(referral, user) or triages(referral, user)


def approves_end(referral: "Referral", user: Any) -> bool:
    """A coordinator, but never of a report that they wrote themselves (casework reference §7); a
    programme manager, once it has come up to them because there is no other coordinator."""
    if referral.reported_by_id == user.pk:
        return False
    return triages(referral, user) or (
        manages_escalated(referral, user) and not wrote(referral, user)
    )


def seeks_again(referral: "Referral", by: Any) -> bool:
    """A coordinator whose mentor has ended with them, or the engine on their behalf."""
    return is_system(referral, by) or coordinates(referral, by)


def supervises_worker(referral: "Referral | Brief", user: "User") -> bool:
    if not user.holds(roles.Supervisor):
        return False
    mentors, advisers = (user.report_ids_as(role) for role in (roles.Mentor, roles.PathwayAdviser))
    return referral.mentor_id in mentors or referral.adviser_id in advisers


def manages_escalated(case: Any, user: "User") -> bool:
    """A programme manager sees a case as its coordinator would, once it has come up to them."""
    step = case.LADDER.index("managers") + 1
    return case.escalation >= step and user.holds(roles.ProgrammeManager, area_id=case.area_id)


def reads_everything(referral: "Referral", user: "User") -> bool:
    """All that its referrer wrote, risk included; workers read what they need to help."""
    return (
        wrote(referral, user)
        or triages(referral, user)
        or leads_safeguarding(referral, user)
        or manages_escalated(referral, user)
    )


def decides(referral: "Referral", user: "User") -> bool:
    """A coordinator who has to read it and decide."""
    undecided = ("submitted", "triage", "info_needed", "held")
    return referral.status in undecided and triages(referral, user)


def sees_address(referral: "Referral", user: "User") -> bool:
    """A protected home address: its author, coordinators and safeguarding leads, each look
    recorded."""
    return wrote(referral, user) or triages(referral, user) or leads_safeguarding(referral, user)


def raised(concern: "Concern", user: Any) -> bool:
    """Whoever raised it, while they belong to where they raised it. Nobody takes their place: what
    is owed now, a lead owes."""
    is_there = concern.organisation_id is None or concern.organisation_id in user.organisation_ids
    return concern.raised_by_id == user.pk and is_there


def leads(concern: "Concern", user: Any) -> bool:
    """A safeguarding lead of the area who did not raise the concern."""
    return leads_safeguarding(concern, user) and not raised(concern, user)


def closes(concern: "Concern", user: Any) -> bool:
    """Closing a danger concern takes a second lead: not the one who has it (casework §5)."""
    if not leads(concern, user):
        return False
    return not (concern.is_danger and concern.lead_id in user.acts_for(roles.SafeguardingLead))
