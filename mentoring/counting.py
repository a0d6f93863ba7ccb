"""How long young people wait for a mentor, for figures in which nobody is recognised."""

from collections import defaultdict
from datetime import datetime
from uuid import UUID

from django.db.models import Min

from casework.calendar import london

from .models import Match


def days_to_contact(since: datetime, until: datetime) -> dict[UUID, list[int]]:
    """Whole days from a referral's sending to the first time that a mentor reached the young
    person, for those who were first reached in that time, by the organisation that provides the
    programme."""
    first = (
        Match.objects.order_by()
        .values("referral")
        .annotate(reached=Min("contacted_at"))
        .filter(reached__gte=since, reached__lt=until)
    )
    rows = first.values_list("referral__programme__provider", "referral__sent_at", "reached")
    found: dict[UUID, list[int]] = defaultdict(list)
    for provider, sent, reached in rows:
        found[provider].append((london(reached).date() - london(sent).date()).days)
    return found
