"""For how long a status counts, against the table of the pathways reference (§1, §3)."""

from datetime import date

import pytest

from pathways import statuses
from pathways.statuses import lapses_on, months_after
from referrals import nccis

MARCH = date(2026, 3, 12)


def test_every_code_has_a_rule_and_no_rule_lacks_a_code():
    assert set(statuses.CURRENCY) == set(nccis.by_code)


@pytest.mark.parametrize(
    ("code", "ends_on", "last_day"),
    [
        ("110", None, date(2026, 8, 31)),  # the school year's end, whatever the course
        ("230", date(2027, 7, 9), date(2027, 7, 9)),  # the course's end
        ("230", None, date(2027, 3, 12)),  # no end known: a year
        ("310", date(2028, 7, 9), date(2027, 3, 12)),  # never more than 12 months
        ("310", date(2026, 7, 9), date(2026, 7, 9)),
        ("330", date(2028, 7, 9), date(2026, 9, 12)),  # six months, whatever the contract says
        ("619", None, date(2026, 6, 12)),  # three
        ("290", date(2026, 5, 1), date(2026, 5, 1)),  # the release date
        ("810", None, None),  # not known does not lapse
        ("820", None, None),
    ],
)
def test_a_status_counts_as_long_as_its_rule_says(code, ends_on, last_day):
    assert lapses_on(code, verified_on=MARCH, ends_on=ends_on) == last_day


def test_a_school_year_ends_in_the_next_august():
    assert lapses_on("110", verified_on=date(2026, 9, 1), ends_on=None) == date(2027, 8, 31)
    assert lapses_on("110", verified_on=date(2026, 8, 31), ends_on=None) == date(2026, 8, 31)


def test_months_end_on_the_last_day_of_a_shorter_month():
    assert months_after(date(2026, 11, 30), 3) == date(2027, 2, 28)
    assert months_after(date(2027, 11, 30), 3) == date(2028, 2, 29)


def test_custody_is_never_a_place():
    """Code 290 is grouped as education; dashboards let custody override it (§1)."""
    assert not [code for code in ("130", "290", "710") if statuses.is_in_place(code)]
    assert statuses.is_in_place("230") and not statuses.is_in_place("619")
