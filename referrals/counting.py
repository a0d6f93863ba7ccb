"""How many young people were referred, for figures in which nobody is recognised. What leaves here
are ids to count with and codes of places: no page shows them, and `insight` withholds what is
small."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from accounts.models import Postcode
from casework.models import Event

from .models import HomeAddress, Referral


def people_by_district(since: datetime, until: datetime) -> dict[UUID, str]:
    """The young people who were referred in that time, each with the code of the district of their
    latest referral in it."""
    sent = Referral.objects.sent().filter(sent_at__gte=since, sent_at__lt=until)
    latest = sent.order_by("young_person", "-sent_at", "pk").distinct("young_person")
    return dict(latest.values_list("young_person", "area__code"))


def wards_of(people: Collection[UUID]) -> dict[UUID, str]:
    """The codes of the wards in which they live. A protected address is no source of any figure,
    and nobody is guessed into a ward."""
    homes = HomeAddress.objects.filter(young_person__in=people, is_protected=False)
    postcodes = dict(homes.exclude(postcode="").values_list("young_person", "postcode"))
    rows = Postcode.objects.filter(pk__in=set(postcodes.values())).exclude(ward_code="")
    wards = dict(rows.values_list("pk", "ward_code"))
    return {who: wards[postcode] for who, postcode in postcodes.items() if postcode in wards}


def decisions(since: datetime, until: datetime) -> dict[UUID, list[bool]]:
    """Of each referral that was decided in that time whether it was accepted, by the organisation
    that provides its programme. The last decision counts."""
    events = Event.objects.filter(
        case_kind=Referral.KIND, name__in=[*_ACCEPTED, *_NOT], at__gte=since, at__lt=until
    )
    last = events.order_by("case_id", "-sequence").distinct("case_id")
    names = dict(last.values_list("case_id", "name"))
    rows = Referral.objects.filter(pk__in=names).values_list("pk", "programme__provider")
    found: dict[UUID, list[bool]] = defaultdict(list)
    for pk, provider in rows:
        found[provider].append(names[pk] in _ACCEPTED)
    return found


_ACCEPTED = ("accept", "offer_place")
_NOT = ("decline", "redirect")
