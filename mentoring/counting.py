"""How long young people wait for a mentor, for figures in which nobody is recognised."""

from collections import defaultdict
from datetime import datetime
from uuid import UUID

from casework.calendar import london

from .models import Match


def days_to_contact(since: datetime, until: datetime) -> dict[UUID, list[int]]:
    """Whole days from a referral's sending to the first time that a mentor reached the young
    person, for those who were first reached in that time, by the organisation that provides the
    programme."""
    first = (
        Match.objects.filter(contacted_at__isnull=False, referral__sent_at__isnull=False)
        .order_by("referral_id", "contacted_at")
        .distinct("referral_id")
    )
    rows = first.values_list("referral__programme__provider", "referral__sent_at", "contacted_at")
    found: dict[UUID, list[int]] = defaultdict(list)
    for provider, sent, reached in rows:
        if since <= reached < until:
            found[provider].append((london(reached).date() - london(sent).date()).days)
    return found
