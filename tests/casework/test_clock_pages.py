"""The clocks of the unit: read and changed by who runs programmes; danger is never slower."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from bs4 import BeautifulSoup

from casework import calendar, registry
from casework.calendar import at
from casework.clock_pages import label
from casework.models import ClockRule
from referrals.services import raise_concern
from waymark.demo import making

MONDAY = datetime(2026, 11, 2, 10, 0, tzinfo=ZoneInfo("Europe/London"))


def rule(kind, state):
    return ClockRule.objects.get(kind=kind, state=state)


def typed(row, **changes):
    names = ("limit", "remind_before", "escalate_every")
    return {name: getattr(row, name) for name in names} | changes


def test_every_clock_stands_there_once_with_a_name(world, sign_in):
    page = sign_in(world.pru).get("/casework/clocks/")
    links = BeautifulSoup(page.content, "lxml").select("main table a")
    assert len(links) == ClockRule.objects.count() == len({link["href"] for link in links})
    states = {(kind, state) for kind, model in registry.kinds().items() for state in model.CLOCKS}
    assert states == set(ClockRule.objects.values_list("kind", "state"))
    assert all("_" not in label(row) for row in ClockRule.objects.all())


def test_a_change_holds_for_what_comes_and_not_for_what_runs(world, sign_in):
    with at(MONDAY):
        before = making.refer(by=world.alex, programme=world.programme)
    row = rule("referral", "submitted")

    answer = sign_in(world.pru).post(f"/casework/clocks/{row.pk}/", typed(row, limit=3))

    assert answer.status_code == 302
    with at(MONDAY):
        after = making.refer(by=world.alex, programme=world.programme)
    before.refresh_from_db(fields=["due_at"])
    assert before.due_at == calendar.close_of(date(2026, 11, 3))
    assert after.due_at == calendar.close_of(date(2026, 11, 5))


@pytest.mark.parametrize(
    ("state", "changes", "sentence"),
    [
        ("raised_danger", {"limit": 61}, "at most 60 minutes"),
        ("acknowledged", {"limit": ""}, "Fill in"),
        ("acknowledged", {"limit": 9999}, "must be 400 or less"),
        ("acknowledged", {"escalate_every": 0}, "climbs after some time"),
        ("raised_danger", {"limit": 0}, "Give 1 or more"),
    ],
)
def test_what_cannot_be_is_refused_and_kept_as_typed(world, sign_in, state, changes, sentence):
    row = rule("concern", state)
    page = sign_in(world.pru).post(f"/casework/clocks/{row.pk}/", typed(row, **changes))
    assert page.status_code == 200 and sentence in page.text
    [(name, value)] = changes.items()
    box = BeautifulSoup(page.content, "lxml").select_one(f"input[name={name}]")
    assert box.get("value", "") == str(value)
    assert typed(rule("concern", state)) == typed(row)


def test_danger_may_be_read_sooner(world, sign_in):
    row = rule("concern", "raised_danger")
    sign_in(world.adam).post(f"/casework/clocks/{row.pk}/", typed(row, limit=30))
    with at(MONDAY):
        concern = raise_concern(by=world.alex, area=world.city, origin="danger", is_danger=True)
    assert (concern.due_at - MONDAY).total_seconds() == 30 * 60
