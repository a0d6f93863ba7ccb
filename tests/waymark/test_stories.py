"""When the demo's stories are told: on days and at hours when people work, and never to come."""

from datetime import datetime

import pytest

from casework.calendar import LONDON, at, is_working_day
from waymark.demo.stories import moment

NOWS = {
    "early on a Monday": datetime(2026, 11, 23, 5, 43, tzinfo=LONDON),
    "a Monday afternoon": datetime(2026, 11, 23, 15, 20, tzinfo=LONDON),
    "late on a Wednesday": datetime(2026, 11, 18, 23, 50, tzinfo=LONDON),
    "a Sunday": datetime(2026, 11, 22, 13, 0, tzinfo=LONDON),
    "after Christmas": datetime(2026, 12, 29, 0, 5, tzinfo=LONDON),
    "when clocks go forward": datetime(2026, 3, 30, 9, 0, tzinfo=LONDON),
}


@pytest.mark.parametrize("name", NOWS)
def test_a_story_keeps_its_order_in_working_hours_that_have_passed(name):
    with at(NOWS[name]):
        told = [
            moment(days, hour, minute)
            for days in range(40, -1, -1)
            for hour in range(8, 20)
            for minute in (0, 30)
        ]

    assert told == sorted(told) and told[-1] <= NOWS[name]
    assert all(is_working_day(each.date()) and 8 <= each.hour < 20 for each in told)
    days = {each.date() for each in told}
    assert len(days) >= 25  # no great part of the story is pressed into one day


def test_a_working_day_between_others_keeps_its_hours():
    with at(NOWS["early on a Monday"]):
        assert moment(5, 14, 20) == datetime(2026, 11, 18, 14, 20, tzinfo=LONDON)
