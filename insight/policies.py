"""Who reads the figures, who says how they are weighed, and who plans what is done about them."""

from typing import TYPE_CHECKING

from accounts import roles

if TYPE_CHECKING:
    from accounts.models import User

    from .models import GapAction

READERS = (roles.Analyst, roles.BoardMember, roles.ProgrammeManager, roles.Coordinator)


def reads_figures(user: "User") -> bool:
    """Figures in which nobody can be recognised are the same for all who read them, wherever their
    areas are."""
    return user.holds(*READERS)


def weighs(user: "User") -> bool:
    return user.holds(roles.ProgrammeManager)


def plans_actions(user: "User") -> bool:
    """Somewhere: which places, `plans` says."""
    return user.holds(roles.ProgrammeManager)


def plans(action: "GapAction", user: "User") -> bool:
    """Says what is to be done, by whom and by when: who manages the programme there."""
    return user.holds(roles.ProgrammeManager, area_id=action.area_id)


def finishes(action: "GapAction", user: "User") -> bool:
    """Says that it is done: whoever was to do it, or who planned it."""
    return action.done_on is None and (action.owner_id == user.pk or plans(action, user))
