"""Young people who may be the same: suggested to the coordinator, decided by nobody but them."""

from collections.abc import Iterable

from django.db.models import Q
from rapidfuzz import fuzz

from accounts.models import User
from referrals.models import Referral

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
