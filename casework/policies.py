"""Who may do what with any kind of case. A policy takes the case and the person."""

from typing import TYPE_CHECKING, Any

from accounts import roles

if TYPE_CHECKING:
    from accounts.models import User


def writes_notes(case: Any, user: "User") -> bool:
    """Those who work on a case, and who may read more of it than its referrer."""
    return not case.is_finished and "team" in case.bands_for(user)


def corrects_notes(case: Any, user: "User") -> bool:
    """As for writing one, and after the end too: what is wrong has to be put right."""
    return "team" in case.bands_for(user)


def sees_viewers(case: Any, user: "User") -> bool:
    """Who answers for the data; and coordinators, but not of what they only wrote or raised."""
    if user.holds(roles.InformationGovernanceOfficer, area_id=case.area_id):
        return True
    reads_on = bool(case.bands_for(user) - {"shared"})
    return reads_on and user.holds(roles.Coordinator, area_id=case.area_id)


def sees_letters(case: Any, user: "User") -> bool:
    """To whom letters about it went: coordinators, leads, and who manages once it came up to
    them."""
    return "sensitive" in case.bands_for(user)


def keeps_clocks(user: "User") -> bool:
    return user.holds(roles.ProgrammeManager, roles.Administrator)


def sees_failures(user: "User") -> bool:
    return user.holds(roles.Coordinator, roles.ProgrammeManager, roles.Administrator)
