"""A referral as people read it: its answers in parts, and what was written to its referrer."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from django.db import models
from django.urls import reverse

from casework.calendar import london
from casework.models import Reason
from casework.models.notes import Band

from . import nccis
from .choices import Interest, Scope, SectionCode, Slot
from .choices import Support as Kind
from .levels import level_words
from .models import Education, HomeAddress, Referral, YoungPerson


@dataclass(frozen=True)
class Row:
    """One answered question; `name` is the column that holds the answer."""

    key: str
    value: str
    change_url: str = ""
    name: str = ""


@dataclass(frozen=True)
class Part:
    """One section with its answers, and where to change it while it is a draft."""

    code: str
    title: str
    rows: list[Row] = field(default_factory=list)
    change_url: str = ""


def answers(
    referral: Referral,
    *,
    all_of_it: bool,
    only: Collection[str] | None = None,
    may_change: bool = False,
) -> list[Part]:
    """What the referrer wrote. `all_of_it` for the author, coordinators and leads; workers get what
    they need to help: no risk narrative, no agreement notes (casework reference §15). `only` keeps
    the sections with these codes; `may_change` adds the links of the author's draft."""
    wanted = _ALL if all_of_it else _FOR_WORKERS
    parts = [
        Part(code, SectionCode(code).label, _changeable(rows(referral), url), url)
        for code, rows in wanted.items()
        if only is None or code in only
        for url in [_change(referral, code) if may_change else ""]
    ]
    return [part for part in parts if part.rows]


def _changeable(rows: list[Row], url: str) -> list[Row]:
    return [replace(row, change_url=url) for row in rows]


def _change(referral: Referral, code: str) -> str:
    return reverse("referrals:section", args=[referral.reference, code])


def _rows(row: models.Model | None, *names: str) -> list[Row]:
    """The columns of a row with their labels, as words; what was not answered is left out."""
    if row is None:
        return []
    found = [Row(_label(row, name), _words(row, name), name=name) for name in names]
    return [each for each in found if each.value]


# Where the column's own name is not how people are asked.
_LABELS = {
    "phone": "Phone number",
    "sent_at": "Sent on",
    "area": "Area",
    "prevention": "Prevention tier",
    "basis": "Lawful basis",
    "decline_code": "Why not accepted",
    "ending_code": "How it ended",
    "email": "Email address",
    "safe_to_leave_message": "Is it safe to leave a message?",
    "safe_to_contact_at_home": "Is it safe to contact them at home?",
    "contact_methods": "How we may contact them",
    "language": "Language they speak best",
    "school": "School or college",
    "interests": "What they like to do",
    "free_times": "When they are free",
    "travel_km": "How far they can travel",
}


def _label(row: models.Model, name: str) -> str:
    if name in _LABELS:
        return _LABELS[name]
    label = str(row._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
    return label[:1].upper() + label[1:]


def _words(row: Any, name: str) -> str:
    value = getattr(row, name)
    if value is None or value == "" or value == []:
        return ""
    if name == "travel_km":
        return f"{value} km"
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, date | datetime):
        return day(value)
    if isinstance(value, list):
        labels = _LISTS.get(name, {})
        return "; ".join(str(labels.get(each, each)) for each in value)
    display = getattr(row, f"get_{name}_display", None)
    return str(display() if display else value)


def day(moment: date | datetime | None) -> str:
    """27 March 2010, as days are in London."""
    if isinstance(moment, datetime):
        moment = london(moment)
    return f"{moment.day} {moment:%B %Y}" if moment else ""


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
    if referral.level_of_need is None:
        return []
    thresholds = referral.area.thresholds if referral.area else "other"
    name, meaning = level_words(thresholds, referral.level_of_need)
    danger = "Yes" if referral.is_danger else "No"
    return [Row("Is anybody in danger right now?", danger), Row(name, meaning)]


def _person(referral: Referral) -> list[Row]:
    person = referral.young_person
    rows = _rows(person, "legal_name", "known_as", "date_of_birth")
    rows += _age(person)
    rows += _rows(person, "age_unknown_why", "gender", "language", "needs_interpreter")
    return rows + _home(getattr(person, "home", None))


def _age(person: YoungPerson | None) -> list[Row]:
    return [Row("Age", str(person.age), name="age")] if person and person.age is not None else []


def _home(home: HomeAddress | None) -> list[Row]:
    """An address that is protected is never words in a list: it is shown by an act of its own."""
    if home is None:
        return []
    if home.is_protected:
        return [Row("Home address", "Hidden, to keep them safe", name="home")]
    if home.no_fixed_address:
        return [Row("Home address", "No fixed address", name="home")]
    address = ", ".join(part for part in (home.lines, home.postcode) if part)
    return [Row("Home address", address, name="home")]


def _person_for_workers(referral: Referral) -> list[Row]:
    person = referral.young_person
    rows = _rows(person, "legal_name", "known_as") + _age(person)
    return rows + _rows(person, "language", "needs_interpreter")


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
    now = [Row("What they do now", nccis.by_code[row.status].label, name="status")]
    facts = _rows(row, "since", "source", "school", "year_group")
    return now + facts + _absence(row) + _rows(row, "suspensions", "hopes")


def _absence(row: Education) -> list[Row]:
    if row.absence is None:
        return []
    missed = f"{row.absence}%: {row.sessions_missed} of {row.sessions_possible}"
    return [Row("Sessions missed this term", missed, name="absence")]


def _support(referral: Referral) -> list[Row]:
    row = _of(referral, "support")
    if row is None:
        return []
    wishes = _rows(row, "kinds", "mentor_gender")
    if row.gender_required:
        wishes += [Row("Would they take part otherwise?", "No")]
    wishes += _rows(row, "mentor_language")
    if row.language_required:
        wishes += [Row("Do they need this language?", "Yes")]
    return wishes + _rows(row, "interests", "free_times", "travel_km")


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


def facts(referral: Referral, *, bands: Collection[str]) -> list[Row]:
    """Who sent it, for what, who works with them, and for the team what triage decided."""
    author = referral.referred_by
    job = f", {author.job_title}" if author.job_title else ""
    rows = [Row("Referred by", f"{author.name}{job}\n{referral.organisation}")]
    if author.phone:
        rows.append(Row("Their phone number", author.phone))
    rows.append(Row("Programme", str(referral.programme)))
    rows += _rows(referral, "area", "sent_at")
    rows += [
        Row(assignment.get_role_display(), assignment.worker.name)
        for assignment in referral.assignments.all()
        if assignment.ended_at is None
    ]
    if Band.TEAM in bands:
        decided = ["coordinator", "prevention", "risk_tier", "complexity", "basis"]
        rows += _rows(referral, *decided, "decline_code", "ending_code")
    return rows


@dataclass(frozen=True)
class Letter:
    """Words written for the referrer with a move, and when."""

    at: datetime
    text: str


def written_to_referrer(referral: Referral) -> list[Letter]:
    """What others wrote for its referrer, newest first; not what the referrer wrote themselves."""
    rows = Reason.objects.filter(
        case_kind=referral.KIND, case_id=referral.pk, band=Band.SHARED
    ).exclude(by=referral.referred_by_id)
    return [Letter(row.at, row.text) for row in rows.order_by("-sequence", "pk")]
