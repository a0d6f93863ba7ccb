"""Young people who may be the same: suggested to the coordinator, decided by nobody but them."""

import uuid
from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from rapidfuzz import fuzz

from accounts.models import User
from casework import history, workflow
from casework.calendar import now
from referrals import policies
from referrals.models import Comparison, Referral

NEAR_ENOUGH = 80  # of 100, by rapidfuzz's token_sort_ratio: "Jon Smith" and "Smith, John" are 94


def likely_same(referral: Referral, *, by: User) -> list[Referral]:
    """Other referrals in this person's sight with a near name and the same birthday or postcode."""
    person = referral.young_person
    if person is None:
        return []
    same = Q(young_person__legal_name__iexact=person.legal_name)
    if person.date_of_birth:
        same |= Q(young_person__date_of_birth=person.date_of_birth)
    home = getattr(person, "home", None)
    if home and home.postcode and not home.is_protected:
        same |= Q(
            young_person__home__postcode=home.postcode, young_person__home__is_protected=False
        )
    others: Iterable[Referral] = (
        Referral.objects.visible_to(by)
        .sent()
        .exclude(pk=referral.pk)
        .filter(same)
        .with_people()[:50]
    )
    return [
        other
        for other in others
        if other.young_person
        and fuzz.token_sort_ratio(other.young_person.legal_name, person.legal_name) >= NEAR_ENOUGH
    ]


def verdicts(referral: Referral) -> dict[uuid.UUID, Comparison]:
    """What was said of this referral and others, by the key of the other."""
    found = Comparison.objects.about(referral).select_related("compared_by")
    return {
        row.other_id if row.referral_id == referral.pk else row.referral_id: row for row in found
    }


def undecided(referral: Referral, *, by: User) -> list[Referral]:
    """Likely duplicates of which nobody has said yet whether they are the same young person."""
    said = verdicts(referral)
    return [other for other in likely_same(referral, by=by) if other.pk not in said]


@transaction.atomic
def compare(*, referral: Referral, other: Referral, verdict: str, by: User) -> Comparison:
    """Say whether two referrals are about one young person; a later word takes the place of an
    earlier one. Raises PermissionDenied, ValidationError."""
    if not policies.triages(referral, by):
        raise PermissionDenied
    case = workflow.lock(referral)
    row = verdicts(case).get(other.pk) or Comparison(referral=case, other=other)
    row.verdict, row.compared_by, row.compared_at = verdict, by, now()
    row.full_clean()
    row.save()
    history.note(case, "compare", by=by, other=str(other.pk), verdict=verdict)
    return row
