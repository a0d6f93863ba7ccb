"""What a referral says that services in the directory are for: terms of the directory's taxonomies,
worked out each time from the answers and kept nowhere."""

from collections.abc import Iterable
from itertools import chain

from . import nccis
from .choices import Interest, Part, Scope
from .models import Education, Referral

PERSISTENT = 10  # percent of sessions missed (DfE)
OF_SCOPE = {
    Scope.WEAPON_VIOLENCE: ("weapons", "peer-conflict"),
    Scope.ASSAULT: ("peer-conflict",),
    Scope.WEAPON_ROBBERY: ("weapons",),
    Scope.COUNTY_LINES: ("exploitation", "exploitation-support", "gang-exit"),
    Scope.NIGHT_ECONOMY: ("peer-conflict",),
    Scope.SEXUAL_VIOLENCE: ("relationship-abuse",),
    Scope.KNIFE_POSSESSION: ("weapons",),
}
OF_PART = {
    Part.HARMED: ("victim", "victim-support"),
    Part.AT_RISK: (),
    Part.SAID_TO_HARM: ("justice", "diversion"),
    Part.SAW: ("trauma",),
}
OF_INTEREST = {
    Interest.FOOTBALL: ("sport",),
    Interest.BOXING: ("sport",),
    Interest.GYM: ("sport",),
    Interest.BASKETBALL: ("sport",),
    Interest.MUSIC: ("arts",),
    Interest.ART: ("arts",),
    Interest.BUSINESS: ("self-employment",),
}
OF_GROUP = {
    nccis.Group.AVAILABLE: ("neet", "pre-employment", "careers-advice"),
    nccis.Group.NOT_AVAILABLE: ("neet",),
    nccis.Group.NOT_KNOWN: ("neet",),
}
OF_STATUS = {"620": ("young-carer", "young-carers"), "720": ("immigration-advice",)}


def terms_of(referral: Referral, *, in_full: bool) -> set[str]:
    """Codes of terms. Without `in_full` nothing from what only the team reads."""
    found = [*_of_education(getattr(referral, "education", None))]
    if support := getattr(referral, "support", None):
        found += chain.from_iterable(OF_INTEREST.get(each, ()) for each in support.interests)
    if in_full and (need := getattr(referral, "need", None)):
        found += chain.from_iterable(OF_SCOPE.get(each, ()) for each in need.scope)
        found += OF_PART.get(need.part, ())
    return set(found)


def _of_education(education: Education | None) -> Iterable[str]:
    if education is None:
        return
    if status := nccis.by_code.get(education.status):
        yield from OF_GROUP.get(status.group, ())
        yield from OF_STATUS.get(status.code, ())
    if (education.absence or 0) >= PERSISTENT:
        yield from ("attendance", "school-inclusion")
    if education.suspensions:
        yield from ("exclusion", "school-inclusion")
