"""Dates, times and amounts as people say them."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from accounts import clock
from waymark import words

NOW = datetime(2025, 6, 4, 13, 30, tzinfo=UTC)  # Wednesday, 2:30pm in London


@pytest.fixture(autouse=True)
def _wednesday():
    with clock.at(NOW):
        yield


@pytest.mark.parametrize(
    ("moment", "said", "tone"),
    [
        (NOW - timedelta(seconds=20), "1 minute late", "late"),
        (NOW - timedelta(minutes=25), "25 minutes late", "late"),
        (NOW - timedelta(hours=3), "3 hours late", "late"),
        (NOW - timedelta(days=1), "1 day late", "late"),
        (NOW - timedelta(days=2), "2 days late", "late"),
        (NOW - timedelta(days=60), "60 days late", "late"),
        (NOW - timedelta(days=100), "3 months late", "late"),
        (NOW - timedelta(days=2490), "over 6 years late", "late"),
        (NOW + timedelta(minutes=40), "due in 40 minutes", "soon"),
        (NOW + timedelta(minutes=95), "due in 1 hour 35 minutes", "soon"),
        (NOW + timedelta(hours=3), "due today", "soon"),
        (NOW + timedelta(hours=23), "due tomorrow", "soon"),
        (NOW + timedelta(days=2), "due Friday", ""),
        (NOW + timedelta(days=13), "due Tuesday 17 June", ""),
        (NOW + timedelta(days=300), "due Tuesday 31 March 2026", ""),
        (date(2025, 6, 4), "due today", "soon"),
        (date(2025, 6, 3), "1 day late", "late"),
        (date(2025, 6, 5), "due tomorrow", "soon"),
        (None, "", ""),
    ],
)
def test_due_is_said_in_words_with_a_tone(moment, said, tone):
    assert words.due_and_tone(moment) == (said, tone)


def test_due_counts_days_in_london_not_in_utc():
    just_after_midnight_in_london = datetime(2025, 6, 4, 23, 30, tzinfo=UTC)

    assert words.due(just_after_midnight_in_london) == "due tomorrow"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (NOW, "2:30pm"),
        (time(0, 0), "midnight"),
        (time(12, 0), "midday"),
        (time(12, 5), "12:05pm"),
        (time(0, 5), "12:05am"),
        (time(9, 0), "9am"),
        (None, ""),
    ],
)
def test_times_are_said_as_people_say_them(value, said):
    assert words.clock(value) == said


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (0, "today"),
        (1, "yesterday"),
        (13, "13 days ago"),
        (21, "3 weeks ago"),
        (90, "3 months ago"),
        (400, "over a year ago"),
        (900, "over 2 years ago"),
    ],
)
def test_how_long_ago(days, said):
    assert words.ago(NOW - timedelta(days=days)) == said


def test_days_amounts_and_lists():
    assert words.day(NOW) == "Wednesday 4 June"
    assert words.day(date(2024, 6, 4)) == "Tuesday 4 June 2024"
    assert words.day_clock(NOW) == "Wednesday 4 June, 2:30pm"
    assert [words.minutes(n) for n in (0, 1, 60, 95)] == [
        "0 minutes",
        "1 minute",
        "1 hour",
        "1 hour 35 minutes",
    ]
    assert [words.capped(n) for n in (0, 1000, 1001)] == ["0", "1,000", "1,000+"]
    assert [words.money(n) for n in (125000, 1250, -5)] == ["£1,250", "£12.50", "-£0.05"]
    assert words.and_list(["Ada", "Ben", "Cal"]) == "Ada, Ben and Cal"
    assert words.and_list(["Ada"]) == "Ada"
    assert words.tel("+44 (0)115 999-1234") == "+4401159991234"


def test_entries_keep_their_order_in_runs_of_a_day():
    late, early, before = ({"at": NOW - timedelta(hours=h)} for h in (1, 2, 30))

    assert words.by_day([late, early, before]) == [
        (date(2025, 6, 4), [late, early]),
        (date(2025, 6, 3), [before]),
    ]
