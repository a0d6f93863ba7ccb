"""Who may do what with a mentor of the register or a match. A policy takes the case and the
person."""

from typing import TYPE_CHECKING, Any

from accounts import roles
from referrals.policies import allocates, coordinates, is_system, leads_safeguarding

if TYPE_CHECKING:
    from accounts.models import User
    from referrals.models import Referral

    from .models import Match, Mentor

__all__ = ["coordinates", "is_system", "leads_safeguarding"]


# The register ----------------------------------------------------------------------------------
def is_self(mentor: "Mentor", user: Any) -> bool:
    return mentor.user_id is not None and mentor.user_id == getattr(user, "pk", None)


def registers(mentor: "Mentor", user: Any) -> bool:
    """A coordinator of the area, but never of their own entry in the register."""
    return coordinates(mentor, user) and not is_self(mentor, user)


def supervises(mentor: "Mentor", user: Any) -> bool:
    """The supervisor of this mentor, or whoever covers them."""
    if not user.holds(roles.Supervisor):
        return False
    is_theirs = mentor.supervisor_id in user.acts_for(roles.Supervisor)
    return is_theirs or mentor.user_id in user.report_ids_as(roles.Mentor)


def supervises_or_registers(mentor: "Mentor", user: Any) -> bool:
    return not is_self(mentor, user) and (supervises(mentor, user) or registers(mentor, user))


def self_or_registers(mentor: "Mentor", user: Any) -> bool:
    """The mentor themselves, or a coordinator of the area."""
    return is_self(mentor, user) or registers(mentor, user)


def stops(mentor: "Mentor", by: Any) -> bool:
    """Coordinators, safeguarding leads and the mentor's supervisor; the engine when a check runs
    out."""
    if is_system(mentor, by):
        return True
    is_over_them = registers(mentor, by) or leads_safeguarding(mentor, by) or supervises(mentor, by)
    return is_over_them and not is_self(mentor, by)


def reinstates(mentor: "Mentor", user: Any) -> bool:
    """A coordinator; after a concern about safety only a safeguarding lead."""
    if mentor.suspended_for == "concern":
        return leads_safeguarding(mentor, user) and not is_self(mentor, user)
    return registers(mentor, user)


def manages_escalated(case: Any, user: "User") -> bool:
    return case.escalation >= 4 and user.holds(roles.ProgrammeManager, area_id=case.area_id)


def keeps_register(user: "User", *, area_id: Any = None) -> bool:
    """Who may add somebody to the register (of this area, when one is given)."""
    return user.holds(roles.Coordinator, area_id=area_id)


# Matches ---------------------------------------------------------------------------------------
def is_its_mentor(match: "Match", user: Any) -> bool:
    """The mentor of this match, or whoever takes their place."""
    return match.mentor.user_id in user.acts_for(roles.Mentor)


def matches(match: "Match", user: Any) -> bool:
    """A coordinator of the area, but never of a match in which they are the mentor, nor for a
    young person whom they referred themselves (casework reference §15)."""
    return allocates(match.referral, user) and not is_its_mentor(match, user)


def matches_or_system(match: "Match", by: Any) -> bool:
    """A coordinator; the engine when the referral has moved."""
    return is_system(match, by) or matches(match, by)


def mentors_or_matches(match: "Match", user: Any) -> bool:
    return is_its_mentor(match, user) or matches(match, user)


def mentors_matches_or_system(match: "Match", by: Any) -> bool:
    """The mentor or a coordinator; the engine when the referral has moved."""
    return is_system(match, by) or mentors_or_matches(match, by)


def oversees(match: "Match", user: "User") -> bool:
    """Whom the mentor of this match reports to."""
    return match.mentor.user_id in user.report_ids_as(roles.Mentor)


def logs(match: "Match", user: "User") -> bool:
    """Who writes down a session: the mentor, or a coordinator for them."""
    return match.status in match.WITH_SESSIONS and mentors_or_matches(match, user)


def keeps_contact(match: "Match", user: "User") -> bool:
    """Who writes down a contact before they meet: the mentor after their yes, or a coordinator for
    them. From the first meeting on a call or a text is a session."""
    return match.awaits_meeting and mentors_or_matches(match, user)


# Proposals -------------------------------------------------------------------------------------
def proposes(referral: "Referral", user: "User") -> bool:
    return allocates(referral, user)


def is_cleared(referral: "Referral", user: "User") -> bool:
    """Who may read a restricted reason: safeguarding leads of the area."""
    return leads_safeguarding(referral, user)


def sees_proposal(referral: "Referral", user: "User") -> bool:
    return proposes(referral, user) or is_cleared(referral, user)
