"""Organisations and what may be shared with them."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts import access, policies
from accounts.models import Membership, Organisation, SharingAgreement, User

from .memberships import give_away


@transaction.atomic
def save_organisation(*, by: User | None, organisation: Organisation) -> Organisation:
    """Save what a form has checked. Closing takes effect at once for everybody there, so it is
    refused (WorkRemains) while they have open work."""
    if by is not None and not policies.administers(by):
        raise PermissionDenied
    if not organisation.is_open:
        there = Membership.objects.current().filter(organisation=organisation)
        give_away(by=by, memberships=list(there), to=None)
    organisation.save()
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
