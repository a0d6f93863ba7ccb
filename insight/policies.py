"""Who reads the figures, and who says how they are weighed."""

from typing import TYPE_CHECKING

from accounts import roles

if TYPE_CHECKING:
    from accounts.models import User

READERS = (roles.Analyst, roles.BoardMember, roles.ProgrammeManager, roles.Coordinator)


def reads_figures(user: "User") -> bool:
    """Figures in which nobody can be recognised are the same for all who read them, wherever their
    areas are."""
    return user.holds(*READERS)


def weighs(user: "User") -> bool:
    return user.holds(roles.ProgrammeManager)
