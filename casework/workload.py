"""Whose work is whose: open cases of a membership, and how they pass to somebody else."""

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import Area, Membership

from . import history, outbox, registry
from .actors import SYSTEM

if TYPE_CHECKING:
    from accounts.models import User

    from .models import Case, CaseQuerySet


def _held(model: "type[Case]", membership: Membership) -> "CaseQuerySet":
    """Open cases that this person owns in this role, which no other membership of theirs would
    hold: one for their area, or one at the same organisation where the role knows no areas."""
    cases: Any = model._default_manager
    others = (
        Membership.objects.in_force()
        .filter(user=membership.user, role=membership.role)
        .exclude(pk=membership.pk)
    )
    held = cases.unfinished().filter(owner=membership.user, owner_role=membership.role)
    if membership.role_class.by_area:
        theirs = Area.objects.within(Area.objects.filter(memberships__in=others))
        return held.exclude(area__in=theirs) if others.exists() else held
    if others.filter(organisation=membership.organisation).exists():
        return held.none()
    is_of_one = any(field.name == "organisation" for field in model._meta.fields)
    return held.filter(organisation=membership.organisation) if is_of_one else held


def open_work(membership: Membership) -> list[str]:
    """A line for each open case that would be left without an owner: kind and reference, no
    name."""
    return [
        f"{str(model._meta.verbose_name).capitalize()} {case.reference}"
        for model in registry.kinds().values()
        for case in _held(model, membership).order_by("due_at", "pk")
    ]


@transaction.atomic
def hand_over(*, membership: Membership, to: "User", by: "User | None") -> None:
    """Give every open case of the membership to `to`, who must hold the role: for each case's area,
    where the role is held for areas. `by` nobody: the system, at the end of somebody's last day."""
    actor = by or SYSTEM
    # Kinds that are locked first come first (DESIGN §3, lock order).
    for model in sorted(registry.kinds().values(), key=lambda kind: len(kind.LOCK_FIRST)):
        for case in _held(model, membership).order_by("pk").select_for_update(of=("self",)):
            fits = Membership.objects.in_force().filter(user=to, role=membership.role)
            if case.area_id and membership.role_class.by_area:
                fits = fits.for_area(case.area_id)
            if not fits.exists():
                raise ValidationError(
                    f"{to.name} is not a {membership.get_role_display().lower()} for "
                    f"{case.area or 'this case'}, so {case.reference} cannot go to them."
                )
            case.handed_to(to)
            case.owner = to
            event = history.note(case, "hand_over", by=actor, fields=["owner"])
            outbox.tell(case, event, ["owner"], by=actor)
