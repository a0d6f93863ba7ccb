"""Making things as people would: through forms, services and moves. The demo and the tests share
it."""

import uuid
from collections.abc import Iterable
from datetime import date, time, timedelta
from functools import partial
from typing import Any

from accounts import services as accounts
from accounts.models import Area, Membership, Organisation, SharingAgreement, User
from accounts.roles import Role
from casework.calendar import today
from casework.workflow import move
from referrals import services
from referrals.choices import Basis, Complexity, Prevention
from referrals.forms import SECTIONS
from referrals.forms.sections import LevelForm
from referrals.models import Programme, Referral

ALL_DAY = (0, 1, 2, 3, 4, 5, 6)


def area(
    code: str, name: str, kind: str, parent: Area | None = None, thresholds: str = "other"
) -> Area:
    return Area.objects.create(
        code=code, name=name, kind=kind, parent=parent, thresholds=thresholds
    )


def organisation(
    name: str, kind: str, sector: str, areas: Iterable[Area], **details: Any
) -> Organisation:
    """An organisation with a sharing agreement that began a year ago."""
    made = Organisation(name=name, kind=kind, sector=sector, **details)
    made.full_clean()
    made.save()
    made.areas.set(areas)
    SharingAgreement.objects.create(
        organisation=made, purpose="Referrals to the unit", starts_on=today() - timedelta(days=365)
    )
    return made


def person(
    email: str,
    name: str,
    password: str | None,
    role: type[Role],
    organisation: Organisation,
    areas: Iterable[Area] = (),
    reports_to: User | None = None,
    **details: Any,
) -> User:
    """Somebody who signs in, with one role since a year ago."""
    user = User.objects.filter(email=email).first() or accounts.add_person(
        by=None, email=email, name=name, password=password, **details
    )
    accounts.grant(
        by=None,
        user=user,
        organisation=organisation,
        role=role,
        areas=areas,
        reports_to=reports_to,
        starts_on=today() - timedelta(days=365),
    )
    return user


def duty(lead: User, area: Area, first: date, last: date, deputy: User | None = None) -> None:
    """Office hours on working days; the deputy day and night."""
    accounts.plan_duty(
        by=None,
        user=lead,
        area=area,
        weekdays=range(5),
        starts=time(8),
        ends=time(18),
        first=first,
        last=last,
    )
    if deputy:
        accounts.plan_duty(
            by=None,
            user=deputy,
            area=area,
            weekdays=ALL_DAY,
            starts=time(18),
            ends=time(8),
            first=first,
            last=last,
            position="deputy",
            is_out_of_hours=True,
        )


# What a referrer types, by section. Days and years are filled in by `answers()`.
TYPED: dict[str, dict[str, Any]] = {
    "before": {"understood": "on"},
    "level": {"is_danger": "False", "level_of_need": "3"},
    "person": {
        "legal_name": "Jordan Example",
        "known_as": "Jordan",
        "gender": "male",
        "language": "English",
        "lines": "1 Invented Street",
        "postcode": "NG1 1AA",
    },
    "reaching": {
        "contact_methods": ["call", "through_referrer"],
        "phone": "07700 900123",
        "safe_to_leave_message": "False",
        "engagement_tips": "Prefers to talk while walking.",
    },
    "agreement": {"is_told": "True", "agrees": "True", "parent": "knows"},
    "why-now": {
        "happened": "Was threatened outside school twice in a month and now stays away.",
        "helps": "One adult they trust, and football.",
        "scope": ["knife_possession"],
        "part": "at_risk",
    },
    "risk": {
        "to_self": "low",
        "from_others": "medium",
        "to_others": "none",
        "fact": "Two threats, both seen by staff.",
        "opinion": "I think they are more frightened than they say.",
        "what_to_do": "Meet in the library, not near the bus station.",
        "understands_readers": "on",
    },
    "education": {
        "status": "110",
        "source": "school",
        "year_group": "10",
        "sessions_possible": "120",
        "sessions_missed": "30",
        "hopes": "Something with engines.",
    },
    "support": {
        "kinds": ["mentoring"],
        "mentor_gender": "any",
        "interests": ["football", "cars"],
        "free_times": ["mon_eve", "wed_eve", "sat"],
        "travel_km": "10",
    },
}


def day(name: str, when: date) -> dict[str, str]:
    """A day as it is typed into the three boxes of a date."""
    return {
        f"{name}_day": str(when.day),
        f"{name}_month": str(when.month),
        f"{name}_year": str(when.year),
    }


def answers(**changes: Any) -> dict[str, dict[str, Any]]:
    """What a referrer types of a 15-year-old, by section; `changes` replaces single answers
    wherever they stand."""
    typed = {code: dict(part) for code, part in TYPED.items()}
    typed["person"] |= day("date_of_birth", date(today().year - 15, 1, 14))
    typed["agreement"] |= day("told_on", today())
    for name, value in changes.items():
        section = next((part for part in typed.values() if name in part), None)
        (section if section is not None else typed["person"])[name] = value
    return typed


def draft(*, by: User, programme: Programme, organisation: Organisation | None = None) -> Referral:
    own = organisation or by.standing[0].organisation
    return services.start(programme=programme, organisation=own, by=by, submit_key=uuid.uuid4())


def fill(referral: Referral, typed: dict[str, dict[str, Any]], *, by: User) -> Referral:
    """Type the sections one after the other, as the form's pages would have it. Stops where danger
    stops it."""
    level = LevelForm(typed.get("level"), referral=referral)
    stops = level.is_valid() and level.stops
    codes = [code for code in typed if not stops or code in ("before", "level")]
    saves = {code: partial(_type, code, typed[code]) for code in codes}
    referral = services.save_sections(referral=referral, saves=saves, by=by)
    if not stops:
        return referral
    said = level.cleaned_data
    return move(
        referral,
        "stop",
        by=by,
        level=said["level_of_need"],
        area=level.area,
        is_danger=said["is_danger"],
    )


def _type(code: str, data: dict[str, Any], referral: Referral) -> None:
    form = SECTIONS[code](data, referral=referral)
    if not form.is_valid():
        raise ValueError(f"{code}: {form.errors.as_json()}")
    form.write(referral)


def refer(*, by: User, programme: Programme, **changes: Any) -> Referral:
    """A referral that has been written and sent."""
    referral = fill(draft(by=by, programme=programme), answers(**changes), by=by)
    return move(referral, "send", by=by)


TRIAGED: dict[str, Any] = {
    "prevention": Prevention.SECONDARY,
    "risk_tier": 2,
    "complexity": Complexity.MEDIUM,
    "basis": Basis.PUBLIC_TASK,
}


def accept(referral: Referral, *, by: User, **changes: Any) -> Referral:
    """Triage and accept."""
    if referral.status == Referral.State.SUBMITTED:
        referral = move(referral, "start_triage", by=by)
    return move(referral, "accept", by=by, **{**TRIAGED, **changes})


def again(user: User) -> User:
    """The person anew, without what was remembered of their roles: as the next request finds
    them."""
    return User.objects.get(pk=user.pk)


def programme(
    name: str, provider: Organisation, areas: Iterable[Area], **details: Any
) -> Programme:
    made = Programme(
        name=name,
        provider=provider,
        **{
            "summary": "One-to-one mentoring and help into education, training or work.",
            "commission": "The unit's own, invented",
            "funding_line": "Serious violence duty, invented",
            "places": 60,
            "starts_on": today() - timedelta(days=365),
            **details,
        },
    )
    made.full_clean()
    made.save()
    made.areas.set(areas)
    return made


__all__ = [
    "TRIAGED",
    "Membership",
    "accept",
    "again",
    "answers",
    "area",
    "draft",
    "duty",
    "fill",
    "organisation",
    "person",
    "programme",
    "refer",
]
