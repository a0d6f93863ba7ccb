"""Who may do what with a young person's education, training and work."""

from typing import TYPE_CHECKING, Any

from accounts import roles
from referrals import policies as referrals

if TYPE_CHECKING:
    from accounts.models import User
    from referrals.models import Referral

    from .models import Placement

STAFF = (
    roles.Coordinator,
    roles.Mentor,
    roles.Supervisor,
    roles.PathwayAdviser,
    roles.ProgrammeManager,
)

is_system = referrals.is_system


def sees_pathways(user: "User") -> bool:
    """Who has the pages of pathways at all. Which rows they show is each model's `visible_to`."""
    return user.holds(*STAFF)


def keeps_opportunities(user: "User") -> bool:
    return user.holds(roles.PathwayAdviser)


def advises(referral: "Referral", user: Any) -> bool:
    """The pathway adviser of this young person now, or whoever takes their place."""
    return referrals.advises(referral, user)


def records(referral: "Referral", user: Any) -> bool:
    """Records what a young person does: everybody who works on their way (casework §15)."""
    return referrals.coordinates(referral, user) or referrals.works(referral, user)


def applies(referral: "Referral", user: Any) -> bool:
    """Applies for a place with them: their adviser, or a coordinator for the adviser."""
    return referrals.coordinates(referral, user) or advises(referral, user)


def asks_advisers(referral: "Referral", user: Any) -> bool:
    return referrals.coordinates(referral, user)


def handles(placement: "Placement", user: Any) -> bool:
    """Moves a placement and answers its checks: its adviser, or a coordinator of the area."""
    return (
        referrals.owns(placement, user)
        or referrals.coordinates(placement, user)
        or advises(placement.referral, user)
    )
