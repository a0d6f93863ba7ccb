"""What has become of referrals to a service, from figures that the packages above give."""

from collections.abc import Iterable

from django.db import transaction

from .models import Service, TrackRecord


def keep(records: Iterable[TrackRecord]) -> int:
    """These take the place of all that are kept. Counts them."""
    rows = list(records)
    with transaction.atomic():
        TrackRecord.objects.exclude(pk__in=[row.pk for row in rows]).delete()
        TrackRecord.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["organisation"],
            update_fields=["days_to_contact", "contact_until", "tenths_accepted", "accepted_until"],
        )
    return len(rows)


def of(service: Service) -> TrackRecord | None:
    """That of its organisation, where referrals to it are sent on this site."""
    organisation = service.provider.organisation_id
    if not service.is_referred_here or organisation is None:
        return None
    return TrackRecord.objects.filter(pk=organisation).first()
