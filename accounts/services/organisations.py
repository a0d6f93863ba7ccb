"""Organisations and what may be shared with them."""

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts import access, policies
from accounts.models import Area, Membership, Organisation, SharingAgreement, User

from .memberships import give_away, keep_an_administrator


@transaction.atomic
def save_organisation(
    *, by: User | None, organisation: Organisation, areas: Iterable[Area] | None = None
) -> Organisation:
    """Save what a form has checked, with the areas served when they are given. Closing takes effect
    at once for everybody there, so it is refused (WorkRemains) while they have open work, and
    (ValidationError) where the last administrator works."""
    if by is not None and not policies.administers(by):
        raise PermissionDenied
    if not organisation.is_open:
        there = Membership.objects.current().filter(organisation=organisation)
        give_away(by=by, memberships=list(there), to=None)
        keep_an_administrator(there)
    organisation.save()
    if areas is not None:
        organisation.areas.set(areas)
    access.record("organisation_saved", user=by, organisation=organisation.pk)
    return organisation


@transaction.atomic
def save_agreement(*, by: User | None, agreement: SharingAgreement) -> SharingAgreement:
    if by is not None and not policies.administers(by):
        raise PermissionDenied
    agreement.full_clean()
    agreement.save()
    access.record("agreement_saved", user=by, organisation=agreement.organisation_id)
    return agreement
