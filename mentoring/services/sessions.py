"""Sessions: planned, written down once, corrected by an added note."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from accounts.models import User
from casework import calendar, clocks, history, outbox, workflow
from casework.calendar import now
from casework.models import Note
from casework.models.notes import Band
from mentoring import policies
from mentoring.choices import CAME, Attendance
from mentoring.models import Match, Session
from mentoring.standard import MISSES_TOLD
from referrals import services as referrals
from referrals.models import Concern, Referral

from . import pace

FURTHEST = timedelta(days=183)
COUNTED = (Attendance.YES, Attendance.LATE, Attendance.MISSED)


@dataclass(frozen=True)
class Worry:
    """Something that must not stay in session notes."""

    fact: str
    is_danger: bool = False


@dataclass(frozen=True)
class Report:
    """What is told of a session. `minutes`, `place`, `activities` belong to one that took place."""

    begins_at: datetime
    attended: str
    did: str
    minutes: int | None = None
    place: str = ""
    mode: str = "together"
    activities: list[str] = field(default_factory=list)
    ete_moved: bool | None = None


@transaction.atomic
def record_session(
    *,
    match: Match,
    report: Report,
    by: User,
    submit_key: uuid.UUID,
    worry: Worry | None = None,
    next_at: datetime | None = None,
) -> Session:
    """Write down what happened. A repeat with the same key gives the session that is there.

    Leaves a note on the referral, begins the clocks of match and referral anew, plans the next
    session, opens a concern for a worry, and tells the coordinator of two misses in a row.
    """
    row = workflow.lock(match)
    if there := Session.objects.filter(submit_key=submit_key, recorded_by=by).first():
        return there
    _may_log(row, by)
    _is_timely(row, report.begins_at)
    session = _fill(row, report, by=by, submit_key=submit_key)
    if next_at is not None:
        _plan(row, next_at, by=by, like=session)
    _carry_on(row, session, by=by)
    if worry is not None:
        _raise(row.referral, worry, by=by, submit_key=submit_key)
    return session


def _may_log(match: Match, by: User) -> None:
    if not policies.mentors_or_matches(match, by):
        raise PermissionDenied("Sessions are written down by the mentor or a coordinator.")
    if match.status not in Match.WITH_SESSIONS:
        raise workflow.Conflict(match, "log_session")


def _is_timely(match: Match, begins_at: datetime) -> None:
    if begins_at > now():
        raise ValidationError({"begins_at": "A session can be written down once it has begun."})
    if begins_at < match.referral.started_at:
        raise ValidationError({"begins_at": "The session cannot be before the referral."})


def _fill(match: Match, report: Report, *, by: User, submit_key: uuid.UUID) -> Session:
    """The planned session of that day, or a new one, with what is told of it."""
    session = _planned_on(match, report.begins_at) or Session(match=match)
    session.begins_at, session.attended = report.begins_at, report.attended
    session.mode, session.submit_key = report.mode, submit_key
    if report.attended in CAME:
        session.minutes, session.place = report.minutes, report.place
        session.activities, session.ete_moved = report.activities, report.ete_moved
    session.status = Session.Status.HELD
    session.recorded_at, session.recorded_by = now(), by
    session.note = Note.objects.create(
        case_kind=Referral.KIND,
        case_id=match.referral_id,
        kind=Note.Kind.SESSION,
        band=Band.TEAM,
        happened_at=report.begins_at,
        written_at=session.recorded_at,
        author=by,
        fact=_words(session, report.did),
    )
    session.full_clean()
    session.save()
    return session


def _planned_on(match: Match, moment: datetime) -> Session | None:
    day = calendar.london(moment).date()
    planned = match.sessions.planned().order_by("begins_at")
    same_day = (each for each in planned if calendar.london(each.begins_at).date() == day)
    return next(same_day, None)


def _words(session: Session, did: str) -> str:
    """The facts in a line, then what was written."""
    facts = [f"Did they come? {session.get_attended_display()}."]
    if session.minutes:
        facts.append(f"{session.minutes} minutes, {session.get_mode_display().lower()}.")
    if session.ete_moved:
        facts.append("A step in education or work.")
    return "\n".join([" ".join(facts), did]).strip()[:4000]


def _carry_on(match: Match, session: Session, *, by: User) -> None:
    """Clocks begin anew: the next thing owed is the next session."""
    _note(match, "log_session", by=by, session=session.pk, attended=session.attended)
    if session.attended == Attendance.MISSED:
        _tell_of_misses(match)


def _note(match: Match, name: str, *, by: User, **detail: Any) -> None:
    """An Event on the match, whose clock begins anew, and on its referral."""
    clocks.start(match, detail={}, from_state=match.status)
    history.note(match, name, by=by, **detail)
    pace.owe_next(match, name, by=by, **detail)


def _tell_of_misses(match: Match) -> None:
    misses = misses_in_a_row(match)
    if misses >= MISSES_TOLD:
        outbox.tell_people(match, "two_misses", match.audience("coordinator"))
    if misses == MISSES_TOLD:
        referral = match.referral
        outbox.tell_people(referral, "hard_to_reach", referral.audience("referrer"))
        if referral.is_high_risk:
            leads = referral.audience("safeguarding_leads")
            outbox.tell_people(referral, "look_after_them", leads)


def misses_in_a_row(match: Match) -> int:
    """How many of the latest sessions were missed. A good reason, or our own absence, neither
    counts nor ends the row."""
    rows = match.sessions.held().filter(attended__in=COUNTED).order_by("-begins_at", "-recorded_at")
    count = 0
    for attended in rows.values_list("attended", flat=True)[:10]:
        if attended != Attendance.MISSED:
            break
        count += 1
    return count


def _raise(referral: Referral, worry: Worry, *, by: User, submit_key: uuid.UUID) -> Concern:
    area: Any = referral.area  # every sent referral has one
    return referrals.raise_concern(
        by=by,
        area=area,
        referral=referral,
        origin=Concern.Origin.DANGER if worry.is_danger else Concern.Origin.WORRY,
        is_danger=worry.is_danger,
        submit_key=concern_key(submit_key),
        fact=worry.fact,
    )


def concern_key(submit_key: uuid.UUID) -> uuid.UUID:
    """The concern of a session has a key of its own that follows from the session's."""
    return uuid.uuid5(submit_key, "concern")


@transaction.atomic
def plan_session(*, match: Match, begins_at: datetime, by: User, **where: Any) -> Session:
    """Plan the next session; one that was planned for another time ahead is moved."""
    row = workflow.lock(match)
    _may_log(row, by)
    session = _plan(row, begins_at, by=by, **where)
    _note(row, "plan_session", by=by, on=begins_at)
    return session


def _plan(
    match: Match, begins_at: datetime, *, by: User, like: Session | None = None, **where: Any
) -> Session:
    if not now() < begins_at <= now() + FURTHEST:
        raise ValidationError({"next_at": "The next session must be within the next 6 months."})
    coming = match.sessions.ahead()
    session = coming.filter(begins_at=begins_at).first()
    if session is None:
        session = Session(match=match, begins_at=begins_at, planned_by=by)
        where = {"place": like.place, "mode": like.mode} if like else where
    coming.exclude(pk=session.pk).update(status=Session.Status.MOVED)
    for name, value in where.items():
        setattr(session, name, value)
    session.full_clean()
    session.save()
    return session


@transaction.atomic
def correct_session(*, session: Session, words: str, by: User, submit_key: uuid.UUID) -> Note:
    """Add a correction to what was written; nothing is changed. A repeat gives the one there."""
    if there := Note.objects.filter(submit_key=submit_key, author=by).first():
        return there
    if not policies.mentors_or_matches(session.match, by) or session.note is None:
        raise PermissionDenied("Sessions are corrected by the mentor or a coordinator.")
    note = session.note
    return Note.objects.create(
        case_kind=note.case_kind,
        case_id=note.case_id,
        kind=Note.Kind.CORRECTION,
        band=note.band,
        happened_at=note.happened_at,
        author=by,
        fact=words,
        corrects=note,
        submit_key=submit_key,
    )
