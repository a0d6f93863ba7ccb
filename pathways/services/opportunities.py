"""Opportunities, as advisers keep them."""

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from accounts.models import Area, User
from pathways import policies
from pathways.models import Opportunity


@transaction.atomic
def save_opportunity(*, opportunity: Opportunity, areas: Iterable[Area], by: User) -> Opportunity:
    """Save what a form has checked. There are never fewer places than are held."""
    if not policies.keeps_opportunities(by):
        raise PermissionDenied
    if opportunity._state.adding:
        opportunity.created_by = by
    else:
        Opportunity.objects.select_for_update().get(pk=opportunity.pk)
        held = Opportunity.objects.with_places().get(pk=opportunity.pk).held
        if opportunity.places < held:
            raise ValidationError({"places": f"{held} of its places are taken already."})
    opportunity.full_clean()
    opportunity.save()
    opportunity.areas.set(areas)
    return opportunity
