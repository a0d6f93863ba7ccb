"""Whether the unit can look after a young person yet. Until it can, referrals are refused."""

from collections.abc import Callable
from datetime import timedelta

from django.utils.text import get_text_list

from accounts import roles
from accounts.clock import now
from accounts.models import Area, DutyShift, Membership, Organisation

Check = Callable[[], list[str]]
_checks: list[Check] = []


def register(check: Check) -> None:
    """An upper package adds what it needs: a callable that gives a sentence for each gap."""
    if check not in _checks:
        _checks.append(check)


def missing() -> list[str]:
    """A sentence for each thing that is not there; nothing when the unit is ready."""
    return [sentence for check in [_accounts, *_checks] for sentence in check()]


def _accounts() -> list[str]:
    if not Area.objects.filter(kind=Area.Kind.DISTRICT).exists():
        return ["The areas that the unit works in have not been entered."]
    gaps = []
    if not Organisation.objects.filter(kind=Organisation.Kind.UNIT, is_open=True).exists():
        gaps.append("The unit itself has not been entered as an organisation.")
    for role in (roles.Coordinator, roles.SafeguardingLead):
        if areas := _uncovered(role):
            gaps.append(f"No {role.name.lower()} has joined yet for {get_text_list(areas, 'and')}.")
    if not DutyShift.objects.to_come().exists():
        gaps.append("The duty rota is empty: nobody is down to answer a concern.")
    return gaps


def _uncovered(role: type[roles.Role]) -> list[str]:
    """Names of the districts for which nobody who has joined holds the role."""
    held = Membership.objects.in_force().as_role(role).filter(user__joined_at__isnull=False)
    covered = Area.objects.within(Area.objects.filter(memberships__in=held))
    districts = Area.objects.filter(kind=Area.Kind.DISTRICT).exclude(pk__in=covered)
    return list(districts.order_by("name", "pk").values_list("name", flat=True))


def soon_missing() -> list[str]:
    """What will be missing within a fortnight: for health and the banner, no refusal."""
    last = DutyShift.objects.order_by("-ends_at").values_list("ends_at", flat=True).first()
    if last and last < now() + timedelta(days=14):
        return [f"The duty rota ends on {last:%-d %B}: plan the weeks after it."]
    return []
