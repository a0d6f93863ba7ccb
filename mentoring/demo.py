"""Mentors, matches and sessions as people would make them: services and moves under the engine's
clock. The demo world and the tests share it. Everybody is invented."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from accounts import services as accounts
from accounts.models import Area, Organisation, User
from accounts.roles import Mentor as MentorRole
from casework.calendar import now, today
from casework.workflow import move
from mentoring import services
from mentoring.choices import Activity, Attendance, Check, Ending, Help, WhatNext
from mentoring.models import Match, Mentor, Session
from mentoring.services import Report, Worry
from mentoring.standard import needs
from referrals.choices import Interest as I
from referrals.choices import Slot as T
from referrals.models import Referral

# Some months ago, so that nothing runs out while a story is told.
CHECKED_DAYS_AGO = 200


@dataclass(frozen=True)
class Person:
    """Somebody for the register: `lapses_in` days from the day they are made, if a check does."""

    name: str
    gender: str
    postcode: str
    level: int
    interests: tuple[str, ...]
    free_times: tuple[str, ...]
    helps_with: tuple[str, ...]
    languages: tuple[str, ...] = ("English",)
    about: str = ""
    is_paid: bool = False
    capacity: int = 2
    lapses_in: int | None = None
    until: str = "available"

    @property
    def email(self) -> str:
        return f"{self.name.split()[0].lower()}.mentor@example.org"


PEOPLE: tuple[Person, ...] = (
    Person("Nadia Rahman", "female", "NG7 6AA", 3, (I.BOXING, I.GYM, I.FASHION),
           (T.MON_EVE, T.WED_EVE, T.SAT), (Help.SCHOOL, Help.COLLEGE), ("English", "Urdu"),
           "Used to box for her county. Runs a gym for girls.", True, 8),
    Person("Tom Bellamy", "male", "NG5 4BB", 2, (I.FOOTBALL, I.CARS, I.OUTDOORS),
           (T.TUE_EVE, T.THU_EVE, T.SAT), (Help.WORK,), ("English",),
           "Mechanic and Sunday league coach."),
    Person("Ewa Nowak", "female", "NG3 1EE", 2, (I.ART, I.COOKING, I.READING),
           (T.MON_DAY, T.WED_EVE, T.FRI_EVE), (Help.COLLEGE,), ("English", "Polish"),
           "Teaches art in the evenings."),
    Person("Deshawn Clarke", "male", "NG7 5CC", 3, (I.MUSIC, I.BASKETBALL, I.BUSINESS),
           (T.MON_EVE, T.TUE_EVE, T.WED_EVE, T.SAT), (Help.SCHOOL, Help.WORK), ("English",),
           "Makes beats and runs a small label.", True, 6),
    Person("Grace Owusu", "female", "NG8 2DD", 2, (I.READING, I.COOKING, I.FASHION),
           (T.WED_EVE, T.SAT, T.SUN), (Help.SCHOOL,), ("English",), "Nurse, loves to cook."),
    Person("Callum Frost", "male", "NG17 1AA", 1, (I.GAMING, I.TECH, I.CARS),
           (T.THU_EVE, T.SAT), (Help.COLLEGE, Help.WORK), ("English",),
           "Builds computers from parts."),
    Person("Yasmin Haddad", "female", "NG1 3AA", 2, (I.TECH, I.BUSINESS, I.ART),
           (T.TUE_EVE, T.THU_EVE), (Help.WORK,), ("English", "Arabic"), "Started two businesses."),
    Person("Ravi Menon", "male", "NG9 2AA", 2, (I.FOOTBALL, I.TECH, I.READING),
           (T.MON_EVE, T.FRI_EVE, T.SUN), (Help.SCHOOL, Help.COLLEGE), ("English", "Malayalam"),
           "Teaching assistant who never misses a match.", lapses_in=120),
    Person("Kirsty Lowe", "female", "NG16 3HB", 1, (I.ANIMALS, I.OUTDOORS),
           (T.SAT, T.SUN), (Help.WORK,), ("English",), "Keeps rescue dogs."),
    Person("Marcus Bright", "male", "NG6 8AA", 2, (I.BOXING, I.GYM, I.COOKING),
           (T.MON_EVE, T.WED_EVE, T.THU_EVE), (Help.WORK,), ("English",), "Chef and boxing coach.",
           until="on_leave"),
    Person("Sian Price", "female", "NG5 6AA", 1, (I.MUSIC, I.ANIMALS),
           (T.TUE_EVE, T.SUN), (Help.SCHOOL,), ("English", "Welsh"), "Plays the harp.",
           until="training"),
    Person("Owen Hart", "male", "NG18 1AA", 1, (I.CARS, I.OUTDOORS),
           (T.SAT,), (Help.WORK,), ("English",), "Drives a lorry.", until="enquiry"),
)  # fmt: skip

REPORT: dict[str, Any] = {
    "changed": "They kept every plan they made, and go to college now.",
    "left": "They still look for a place to train in the evenings.",
    "ahead": "Their tutor meets them each week. Ask the college if that stops.",
}


def register(
    *,
    by: User,
    organisations: Sequence[Organisation],
    areas: Sequence[Area],
    account_areas: Iterable[Area],
    supervisor: User | None = None,
    password: str | None = None,
    people: Iterable[Person] = PEOPLE,
) -> list[Mentor]:
    """Everybody of `people` in the register, spread over organisations and areas in turn."""
    there = list(account_areas)
    return [
        mentor(
            by=by,
            person=person,
            organisation=organisations[n % len(organisations)],
            area=areas[n % len(areas)],
            account_areas=there,
            supervisor=supervisor,
            password=password,
        )
        for n, person in enumerate(people)
    ]


def mentor(
    *,
    by: User,
    person: Person,
    organisation: Organisation,
    area: Area,
    account_areas: Iterable[Area] = (),
    supervisor: User | None = None,
    password: str | None = None,
    user: User | None = None,
) -> Mentor:
    """One person, brought as far through the register as `person.until` says."""
    entry = enquire(by=by, person=person, organisation=organisation, area=area)
    if person.until == "enquiry":
        return entry
    entry = move(move(entry, "apply", by=by), "start_screening", by=by)
    keep_checks(entry, by=by, level=person.level, lapses_in=person.lapses_in)
    entry = move(entry, "clear", by=by)
    if person.until == "training":
        return entry
    account = user or _account(person, organisation, account_areas, supervisor, password)
    entry = move(entry, "complete", by=by, user=account, level=person.level, supervisor=supervisor)
    if person.until == "on_leave":
        entry = move(entry, "go_on_leave", by=by, back_on=today() + timedelta(days=30))
    return entry


def enquire(*, by: User, person: Person, organisation: Organisation, area: Area) -> Mentor:
    return services.enquire(
        by=by,
        name=person.name,
        email=person.email,
        organisation=organisation,
        area=area,
        gender=person.gender,
        languages=list(person.languages),
        interests=list(person.interests),
        free_times=list(person.free_times),
        helps_with=list(person.helps_with),
        postcode=person.postcode,
        travel_km=15,
        about=person.about,
        is_paid=person.is_paid,
        capacity=person.capacity,
    )


def _account(
    person: Person,
    organisation: Organisation,
    areas: Iterable[Area],
    supervisor: User | None,
    password: str | None,
) -> User:
    """They sign in with the role Mentor, since before the story begins."""
    user = accounts.add_person(
        by=None, email=person.email, name=person.name, password=password, job_title="Mentor"
    )
    accounts.grant(
        by=None,
        user=user,
        organisation=organisation,
        role=MentorRole,
        areas=areas,
        reports_to=supervisor,
        starts_on=today() - timedelta(days=365),
    )
    return user


def keep_checks(
    entry: Mentor,
    *,
    by: User,
    level: int = 2,
    lapses_in: int | None = None,
    leave_out: Iterable[str] = (),
) -> None:
    """Every check that a level needs, issued some months ago; the DBS check of somebody with
    `lapses_in` runs out so many days from now."""
    issued_on = today() - timedelta(days=CHECKED_DAYS_AGO)
    for check in needs(level):
        if check in leave_out:
            continue
        details: dict[str, Any] = {}
        if check == Check.DBS:
            details = {"has_barred_list": True, "on_update_service": True}
            if lapses_in is not None:
                details["expires_on"] = today() + timedelta(days=lapses_in)
        services.keep_check(mentor=entry, by=by, kind=check, issued_on=issued_on, **details)


# Matches ---------------------------------------------------------------------------------------
def best(referral: Referral, *, by: User) -> Mentor | None:
    """The mentor at the top of the list, or None when nobody may be proposed."""
    found = services.shortlist(referral, by=by)
    ranked = found.proposal.ranked
    return found.mentors[ranked[0].mentor.pk] if ranked else None


def propose(referral: Referral, mentor: Mentor, *, by: User) -> Match:
    return services.propose_mentor(referral=referral, mentor=mentor, by=by)


def ask(match: Match, *, by: User) -> Match:
    return move(match, "approve", by=by)


def say_yes(match: Match, *, by: User) -> Match:
    """The young person's yes, then the mentor's."""
    match = move(match, "agree", by=by)
    return move(match, "accept", by=user_of(match))


def reach(match: Match, *, by: User, is_reached: bool = True) -> None:
    """The mentor rings before they meet."""
    services.keep_contact(
        match=match,
        by=by,
        happened_at=now(),
        how="By phone",
        is_reached=is_reached,
        words="We said hello and what we both like. They know when we meet." if is_reached else "",
    )


def begin(match: Match, *, by: User) -> Match:
    """They have met, the agreement is signed."""
    match = move(match, "introduce", by=by, met_on=today())
    return move(match, "activate", by=by, agreed_on=today())


def running(referral: Referral, mentor: Mentor, *, by: User) -> Match:
    """A match from the proposal to its first day."""
    return begin(say_yes(ask(propose(referral, mentor, by=by), by=by), by=by), by=by)


STORIES: tuple[tuple[str, tuple[str, ...], bool], ...] = (
    ("Walked along the canal and talked about school. They said more than last week.",
     (Activity.TALK, Activity.WALK), False),
    ("Had something to eat and looked at what they would like to learn.",
     (Activity.FOOD, Activity.GOALS), False),
    ("Went to look at the college together. They asked two questions themselves.",
     (Activity.VISIT, Activity.JOB), True),
    ("Trained for half an hour, then wrote the form for the course.",
     (Activity.SPORT, Activity.FORMS), True),
    ("A quiet one. Played pool and talked about their week.", (Activity.TALK,), False),
)  # fmt: skip


def session(
    match: Match,
    *,
    by: User | None = None,
    at: datetime | None = None,
    story: int = 0,
    attended: str = Attendance.YES,
    worry: str = "",
    next_at: datetime | None = None,
) -> Session:
    """One session, written down now; `at` is when it began (an hour ago)."""
    did, activities, moved = STORIES[story % len(STORIES)]
    came = attended in (Attendance.YES, Attendance.LATE)
    report = Report(
        begins_at=at or now() - timedelta(hours=1),
        attended=attended,
        did=did if came else "Rang twice and sent a text. No answer yet.",
        minutes=60 if came else None,
        place="out" if came else "",
        activities=list(activities) if came else [],
        ete_moved=moved if came else None,
    )
    return services.record_session(
        match=match,
        report=report,
        by=by or user_of(match),
        submit_key=uuid.uuid4(),
        worry=Worry(worry) if worry else None,
        next_at=next_at,
    )


def end(match: Match, *, by: User, what_next: str = WhatNext.END, **about: Any) -> Match:
    """A planned ending; where support ends with it, the mentor reports and a coordinator
    approves."""
    match = close(match, by=by, what_next=what_next, **about)
    if what_next == WhatNext.END:
        reported = move(match.referral, "write_report", by=user_of(match), **REPORT)
        move(reported, "approve_end", by=by)
    return Match.objects.get(pk=match.pk)


def close(
    match: Match,
    *,
    by: User,
    reason: str = Ending.GOALS_MET,
    what_next: str = WhatNext.END,
    last_met_on: date | None = None,
) -> Match:
    """The match alone: its ending begun by the mentor and finished by a coordinator."""
    if match.status != Match.State.CLOSING:
        match = move(
            match, "start_closing", by=user_of(match), reason=reason, why="As we planned it."
        )
    return move(
        match,
        "close",
        by=by,
        reason=reason,
        last_met_on=last_met_on or today(),
        what_next=what_next,
        why="They looked back on the year together.",
        afterwards="A card on birthdays, through us.",
    )


def supervise(entry: Mentor, *, by: User) -> Mentor:
    return move(
        entry,
        "supervise",
        by=by,
        held_on=today(),
        minutes=45,
        words="How it goes with the young person; what to try next.",
    )


def user_of(match: Match) -> User:
    user = match.mentor.user
    if user is None:
        raise ValueError(f"{match} has a mentor without an account.")
    return user
