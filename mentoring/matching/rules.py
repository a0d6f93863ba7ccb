"""The hard rules H1 to H10 (mentoring reference §4a). Each passes or gives a reason with its code.

Pure functions over plain data. A rule for which nothing is known lets the pair through; nothing
here may be weighed up against points.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from mentoring.choices import Apart, Check
from mentoring.standard import MANDATORY, needs
from referrals.choices import RiskTier

from .facts import Candidate, Seeker

RESTRICTED = "Not eligible: restricted reason"
ADULT = 18


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a pair may not be: a code, and words for those who may read them."""

    code: str
    words: str
    is_restricted: bool = False

    def said(self, *, cleared: bool) -> str:
        return RESTRICTED if self.is_restricted and not cleared else self.words

    def shown_code(self, *, cleared: bool) -> str:
        """Which rule it was says too much where the reason is restricted."""
        return "" if self.is_restricted and not cleared else self.code


Rule = Callable[[Seeker, Candidate], Refusal | None]


def dbs(seeker: Seeker, mentor: Candidate) -> Refusal | None:
    """H1: an enhanced check that counts today; with the children's barred list for a child."""
    held = [check for check in mentor.checks if check.kind == Check.DBS]
    if not held:
        return Refusal("H1", "Their DBS check is missing or has run out")
    is_child = seeker.age is None or seeker.age < ADULT
    if is_child and not any(check.has_barred_list for check in held):
        return Refusal("H1", "Their DBS check does not cover the children’s barred list")
    return None


def accreditation(seeker: Seeker, mentor: Candidate) -> Refusal | None:
    """H2: mandatory checks in date, and a level that reaches the risk tier today."""
    held = mentor.kinds_held | {Check.DBS}  # H1 says it
    if missing := [check for check in MANDATORY if check not in held]:
        labels = ", ".join(Check(check).label for check in missing)
        return Refusal("H2", f"Missing or run out: {labels}")
    if mentor.level < seeker.tier:
        tier = RiskTier(seeker.tier).label
        return Refusal("H2", f"Level {mentor.level}, and the risk tier is {tier}")
    if missing := [check for check in needs(seeker.tier) if check not in held]:
        labels = ", ".join(Check(check).label for check in missing)
        return Refusal("H2", f"For level {seeker.tier} missing or run out: {labels}")
    return None


def capacity(seeker: Seeker, mentor: Candidate) -> Refusal | None:
    """H3: a free place; none while on leave or suspended."""
    if not mentor.is_matchable:
        return Refusal("H3", f"Not available: {mentor.state.lower()}")
    if mentor.room < 1:
        return Refusal("H3", f"No free place: {mentor.load} of {mentor.capacity} taken")
    return None


def required(seeker: Seeker, mentor: Candidate) -> Refusal | None:
    """H4: gender and language, where the young person would not take part otherwise."""
    if seeker.gender_required and seeker.gender_wanted and mentor.gender != seeker.gender_wanted:
        wanted = "a woman" if seeker.gender_wanted == "female" else "a man"
        return Refusal("H4", f"They need {wanted} as mentor")
    if seeker.language_required and seeker.language and not speaks(mentor, seeker.language):
        return Refusal("H4", f"Does not speak {seeker.language}")
    return None


def speaks(mentor: Candidate, language: str) -> bool:
    return language.strip().casefold() in {each.strip().casefold() for each in mentor.languages}


def conflict(seeker: Seeker, mentor: Candidate) -> Refusal | None:
    """H5: kept apart, works at their school, or an earlier match that failed."""
    for row in _apart(seeker, mentor, Apart.CONFLICT):
        return Refusal("H5", "They are to be kept apart", is_restricted=row)
    if seeker.school is not None and mentor.organisation == seeker.school:
        return Refusal("H5", "Works for their school")
    if mentor.pk in seeker.failed:
        return Refusal("H5", "An earlier match of the two ended badly")
    return None


def _apart(seeker: Seeker, mentor: Candidate, kind: str) -> Iterator[bool]:
    """Whether each fitting row is restricted; open ones first, so that a plain reason is said."""
    rows = [
        row
        for row in seeker.kept_apart
        if row.kind == kind and (row.mentor == mentor.pk or _same_name(row.name, mentor.name))
    ]
    yield from sorted(row.is_restricted for row in rows)


def _same_name(one: str, other: str) -> bool:
    """Every word of the shorter name in the longer: "Max Okafor" is "Max Emeka Okafor"."""
    left, right = (set(name.casefold().replace("-", " ").split()) for name in (one, other))
    return len(min(left, right, key=len)) > 1 and (left <= right or right <= left)


def place(seeker: Seeker, mentor: Candidate) -> Refusal | None:
    """H6: within the distance that both travel. The words give no number."""
    distance = mentor.km_to(seeker)
    if distance is None:
        return None
    if distance > mentor.travel_km:
        return Refusal("H6", "Further than the mentor travels")
    if seeker.travel_km is not None and distance > seeker.travel_km:
        return Refusal("H6", "Further than the young person can travel")
    return None


def time(seeker: Seeker, mentor: Candidate) -> Refusal | None:
    """H7: at least one time of the week that both have."""
    if not mentor.free_times:
        return Refusal("H7", "Has not said when they are free")
    if seeker.free_times and not seeker.free_times & mentor.free_times:
        return Refusal("H7", "They are never free at the same time")
    return None


def contra(seeker: Seeker, mentor: Candidate) -> Refusal | None:
    """H8: licence condition, investigation, co-defendant (always restricted); the mentor's ages."""
    for _ in _apart(seeker, mentor, Apart.CONTRA):
        return Refusal("H8", "A condition or an investigation forbids it", is_restricted=True)
    if seeker.age is not None and not mentor.age_from <= seeker.age <= mentor.age_to:
        return Refusal("H8", f"Mentors ages {mentor.age_from} to {mentor.age_to}")
    return None


def declined(seeker: Seeker, mentor: Candidate) -> Refusal | None:
    """H9: one of the two has said no to the other before."""
    if mentor.pk in seeker.declined:
        return Refusal("H9", "One of the two said no before")
    return None


def organisation(seeker: Seeker, mentor: Candidate) -> Refusal | None:
    """H10: provider and role cover the area, data are shared lawfully, the young person agrees."""
    if not mentor.organisation_covers:
        return Refusal("H10", "Their organisation does not work in this area")
    if not mentor.has_role_there:
        return Refusal("H10", "They do not hold the role of mentor in this area now")
    if not mentor.organisation_shares:
        return Refusal("H10", "Their organisation has no sharing agreement in force")
    if seeker.agrees is None:
        return Refusal("H10", "The young person has not been asked whether they take part")
    if not seeker.agrees:
        return Refusal("H10", "The young person does not agree to take part")
    return None


RULES: tuple[Rule, ...] = (
    dbs,
    accreditation,
    capacity,
    required,
    conflict,
    place,
    time,
    contra,
    declined,
    organisation,
)


def refusals(seeker: Seeker, mentor: Candidate) -> list[Refusal]:
    """Every reason against this pair, in the order of the rules; empty when it may be."""
    return [found for rule in RULES if (found := rule(seeker, mentor)) is not None]
