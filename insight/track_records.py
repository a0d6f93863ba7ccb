"""How long the young people of an organisation waited for first contact, and how many of its
referrals were accepted: what the directory shows beside a service that takes referrals here
(reference `directory` §6 and §8 E)."""

from statistics import median_high

from accounts.models import Organisation
from cms.directory import record
from cms.directory.models import TrackRecord
from mentoring import counting as mentoring
from referrals import counting as referrals

from .periods import last_four_quarters, last_ninety_days

ENOUGH = 10  # young people; a figure of fewer is not shown


def keep() -> int:
    """Work all out anew. Counts the organisations that have one."""
    contact, year = last_ninety_days(), last_four_quarters()
    days, decided = mentoring.days_to_contact(*contact), referrals.decisions(*year)
    found = []
    for organisation in Organisation.objects.filter(pk__in={*days, *decided}):
        waits, answers = days.get(organisation.pk, []), decided.get(organisation.pk, [])
        row = TrackRecord(
            organisation=organisation,
            days_to_contact=median_high(waits) if len(waits) >= ENOUGH else None,
            contact_until=contact.last_day,
            tenths_accepted=round(10 * sum(answers) / len(answers))
            if len(answers) >= ENOUGH
            else None,
            accepted_until=year.last_day,
        )
        if (row.days_to_contact, row.tenths_accepted) != (None, None):
            found.append(row)
    return record.keep(found)
