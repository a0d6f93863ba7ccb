"""Matches, mentors and sessions as people read them: lines of lists, facts, checks in words."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from accounts.models import User
from casework.calendar import now, today
from casework.models import Note
from mentoring import policies
from mentoring.choices import Activity, Check, Help
from mentoring.matching.score import CRITERIA
from mentoring.models import Match, Mentor, Session
from mentoring.standard import LEVEL_NEEDS, MANDATORY, REMIND_DAYS
from referrals.choices import Interest, SectionCode, Slot
from referrals.models import Referral
from referrals.progress import Line, Sign, turn
from referrals.reading import Part, Row, answers, day

S = Match.State
M = Mentor.State

_NEXT: dict[str, str] = {
    S.PROPOSED: "Ask both, or drop it",
    S.APPROVED: "Both answer",
    S.ACCEPTED: "Introduce them",
    S.INTRODUCED: "Sign the agreement and begin",
    S.ACTIVE: "Meet, and write it down",
    S.PAUSED: "Look again at the pause",
    S.CLOSING: "Last sessions, then end it",
}
_NEXT_FOR_MENTOR = {**_NEXT, S.APPROVED: "Say yes or no", S.ACCEPTED: "We introduce you"}
_NEXT_IN_REGISTER: dict[str, str] = {
    M.ENQUIRY: "Take in the application",
    M.APPLIED: "Start the checks",
    M.SCREENING: "Finish the checks",
    M.TRAINING: "Finish the training",
    M.AVAILABLE: "Hold supervision",
    M.ON_LEAVE: "Back from the break",
    M.SUSPENDED: "Settle it",
    M.RENEWING: "Look at the papers",
}


def match_line(match: Match, by: User) -> Line:
    """One match in a list; for its mentor the name is the young person's, first name only."""
    person = match.referral.young_person
    is_mentor = policies.is_its_mentor(match, by)
    following = _NEXT_FOR_MENTOR if is_mentor else _NEXT
    to_reach = is_mentor and match.awaits_meeting and match.contacted_at is None
    return Line(
        "Match",
        match.reference,
        match.home(),
        person.called if person else "No name yet",
        Sign(match.status, match.get_status_display()),
        turn(match, by),
        "Get in touch, and write it down" if to_reach else following.get(match.status, ""),
        match.due_at,
    )


# What a mentor reads before they have said yes, and after it.
BEFORE_YES = {SectionCode.SUPPORT}
AFTER_YES = {
    SectionCode.PERSON,
    SectionCode.REACHING,
    SectionCode.RISK,
    SectionCode.SUPPORT,
    SectionCode.EDUCATION,
}


def about_person(match: Match) -> list[Part]:
    """What the mentor reads of the young person. Before their yes they see no referral, and this is
    all."""
    whole = Referral.objects.whole().get(pk=match.referral_id)
    if match.mentor_agreed_at:
        return answers(whole, all_of_it=False, only=AFTER_YES)
    return [*_in_short(whole), *answers(whole, all_of_it=False, only=BEFORE_YES)]


def _in_short(referral: Referral) -> list[Part]:
    """How old they are and in which area; of a protected address not even that."""
    person = referral.young_person
    home = getattr(person, "home", None)
    rows = [Row("Age", str(person.age))] if person and person.age is not None else []
    if referral.area and not (home and home.is_protected):
        rows.append(Row("Area", referral.area.name))
    return [Part("", "In short", rows)] if rows else []


def mentor_line(mentor: Mentor, by: User) -> Line:
    return Line(
        "Mentor",
        mentor.reference,
        mentor.home(),
        mentor.name,
        Sign(mentor.status, mentor.get_status_display()),
        turn(mentor, by),
        _NEXT_IN_REGISTER.get(mentor.status, ""),
        mentor.due_at,
    )


NOT_YET = "Not yet"  # a course of a higher level


@dataclass(frozen=True)
class CheckLine:
    """One kind of check of a mentor, as it stands today."""

    label: str
    state: str
    tone: str
    since: date | None = None
    until: date | None = None
    words: str = ""


def checks(mentor: Mentor) -> list[CheckLine]:
    """Mandatory ones first, then what the next levels need, then whatever else was recorded."""
    held = mentor.current_checks()
    rows: dict[str, Any] = {}
    for row in mentor.credentials.all():
        rows.setdefault(row.kind, row)
    wanted = [check for needs in LEVEL_NEEDS.values() for check in needs]
    others = [Check(kind) for kind in rows if kind not in wanted]
    return [_check(check, held.get(check), rows.get(check)) for check in [*wanted, *others]]


def _check(check: Check, current: Any, latest: Any) -> CheckLine:
    if latest is None:
        tone = "late" if check in MANDATORY else ""
        return CheckLine(check.label, "Missing" if check in MANDATORY else NOT_YET, tone)
    if current is None:
        is_unclear = latest.status_clear is False
        state = "Status not clear" if is_unclear else "Run out"
        return CheckLine(
            check.label, state, "late", latest.issued_on, latest.expires_on, _details(latest)
        )
    soon = current.expires_on is not None and (current.expires_on - today()).days <= max(
        REMIND_DAYS
    )
    state = runs_out(current.expires_on) if soon else "In date"
    return CheckLine(
        check.label,
        state,
        "soon" if soon else "ok",
        current.issued_on,
        current.expires_on,
        _details(current),
    )


def runs_out(until: date) -> str:
    """ "Expires in 3 weeks": days below a fortnight, then weeks."""
    left = (until - today()).days
    if left == 0:
        return "Expires today"
    count, unit = (left, "day") if left < 14 else (left // 7, "week")
    return f"Expires in {count} {unit}{'' if count == 1 else 's'}"


def _details(row: Any) -> str:
    parts = [row.provider] if row.provider else []
    if row.kind == Check.DBS:
        listed = "with" if row.has_barred_list else "without"
        parts.append(f"{listed} the children’s barred list")
        if row.on_update_service:
            parts.append("on the Update Service")
        if row.status_checked_on:
            clear = "clear" if row.status_clear else "not clear"
            parts.append(f"status {clear} on {day(row.status_checked_on)}")
    text = "; ".join(parts)
    return text[:1].upper() + text[1:]


def mentor_facts(mentor: Mentor, *, in_full: bool) -> list[Row]:
    """What the register says; contact and home only to those who keep it and to themselves."""
    load = f"{mentor.load} of {mentor.capacity} taken"
    rows = [
        Row("Level", mentor.get_level_display()),
        Row("Places", load),
        Row("Organisation", str(mentor.organisation)),
        Row("Area", str(mentor.area)),
        Row("Supervisor", mentor.supervisor.name if mentor.supervisor else "A coordinator"),
        Row("Interests", labels(Interest, mentor.interests)),
        Row("Free", labels(Slot, mentor.free_times)),
        Row("Languages", ", ".join(mentor.languages)),
        Row("Knows about", labels(Help, mentor.helps_with)),
        Row("Travels up to", f"{mentor.travel_km} km"),
        Row("Ages", f"{mentor.age_from} to {mentor.age_to}"),
        Row("About them", mentor.about),
    ]
    if in_full:
        paid = "Paid" if mentor.is_paid else "Volunteer"
        rows += [
            Row("Email", mentor.email),
            Row("Phone", mentor.phone),
            Row("Home postcode", mentor.postcode),
            Row("Paid or volunteer", paid),
        ]
    return rows


def labels(choices: Any, values: list[str]) -> str:
    return ", ".join(str(each.label) for each in choices if each in values)


# Sessions --------------------------------------------------------------------------------------
@dataclass(frozen=True)
class SessionLine:
    pk: Any
    at: datetime
    title: str
    tone: str
    facts: str
    words: str
    who: str
    corrections: list[Note]
    is_planned: bool
    is_due: bool


def session_lines(sessions: Any) -> list[SessionLine]:
    """Sessions newest first; those of `held` need `note`, its corrections and `recorded_by`."""
    return [_session(each) for each in sessions]


def _session(session: Session) -> SessionLine:
    is_planned = session.status == Session.Status.PLANNED
    is_due = is_planned and session.begins_at <= now()
    title = session.get_attended_display() or ("To be written down" if is_due else "Planned")
    title = "Called off" if session.called_off_for else title
    tone = {"yes": "ok", "late": "ok", "missed": "late"}.get(session.attended, "")
    return SessionLine(
        session.pk,
        session.begins_at,
        _CAME.get(session.attended, title),
        "late" if is_due else tone,
        "; ".join(_session_facts(session)),
        _own_words(session),
        session.recorded_by.name if session.recorded_by else "",
        list(session.note.corrections.all()) if session.note else [],
        is_planned,
        is_due,
    )


_CAME = {
    "yes": "They came",
    "late": "They came late",
    "excused": "They could not come",
    "missed": "They didn’t come",
    "by_us": "We could not make it",
}


def _session_facts(session: Session) -> list[str]:
    if session.called_off_for:
        return [session.get_called_off_for_display()]
    facts = [f"{session.minutes} minutes"] if session.minutes else []
    facts += [session.get_mode_display()]
    facts += [session.get_place_display()] if session.place else []
    facts += [str(each.label) for each in Activity if each in session.activities]
    return facts + (["a step in education or work"] if session.ete_moved else [])


def _own_words(session: Session) -> str:
    """Without the line of facts that the note begins with."""
    return session.note.fact.partition("\n")[2] if session.note else ""


# Why this mentor -------------------------------------------------------------------------------
def points(match: Match) -> list[tuple[str, int, int]]:
    """(criterion, points, of how many) as they stood when the match was proposed."""
    return [_label(code, scored) for code, scored in match.lines]


def _label(code: str, scored: int) -> tuple[str, int, int]:
    label, most = CRITERIA.get(code, (code, scored))
    return label, scored, most
