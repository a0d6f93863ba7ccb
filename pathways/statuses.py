"""For how long what we know of a young person's education, training or work stays true.

Source: the project's reference `pathways` §1 and §3, which calls the currency column a seed: the
principle is that of NCCIS, the months are not confirmed with the Department for Education. So each
rule says since when and who confirmed it (nobody yet), and pages say "confirm before a return is
sent". Statuses keep the day that was computed when they were recorded: a new rule changes no
history. The codes themselves stand in `referrals.nccis` (docs/adr/0002).
"""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from referrals import nccis

SOON = timedelta(days=28)  # how long before it lapses a status is on the list to be confirmed
UNKNOWN = "810"  # what is recorded when a place has ended and nobody has said what came next
CUSTODY = {"130", "290", "710"}


class Until(StrEnum):
    """What a status lasts until."""

    MONTHS = "so many months after it was last confirmed"
    COURSE_END = "the end of the course"
    COURSE_START = "the start of the course"
    RELEASE = "the release date"
    YEAR_END = "the end of the school year"
    NOTHING = "nothing: it is not known"


@dataclass(frozen=True)
class Currency:
    """`months`: how long without a date of its own. `cap`: no longer than this, whatever date."""

    until: Until
    months: int = 0
    cap: int = 0
    valid_from: date = date(2026, 1, 1)
    confirmed_by: str = ""


_YEAR = Currency(Until.YEAR_END)
_COURSE = Currency(Until.COURSE_END, months=12)
_COURSE_CAPPED = Currency(Until.COURSE_END, months=12, cap=12)
_RELEASE = Currency(Until.RELEASE, months=6)
_QUARTER = Currency(Until.MONTHS, months=3)
_HALF_YEAR = Currency(Until.MONTHS, months=6)
_NEVER = Currency(Until.NOTHING)

_CODES: dict[Currency, str] = {
    _YEAR: "110 120 140 150",
    _RELEASE: "130 290 710",
    _COURSE: "210 220 230 240 250 270 280",
    Currency(Until.COURSE_START, months=12): "260",
    _COURSE_CAPPED: "310 320 340 381 410 430 440 450 460 550",
    _HALF_YEAR: "330 350 360 380 620 630 640 650 660 670 680 720",
    _QUARTER: "530 540 610 615 616 619",
    _NEVER: "810 820",
}
CURRENCY: dict[str, Currency] = {
    code: rule for rule, codes in _CODES.items() for code in codes.split()
}


def lapses_on(code: str, *, verified_on: date, ends_on: date | None) -> date | None:
    """The last day on which a status counts; None when it is "not known" anyway, or no code.

    `ends_on` is the date that the rule asks for (end of the course, release), when there is one.
    """
    rule = CURRENCY.get(code, _NEVER)
    if rule.until is Until.NOTHING:
        return None
    if rule.until is Until.YEAR_END:
        return _school_year_end(verified_on)
    day = months_after(verified_on, rule.months)
    if rule.until is not Until.MONTHS and ends_on is not None:
        day = ends_on
    return min(day, months_after(verified_on, rule.cap)) if rule.cap else day


def _school_year_end(day: date) -> date:
    """31 August, the last day of the academic year in England."""
    end = date(day.year, 8, 31)
    return end if day <= end else end.replace(year=day.year + 1)


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last day of a shorter month."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def is_in_place(code: str) -> bool:
    """Whether it counts as a place in education, training or work. Custody never does (§1)."""
    return nccis.by_code[code].is_in_place and code not in CUSTODY


IN_PLACE = [status.code for status in nccis.ALL if is_in_place(status.code)]
# What somebody who starts in a place does from then on. Voluntary work (540) is no place in the
# published sense and is recorded as what it is.
STARTED = [*IN_PLACE, "540"]


def choices(codes: list[str]) -> list[tuple[str, list[tuple[str, str]]]]:
    """The choices of a form, in groups, cut down to these codes."""
    groups = [
        (label, [choice for choice in group if choice[0] in codes])
        for label, group in nccis.choices
    ]
    return [(label, group) for label, group in groups if group]
