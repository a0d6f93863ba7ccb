"""Where a case stands, for whoever reads it: its state in their words, whose turn it is, what is
next and by when. The author of a referral reads stages, never how it is decided (casework §12)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F

from accounts import roles
from accounts.models import User
from casework import clocks
from casework.calendar import now
from casework.models import Event
from casework.models.clocks import ClockRule
from referrals import policies
from referrals.choices import Level
from referrals.models import Concern, Referral
from referrals.models.brief import Brief
from referrals.reading import day

S = Referral.State
C = Concern.State


@dataclass(frozen=True)
class Sign:
    """A state as the status tag draws it."""

    status: str
    words: str

    def get_status_display(self) -> str:
        return self.words


@dataclass(frozen=True)
class Line:
    """One case in a list."""

    kind: str
    reference: str
    url: str
    name: str
    sign: Sign
    turn: str
    next: str
    due_at: datetime | None

    @property
    def with_whom(self) -> str:
        """Whose turn it is, within a sentence: roles and pronouns are not names."""
        is_name = self.turn.partition(" ")[0] not in {"You", "Us", "Any", "A"}
        return self.turn if is_name else f"{self.turn[0].lower()}{self.turn[1:]}"


@dataclass(frozen=True)
class Next:
    """What happens next, who does it and by when."""

    words: str
    due_at: datetime | None = None

    @property
    def is_late(self) -> bool:
        return self.due_at is not None and self.due_at < now()


# What its referrer is told of a state, where that differs from what the team reads.
_TO_REFERRER: dict[str, tuple[str, str]] = {
    S.INFO_NEEDED: (S.INFO_NEEDED, "We need something from you"),
    S.HELD: (S.TRIAGE, "Being looked at"),
    S.ALLOCATED: (S.ACCEPTED, "Accepted"),
    S.ACTIVE: (S.ACTIVE, "Support started"),
    S.CLOSING: (S.ACTIVE, "Support started"),
}
# States in which the author has to act.
_THEIRS = (S.DRAFT, S.INFO_NEEDED)
_NEXT: dict[str, str] = {
    S.DRAFT: "Finish and send it",
    S.SUBMITTED: "Read it",
    S.TRIAGE: "Decide",
    S.INFO_NEEDED: "The referrer answers a question",
    S.HELD: "A safeguarding lead decides",
    S.WAITING: "Offer a place, or look again",
    S.ACCEPTED: "Ask a worker",
    S.ALLOCATED: "Take it on or turn it down",
    S.ACTIVE: "Keep support going",
    S.PAUSED: "Look again at the pause",
    S.CLOSING: "Write the end report",
}
_NEXT_FOR_REFERRER: dict[str, str] = {
    **_NEXT,
    S.SUBMITTED: "A coordinator reads it",
    S.TRIAGE: "A coordinator decides",
    S.INFO_NEEDED: "Answer our question",
    S.HELD: "A coordinator decides",
    S.WAITING: "We look for a place",
    S.ACCEPTED: "We look for the right person",
    S.ALLOCATED: "We look for the right person",
    S.ACTIVE: "Support goes on",
    S.PAUSED: "We look again at the pause",
    S.CLOSING: "We write an end report",
}
_NEXT_FOR_LEAD: dict[str, str] = {
    C.RAISED: "Read it",
    C.ACKNOWLEDGED: "Decide",
    C.PASSED_ON: "Ask for the outcome",
    C.HANDLED: "Look at it again",
}


def reads_as_referrer(referral: Referral | Brief, user: User) -> bool:
    """Everybody who sees it and does not work on it. Asks no query of a row that came by
    `for_lines()` or `whole()`."""
    return not (
        policies.triages(referral, user)
        or policies.leads_safeguarding(referral, user)
        or policies.manages_escalated(referral, user)
        or policies.works(referral, user)
        or policies.supervises_worker(referral, user)
    )


def sign(referral: Referral | Brief, *, as_referrer: bool) -> Sign:
    if as_referrer and referral.status in _TO_REFERRER:
        return Sign(*_TO_REFERRER[referral.status])
    return Sign(referral.status, S(referral.status).label)


def line(referral: Referral | Brief, by: User) -> Line:
    if referral.is_stopped and referral.status == S.DRAFT:
        return _stopped(referral, by)
    as_referrer = reads_as_referrer(referral, by)
    following = _NEXT_FOR_REFERRER if as_referrer else {**_NEXT, **_next_of_ending(referral)}
    decides = referral.status == S.HELD and policies.leads_safeguarding(referral, by)
    return Line(
        "Referral",
        referral.reference,
        referral.home(),
        referral.called,
        sign(referral, as_referrer=as_referrer),
        _turn_for_referrer(referral, by) if as_referrer else turn(referral, by),
        "Decide whether it can go on" if decides else following.get(referral.status, ""),
        referral.due_at if not as_referrer or referral.status in _THEIRS else None,
    )


def _next_of_ending(referral: Referral | Brief) -> dict[str, str]:
    is_written = referral.owner_role == roles.Coordinator.code
    return {S.CLOSING: "Approve the end report"} if is_written else {}


def _stopped(referral: Referral | Brief, by: User) -> Line:
    """A draft that may not be sent: its author has nothing to finish, and a lead goes by the clock
    of its concern."""
    leads = policies.leads_safeguarding(referral, by)
    return Line(
        "Referral",
        referral.reference,
        referral.home(),
        referral.called,
        Sign(S.HELD, "Stopped"),
        "A safeguarding lead",
        "Decide whether it can go on",
        referral.concern_due_at if leads else None,
    )


def turn(case: Any, by: User) -> str:
    """Whose turn it is: a person, or any holder of a role."""
    if case.is_finished:
        return ""
    if case.owner:
        return "You" if case.owner.pk == by.pk else case.owner.name
    role = roles.by_code.get(case.owner_role)
    return f"Any {role.name.lower()}" if role else ""


def _turn_for_referrer(referral: Referral | Brief, by: User) -> str:
    if referral.is_finished:
        return ""
    return turn(referral, by) if referral.status in _THEIRS else "Us"


def decision_due(referral: Referral) -> datetime | None:
    """By when a coordinator owes the decision. What is held keeps the date that it had before: to
    its referrer it must look like any other that is being decided."""
    if referral.status == S.TRIAGE:
        return referral.due_at
    decided = Event.objects.of(referral).filter(to_state=S.TRIAGE).order_by("-sequence").first()
    if decided is not None:
        return decided.due_at
    rule = ClockRule.objects.filter(kind=Referral.KIND, state=S.TRIAGE).first()
    if rule is None or referral.sent_at is None:
        return None
    return clocks.add(referral.sent_at, rule.limit, rule.unit)


def flags(referral: Referral, *, in_full: bool) -> list[str]:
    """What must not be overlooked, in words. Risk is for those who read all of it."""
    person = referral.young_person
    found = []
    if referral.is_stopped:
        found.append("Somebody in danger" if referral.is_danger else "Level 4 need")
    if in_full:
        found += _risk_flags(getattr(referral, "risk", None))
    home = getattr(person, "home", None)
    if home and home.is_protected:
        found.append("Address hidden")
    if person and (person.contact_warning or person.safe_to_contact_at_home is False):
        found.append("Careful how you contact them")
    return found


def _risk_flags(risk: Any) -> list[str]:
    if risk is None:
        return []
    said = [
        ("High risk to themselves", risk.to_self),
        ("High risk from others", risk.from_others),
        ("High risk to others", risk.to_others),
    ]
    return [words for words, level in said if level == Level.HIGH]


def workers(referral: Referral) -> list[str]:
    """Who works with them, as the referrer may know it: first name and role (casework §12). Who
    was asked has not said yes yet."""
    asked = referral.worker_role if referral.status == S.ALLOCATED else None
    return [
        f"{assignment.worker.first_name} ({assignment.get_role_display().lower()})"
        for assignment in referral.assignments.all()
        if assignment.ended_at is None and assignment.role != asked
    ]


_NEXT_IN_A_SENTENCE: dict[str, str] = {
    S.SUBMITTED: "A coordinator reads your referral and begins to decide.",
    S.TRIAGE: "A coordinator decides and tells you.",
    S.HELD: "A coordinator decides and tells you.",
    S.INFO_NEEDED: "You answer the question below. The decision waits for your answer.",
    S.WAITING: "They are on our waiting list. We look for a place and tell you where it stands.",
    S.ACCEPTED: "We find the right person to work with them and tell you who.",
    S.ALLOCATED: "We find the right person to work with them and tell you who.",
    S.ACTIVE: "We tell you when support ends.",
    S.PAUSED: "Support is paused. We look again whether it can go on.",
    S.CLOSING: "We write an end report. You can read it here.",
    S.CLOSED: "Support has ended. There is nothing that you need to do.",
    S.DECLINED: "We could not accept this referral. Below we say why and what may help.",
    S.REDIRECTED: "Another service fits better. Below we say which and what to do.",
    S.WITHDRAWN: "Nothing more happens with this referral.",
}


def next_for_referrer(referral: Referral) -> Next:
    """What happens next, in a sentence for the person who referred."""
    words = _NEXT_IN_A_SENTENCE[referral.status]
    if referral.status == S.ACTIVE:
        who = " and ".join(workers(referral)) or "Somebody"
        return Next(f"{who} works with them. {words}")
    if referral.status in (S.TRIAGE, S.HELD):
        return Next(words, decision_due(referral))
    return Next(words, referral.due_at)


# The way from "Received" on ------------------------------------------------------------------
@dataclass(frozen=True)
class Stage:
    """A step of the way as the referrer sees it (casework reference §12)."""

    label: str
    state: str
    words: str = ""


_STAGES: list[tuple[str, str, set[str]]] = [
    ("Received", "We have it.", {S.SUBMITTED}),
    ("Being looked at", "A coordinator reads it and decides.", {S.TRIAGE, S.INFO_NEEDED, S.HELD}),
    ("Accepted", "We look for the right person.", {S.WAITING, S.ACCEPTED, S.ALLOCATED}),
    ("Support started", "Somebody works with them.", {S.ACTIVE, S.PAUSED, S.CLOSING}),
    ("Ended", "Support has ended.", {S.CLOSED}),
]
_ENDS: dict[str, str] = {
    S.DECLINED: "Not accepted",
    S.REDIRECTED: "Passed on",
    S.WITHDRAWN: "Withdrawn",
}


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
    events = Event.objects.of(referral).exclude(from_state=F("to_state"))
    return {event.to_state: event.at for event in events}


def _day(states: set[str], days: dict[str, datetime]) -> str:
    moments = [days[state] for state in states if state in days]
    return day(min(moments)) if moments else ""


# Concerns ------------------------------------------------------------------------------------
def concern_line(concern: Concern, by: User) -> Line:
    """For a lead all of it; for who raised it that it was received, and whether it was read."""
    leads = policies.leads_safeguarding(concern, by) or policies.manages_escalated(concern, by)
    person = concern.young_person
    return Line(
        "Concern",
        concern.reference,
        concern.home(),
        person.called if person else "No name yet",
        concern_sign(concern, leads=leads),
        turn(concern, by) if leads else "",
        _next_of_concern(concern, leads=leads),
        concern.due_at if leads or concern.status == C.RAISED else None,
    )


def _next_of_concern(concern: Concern, *, leads: bool) -> str:
    if leads:
        return _NEXT_FOR_LEAD.get(concern.status, "")
    return "A safeguarding lead reads it" if concern.status == C.RAISED else ""


def concern_sign(concern: Concern, *, leads: bool) -> Sign:
    """Who raised it learns that it was read, and nothing after (casework reference §5)."""
    if leads:
        return Sign(concern.status, concern.get_status_display())
    if concern.status == C.RAISED:
        return Sign(C.RAISED, "Sent, not read yet")
    return Sign(C.ACKNOWLEDGED, "A lead has read it")
