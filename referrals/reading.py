"""A referral as people read it: its answers in parts, its stages in plain words."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import models
from django.urls import reverse

from casework.models import Event

from . import nccis
from .choices import Interest, Scope, SectionCode, Slot
from .choices import Support as Kind
from .models import HomeAddress, Referral, YoungPerson


@dataclass(frozen=True)
class Row:
    """One answered question."""

    key: str
    value: str


@dataclass(frozen=True)
class Part:
    """One section with its answers, and where to change it while it is a draft."""

    code: str
    title: str
    rows: list[Row] = field(default_factory=list)
    change_url: str = ""


def answers(referral: Referral, *, all_of_it: bool) -> list[Part]:
    """What the referrer wrote. `all_of_it` for the author, coordinators and leads; workers get what
    they need to help: no risk narrative, no agreement notes (casework reference §15)."""
    wanted = _ALL if all_of_it else _FOR_WORKERS
    parts = [
        Part(code, SectionCode(code).label, list(rows(referral)), _change(referral, code))
        for code, rows in wanted.items()
    ]
    return [part for part in parts if part.rows]


def _change(referral: Referral, code: str) -> str:
    if referral.status != Referral.State.DRAFT:
        return ""
    return reverse("referrals:section", args=[referral.reference, code])


def _rows(row: models.Model | None, *names: str) -> list[Row]:
    """The columns of a row with their labels, as words; what was not answered is left out."""
    if row is None:
        return []
    pairs = [(_label(row, name), _words(row, name)) for name in names]
    return [Row(label, words) for label, words in pairs if words]


def _label(row: models.Model, name: str) -> str:
    label = str(row._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
    return label[:1].upper() + label[1:]


def _words(row: Any, name: str) -> str:
    value = getattr(row, name)
    if value is None or value == "" or value == []:
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, date | datetime):
        return f"{value.day} {value:%B %Y}"
    if isinstance(value, list):
        labels = _LISTS.get(name, {})
        return "; ".join(str(labels.get(each, each)) for each in value)
    display = getattr(row, f"get_{name}_display", None)
    return str(display() if display else value)


_LISTS: dict[str, dict[str, Any]] = {
    "scope": dict(Scope.choices),
    "kinds": dict(Kind.choices),
    "interests": dict(Interest.choices),
    "free_times": dict(Slot.choices),
    "contact_methods": dict(YoungPerson.Contact.choices),
}


def _of(referral: Referral, name: str) -> Any:
    return getattr(referral, name, None)


def _level(referral: Referral) -> list[Row]:
    return _rows(referral, "level_of_need")


def _person(referral: Referral) -> list[Row]:
    person = referral.young_person
    rows = _rows(
        person, "legal_name", "known_as", "date_of_birth", "age_given", "gender", "language"
    )
    home = HomeAddress.objects.filter(young_person=person).first() if person else None
    return rows + _home(home)


def _home(home: HomeAddress | None) -> list[Row]:
    """An address that is protected is never words in a list: it is shown by an act of its own."""
    if home is None:
        return []
    if home.is_protected:
        return [Row("Home address", "Hidden, to keep them safe")]
    if home.no_fixed_address:
        return [Row("Home address", "No fixed address")]
    return [Row("Home address", ", ".join(part for part in (home.lines, home.postcode) if part))]


def _person_for_workers(referral: Referral) -> list[Row]:
    person = referral.young_person
    return _rows(person, "legal_name", "known_as", "language", "needs_interpreter")


def _reaching(referral: Referral) -> list[Row]:
    return _rows(
        referral.young_person,
        "contact_methods",
        "phone",
        "email",
        "safe_to_leave_message",
        "safe_to_contact_at_home",
        "contact_warning",
        "engagement_tips",
    )


def _agreement(referral: Referral) -> list[Row]:
    names = ["is_told", "told_on", "agrees", "not_told_why", "parent", "parent_why"]
    return _rows(_of(referral, "agreement"), *names, "competence_notes")


def _why_now(referral: Referral) -> list[Row]:
    return _rows(_of(referral, "need"), "happened", "helps", "scope", "part")


def _risk(referral: Referral) -> list[Row]:
    names = ["to_self", "from_others", "to_others", "fact", "opinion", "what_to_do"]
    return _rows(_of(referral, "risk"), *names)


def _risk_for_workers(referral: Referral) -> list[Row]:
    return _rows(_of(referral, "risk"), "what_to_do")


def _education(referral: Referral) -> list[Row]:
    row = _of(referral, "education")
    if row is None:
        return []
    names = ["since", "source", "school", "year_group", "suspensions", "hopes"]
    now = [Row("What they do now", nccis.by_code[row.status].label)]
    absence = [Row("Sessions missed", f"{row.absence} %")] if row.absence is not None else []
    return now + _rows(row, *names) + absence


def _support(referral: Referral) -> list[Row]:
    row = _of(referral, "support")
    names = ["kinds", "mentor_gender", "mentor_language", "interests", "free_times", "travel_km"]
    return _rows(row, *names)


_Reader = Callable[[Referral], list[Row]]

_ALL: dict[str, _Reader] = {
    SectionCode.LEVEL: _level,
    SectionCode.PERSON: _person,
    SectionCode.REACHING: _reaching,
    SectionCode.AGREEMENT: _agreement,
    SectionCode.WHY_NOW: _why_now,
    SectionCode.RISK: _risk,
    SectionCode.EDUCATION: _education,
    SectionCode.SUPPORT: _support,
}
_FOR_WORKERS: dict[str, _Reader] = {
    SectionCode.PERSON: _person_for_workers,
    SectionCode.REACHING: _reaching,
    SectionCode.RISK: _risk_for_workers,
    SectionCode.EDUCATION: _education,
    SectionCode.SUPPORT: _support,
}


@dataclass(frozen=True)
class Stage:
    """A step of the way as the referrer sees it (casework reference §12)."""

    label: str
    state: str
    words: str = ""


_STAGES: list[tuple[str, str, set[str]]] = [
    ("Received", "We have it.", {"submitted"}),
    ("Being looked at", "A coordinator reads it and decides.", {"triage", "info_needed", "held"}),
    ("Accepted", "We look for the right person.", {"waiting", "accepted", "allocated"}),
    ("Support started", "Somebody works with them.", {"active", "paused", "closing"}),
    ("Ended", "Support has ended.", {"closed"}),
]
_ENDS = {"declined": "Not accepted", "redirected": "Passed on", "withdrawn": "Withdrawn"}


def stages(referral: Referral) -> list[Stage]:
    """The way from "Received" on, with the day of each step that was reached."""
    days = _days_reached(referral)
    if end := _ENDS.get(referral.status):
        reached = [each for each in _STAGES if each[2] & days.keys()]
        done = [Stage(label, "done", _day(states, days)) for label, _, states in reached]
        return [*done, Stage(end, "current", _day({referral.status}, days))]
    current = next((n for n, each in enumerate(_STAGES) if referral.status in each[2]), 0)
    return [
        Stage(
            label,
            "done" if n < current else "current" if n == current else "next",
            words if n == current else _day(states, days) if n < current else "",
        )
        for n, (label, words, states) in enumerate(_STAGES)
    ]


def _days_reached(referral: Referral) -> dict[str, datetime]:
    """When each state was last entered."""
    return {event.to_state: event.at for event in Event.objects.of(referral)}


def _day(states: set[str], days: dict[str, datetime]) -> str:
    moments = [days[state] for state in states if state in days]
    return f"{min(moments).day} {min(moments):%B %Y}" if moments else ""
