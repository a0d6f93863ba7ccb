"""From rows to the plain data that matching works on."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Avg

from accounts import places, roles
from accounts.models import Area, Locality, Membership, Organisation
from casework.calendar import today
from mentoring.choices import FAILED, GOOD, Help
from mentoring.matching import Candidate, Held, KeptApart, Point, Seeker
from mentoring.models import KeepApart, Match, Mentor
from referrals import nccis
from referrals.models import HomeAddress, Referral

ETE = {
    nccis.Group.COMPULSORY: Help.SCHOOL,
    nccis.Group.EDUCATION: Help.COLLEGE,
    nccis.Group.TRAINING: Help.COLLEGE,
    nccis.Group.EMPLOYMENT: Help.WORK,
    nccis.Group.AVAILABLE: Help.WORK,
}
S = Match.State


def seeker_of(referral: Referral) -> Seeker:
    """The young person of a referral, with what past matches and exclusions say."""
    person: Any = referral.young_person
    support, education = _part(referral, "support"), _part(referral, "education")
    home = HomeAddress.objects.filter(young_person=person).first()
    is_protected = home is not None and home.is_protected
    return Seeker(
        tier=referral.risk_tier or 3,  # undecided counts as higher risk
        age=person.age,
        agrees=getattr(_part(referral, "agreement"), "agrees", None),
        place=_district_centre(referral.area) if is_protected else _home(home),
        is_protected=is_protected,
        kept_apart=_kept_apart(person.pk),
        school=education.school_id if education else None,
        ete=_ete(education),
        **_wishes(support, person.language),
        **_past(person.pk),
    )


def _part(referral: Referral, name: str) -> Any:
    return getattr(referral, name, None)


def _wishes(support: Any, own_language: str) -> dict[str, Any]:
    if support is None:
        return {"language": own_language}
    wanted = support.mentor_gender
    return {
        "gender_wanted": "" if wanted == support.MentorGender.ANY else wanted,
        "gender_required": support.gender_required,
        "language": support.mentor_language or own_language,
        "language_required": support.language_required and bool(support.mentor_language),
        "interests": frozenset(support.interests),
        "free_times": frozenset(support.free_times),
        "travel_km": support.travel_km,
    }


def _ete(education: Any) -> str:
    if education is None or education.status not in nccis.by_code:
        return ""
    return ETE.get(nccis.by_code[education.status].group, "")


def _home(home: HomeAddress | None) -> Point | None:
    found = places.locate(home.postcode) if home and home.postcode else None
    return Point(found.latitude, found.longitude) if found else None


def _district_centre(area: Area | None) -> Point | None:
    """The middle of what we know of a district: says no more than the district's name."""
    if area is None:
        return None
    known = Locality.objects.filter(district_code=area.code)
    middle = known.aggregate(north=Avg("latitude"), east=Avg("longitude"))
    return Point(middle["north"], middle["east"]) if middle["north"] is not None else None


def _past(person: UUID) -> dict[str, Any]:
    """Mentors with whom this young person has a history, over all their referrals."""
    found: dict[str, set[UUID]] = {"declined": set(), "failed": set(), "worked_well": set()}
    rows = Match.objects.filter(
        referral__young_person=person, status__in=[S.DECLINED, S.CLOSED]
    ).values_list("mentor", "status", "ended_for")
    for mentor, status, ended_for in rows:
        if status == S.DECLINED:
            found["declined"].add(mentor)
        elif ended_for in FAILED:
            found["failed"].add(mentor)
        elif ended_for in GOOD:
            found["worked_well"].add(mentor)
    return {name: frozenset(pks) for name, pks in found.items()}


def _kept_apart(person: UUID) -> tuple[KeptApart, ...]:
    rows = KeepApart.objects.in_force().filter(young_person=person)
    return tuple(KeptApart(row.kind, row.is_restricted, row.mentor_id, row.name) for row in rows)


def candidates(mentors: Iterable[Mentor], referral: Referral) -> list[Candidate]:
    """Mentors (`with_people().with_load()`) as candidates for a referral, as of today."""
    area: Any = referral.area  # every sent referral has one
    rows = list(mentors)
    covers, shares = _organisations_of({row.organisation_id for row in rows}, area)
    held = Membership.objects.in_force().as_role(roles.Mentor).for_area(area.pk)
    there = set(
        held.filter(user__in=[row.user_id for row in rows if row.user_id]).values_list(
            "user", flat=True
        )
    )
    return [
        _candidate(
            row,
            organisation_covers=row.organisation_id in covers,
            organisation_shares=row.organisation_id in shares,
            has_role_there=row.user_id in there,
        )
        for row in rows
    ]


def _organisations_of(pks: set[UUID], area: Area) -> tuple[set[UUID], set[UUID]]:
    """Which of these organisations work in the area, and which may share data today."""
    codes = [code for code in area.path.split("/") if code]
    some = Organisation.objects.filter(pk__in=pks, is_open=True)
    covers = set(some.filter(areas__code__in=codes).values_list("pk", flat=True))
    return covers, set(some.sharing().values_list("pk", flat=True))


def _candidate(mentor: Mentor, **standing: bool) -> Candidate:
    day = today()
    has_place = mentor.latitude is not None and mentor.longitude is not None
    return Candidate(
        pk=mentor.pk,
        name=mentor.name,
        level=mentor.level,
        is_matchable=mentor.status in Mentor.MATCHABLE,
        state=mentor.get_status_display(),
        checks=tuple(
            Held(check.kind, check.has_barred_list)
            for check in mentor.credentials.all()
            if check.counts_on(day)
        ),
        gender=mentor.gender,
        languages=frozenset(mentor.languages),
        interests=frozenset(mentor.interests),
        free_times=frozenset(mentor.free_times),
        helps_with=frozenset(mentor.helps_with),
        place=Point(mentor.latitude, mentor.longitude) if has_place else None,  # type: ignore[arg-type]
        travel_km=mentor.travel_km,
        capacity=mentor.capacity,
        load=mentor.load,
        age_from=mentor.age_from,
        age_to=mentor.age_to,
        organisation=mentor.organisation_id,
        **standing,
    )
