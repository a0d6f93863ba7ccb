"""What a coordinator weighs before they decide: each point in words, with its reasons. It suggests
and never decides (DESIGN §1.6)."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q

from referrals import nccis
from referrals.choices import Complexity, Level, Part, Prevention, Scope
from referrals.models import Agreement, Referral

S = Referral.State

PERSISTENT, SEVERE = 10, 50  # percent of sessions missed, as the Department for Education counts
_HAVE_A_PLACE = (S.ACCEPTED, S.ALLOCATED, S.ACTIVE, S.PAUSED, S.CLOSING)


@dataclass(frozen=True)
class Point:
    """One thing to weigh: a sign in a word with its tone, and sentences."""

    title: str
    sign: str
    tone: str
    lines: list[str] = field(default_factory=list)


def points(referral: Referral, *, flags: list[str], duplicates: list[Any]) -> list[Point]:
    """In the order in which a coordinator decides (casework reference §8)."""
    return [
        Point("Safety", "Look closely" if flags else "No flag", "danger" if flags else "", flags),
        _agreement(referral),
        _scope(referral),
        _duplicates(duplicates),
        _complexity(referral),
        _capacity(referral),
    ]


def _agreement(referral: Referral) -> Point:
    row = getattr(referral, "agreement", None)
    if row is None:
        return Point("Agreement", "Not known", "late")
    if not row.is_told:
        return Point("Agreement", "Not told", "late", [row.not_told_why])
    parent = {
        Agreement.Parent.KNOWS: "A parent or carer knows.",
        Agreement.Parent.NOT_YET: "No parent or carer knows yet.",
        Agreement.Parent.UNSAFE: "Telling a parent or carer could put them at risk.",
    }[row.parent]
    if row.agrees:
        return Point("Agreement", "They agree", "ok", [parent])
    return Point("Agreement", "They do not agree", "danger", [parent])


def _scope(referral: Referral) -> Point:
    need, programme = getattr(referral, "need", None), referral.programme
    lines = [dict(Scope.choices)[code] for code in need.scope] if need else []
    age = referral.young_person.age if referral.young_person else None
    fits_age = age is None or programme.minimum_age <= age <= programme.maximum_age
    lines.append(
        f"Age {age}; {programme} is for {programme.minimum_age} to {programme.maximum_age}."
    )
    path = referral.area.path if referral.area else ""
    fits_area = any(path.startswith(area.path) for area in programme.areas.all())
    where = "an area" if fits_area else "not an area"
    lines.append(f"{referral.area}, {where} of {programme}.")
    tier, why = suggested_tier(referral)
    lines.append(f"Prevention, suggested: {suggested_prevention(referral).label.lower()}.")
    lines.append(f"Risk tier, suggested: {tier}, because {why}.")
    fits = fits_age and fits_area
    return Point(
        "Scope and tier", "Fits" if fits else "Does not fit", "ok" if fits else "late", lines
    )


def suggested_prevention(referral: Any) -> Prevention:
    need = getattr(referral, "need", None)
    if need is None:
        return Prevention.SECONDARY
    return Prevention.TERTIARY if need.part == Part.SAID_TO_HARM else Prevention.SECONDARY


def suggested_tier(referral: Any) -> tuple[int, str]:
    """A risk tier with its reasons, from what the referrer said of risk."""
    risk = getattr(referral, "risk", None)
    if risk is None:
        return 1, "nothing was said about risk"
    said = {
        "to themselves": risk.to_self,
        "from others": risk.from_others,
        "to others": risk.to_others,
    }
    high = [who for who, level in said.items() if level == Level.HIGH]
    medium = [who for who, level in said.items() if level == Level.MEDIUM]
    if high:
        return 3, f"the referrer sees a high risk {' and '.join(high)}"
    if medium:
        return 2, f"the referrer sees a medium risk {' and '.join(medium)}"
    return 1, "the referrer sees no or low risks"


def _duplicates(said: list[Any]) -> Point:
    """`said`: of each likely duplicate its Comparison, or None while nobody has compared them."""
    if None in said:
        return Point("Likely duplicates", "Compare first", "soon")
    return Point("Likely duplicates", "Decided" if said else "None found", "")


def _complexity(referral: Referral) -> Point:
    level, reasons = suggested_complexity(referral)
    return Point("Complexity", f"{level.label}, suggested", "", reasons)


def suggested_complexity(referral: Any) -> tuple[Complexity, list[str]]:
    """The highest of five areas, and what speaks for it (casework reference §3)."""
    found = [
        *_of_education(getattr(referral, "education", None)),
        *_of_safety(getattr(referral, "risk", None)),
        *_of_home(referral),
    ]
    for level in (Complexity.HIGH, Complexity.MEDIUM):
        if reasons := [why for each, why in found if each == level]:
            return level, reasons
    return Complexity.LOW, ["Nothing was written that makes it harder."]


_Weighed = list[tuple[Complexity, str]]


def _of_education(row: Any) -> _Weighed:
    if row is None:
        return []
    found: _Weighed = []
    if nccis.by_code[row.status].group in (nccis.Group.AVAILABLE, nccis.Group.NOT_AVAILABLE):
        found.append((Complexity.HIGH, "Not in education, training or work."))
    if row.absence is not None and row.absence >= PERSISTENT:
        level = Complexity.HIGH if row.absence >= SEVERE else Complexity.MEDIUM
        found.append((level, f"Missed {row.absence}% of sessions."))
    if row.suspensions:
        found.append((Complexity.MEDIUM, "Suspended this year."))
    return found


def _of_safety(row: Any) -> _Weighed:
    """A risk that the referrer calls medium or high weighs as much here."""
    if row is None:
        return []
    said = [("to themselves", row.to_self), ("from others", row.from_others)]
    said.append(("to others", row.to_others))
    return [
        (Complexity(level), f"The referrer sees a {level} risk {who}.")
        for who, level in said
        if level in (Level.MEDIUM, Level.HIGH)
    ]


def _of_home(referral: Any) -> _Weighed:
    found: _Weighed = []
    person, row = referral.young_person, getattr(referral, "agreement", None)
    if getattr(getattr(person, "home", None), "no_fixed_address", False):
        found.append((Complexity.HIGH, "No fixed address."))
    if row and row.parent == Agreement.Parent.UNSAFE:
        found.append((Complexity.HIGH, "Not safe to tell a parent or carer."))
    if row and row.agrees is False:
        found.append((Complexity.HIGH, "They do not agree to take part."))
    if row and row.is_told is False:
        found.append((Complexity.MEDIUM, "They have not been told."))
    return found


def _capacity(referral: Referral) -> Point:
    """Of the whole programme, wherever its young people live: a place taken elsewhere is taken."""
    programme = referral.programme
    taken = programme.referrals.aggregate(
        places=Count("pk", filter=Q(status__in=_HAVE_A_PLACE)),
        waiting=Count("pk", filter=Q(status=S.WAITING)),
    )
    lines = [f"{taken['places']} of {programme.places} places of {programme} are taken."]
    if taken["waiting"]:
        lines.append(f"{taken['waiting']} on the waiting list.")
    room = taken["places"] < programme.places
    return Point("Capacity", "There is room" if room else "Full", "ok" if room else "soon", lines)
