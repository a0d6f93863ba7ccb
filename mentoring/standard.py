"""The standardised common approach as Waymark ships it (mentoring reference §1, §2).

Every number here is marked [default] in the reference: a choice of the project, not a sourced rule.
Each match keeps the version under which it was proposed.
"""

from datetime import date

from .choices import Check, Level

VERSION = "Waymark common approach 1.0"

# What each level needs beside what the levels below it need (§2c).
LEVEL_NEEDS: dict[int, tuple[Check, ...]] = {
    Level.ONE: (
        Check.IDENTITY,
        Check.INTERVIEW,
        Check.REFERENCES,
        Check.DBS,
        Check.SAFEGUARDING,
        Check.PREPARATION,
        Check.CODE,
    ),
    Level.TWO: (Check.TRAUMA, Check.CONTEXTUAL, Check.PRACTICE),
    Level.THREE: (Check.COURSE, Check.EXPLOITATION, Check.LONE_WORKING, Check.OBSERVED),
}
MANDATORY = LEVEL_NEEDS[Level.ONE]
# What must be clear before training begins.
SCREENING = (Check.IDENTITY, Check.INTERVIEW, Check.REFERENCES, Check.DBS)
# Those whose lapse ends matching at once are told of 90, 60 and 30 days before.
REMIND_DAYS = (90, 60, 30)

# For how many years a check counts; what is not named counts for good. A DBS check has no
# statutory end: three years is policy (§2a).
YEARS_VALID: dict[str, int] = {
    Check.DBS: 3,
    Check.SAFEGUARDING: 3,
    Check.TRAUMA: 3,
    Check.CONTEXTUAL: 3,
    Check.EXPLOITATION: 3,
    Check.LONE_WORKING: 2,
}

VOLUNTEER_CAPACITY = 3
PAID_CAPACITY = 15
SUPERVISION_DAYS = 42
# A match without a session for so long is quiet; two misses in a row are told (casework §9).
QUIET_DAYS = 15
MISSES_TOLD = 2
LONGEST_PAUSE_DAYS = 30
# A session planned further ahead than this does not move the date of a match.
LONGEST_GAP_DAYS = 28


def needs(level: int) -> tuple[Check, ...]:
    """Every check that a level needs, its own and those of the levels below."""
    return tuple(check for each, checks in LEVEL_NEEDS.items() if each <= level for check in checks)


def valid_until(check: str, issued_on: date) -> date | None:
    """The last day on which a check of that day counts, or None when it counts for good."""
    years = YEARS_VALID.get(check)
    if years is None:
        return None
    is_leap_day = (issued_on.month, issued_on.day) == (2, 29)
    return issued_on.replace(year=issued_on.year + years, day=28 if is_leap_day else issued_on.day)
