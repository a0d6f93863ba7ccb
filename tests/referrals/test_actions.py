"""What is agreed about a concern: who does what until when, and a clock that knows it."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from casework import calendar, timeline
from casework.calendar import at, now, today
from casework.workflow import Conflict, move
from referrals.models import Agreed, Concern, ConcernAction
from referrals.services import tick_off
from tests.personas import Cast

WORDS = {"words": "School watches."}


def on(days):
    return today() + timedelta(days=days)


def close(days):
    return calendar.close_of(on(days))


def typed_day(name, day):
    return {f"{name}_day": day.day, f"{name}_month": day.month, f"{name}_year": day.year}


def agreed(number, what="Ring home", who="The head", days=3):
    parts = {f"what_{number}": what, f"who_{number}": who}
    return {**parts, **(typed_day(f"by_when_{number}", on(days)) if days is not None else {})}


@pytest.fixture
def read(world):
    return Cast(world).concern("acknowledged")


def handle(concern, by, *actions, review=20):
    rows = [Agreed("Ring home", "The head", on(days)) for days in actions]
    return move(concern, "keep", by=by, review_on=on(review), actions=rows, **WORDS)


def fresh(concern):
    return Concern.objects.get(pk=concern.pk)


def typed(concern, *lines, review=20):
    found = {**WORDS, "version": concern.version, **typed_day("review_on", on(review))}
    for each in lines:
        found |= each
    return found


def test_a_lead_writes_down_who_does_what_until_when(world, sign_in, read):
    client, url = sign_in(world.sol), f"{read.home()}keep/"

    answer = client.post(url, typed(read, agreed(1), agreed(2, "Ask MASH", "Sol", 9)))

    assert answer.status_code == 302
    assert [(row.what, row.who, row.by_when) for row in read.actions.all()] == [
        ("Ring home", "The head", on(3)),
        ("Ask MASH", "Sol", on(9)),
    ]
    assert fresh(read).due_at == close(3)
    page = client.get(read.home()).text
    assert "Ring home" in page and "The head" in page and "It is done" in page


BAD_LINES = [
    ([], "Say what is done."),
    ([agreed(1, who="")], "Say who does it."),
    ([agreed(1, days=None)], "Say until when."),
    ([agreed(1), {"who_3": "The head"}], "Say what is done."),
    ([agreed(1, days=-1)], "within the next 90 days"),
    ([agreed(1, days=400)], "within the next 90 days"),
    ([agreed(1, what="x" * 301)], "at most 300 characters"),
    ([{**agreed(1), "by_when_1_month": "13"}], "must be a real date"),
]


@pytest.mark.parametrize(("lines", "sentence"), BAD_LINES)
def test_an_action_that_lacks_something_gets_a_sentence(world, sign_in, read, lines, sentence):
    answer = sign_in(world.sol).post(f"{read.home()}keep/", typed(read, *lines))

    assert answer.status_code == 200 and sentence in answer.text
    assert fresh(read).status == "acknowledged" and not ConcernAction.objects.exists()


def test_an_outcome_comes_with_actions_too(world, sign_in):
    passed = Cast(world).concern("passed_on")

    sign_in(world.sol).post(f"{passed.home()}receive-outcome/", typed(passed, agreed(1)))

    assert fresh(passed).status == "handled" and passed.actions.count() == 1


def test_the_clock_goes_from_action_to_action_and_then_to_the_review(world, read):
    case = handle(read, world.sol, 3, 9, review=20)
    dates = [case.due_at]
    for action in case.actions.all():
        tick_off(action=action, by=world.sky)
        dates.append(fresh(case).due_at)

    assert dates == [close(3), close(9), close(20)]
    assert "ticked off an agreed action" in {
        line.did for line in timeline.entries(fresh(case), by=world.sol)[0]
    }


def test_an_earlier_review_comes_first(world, read):
    assert handle(read, world.sol, 9, review=2).due_at == close(2)


def test_what_is_overdue_keeps_the_concern_late_whatever_else_is_done(world, read):
    case = handle(read, world.sol, 3, 9)
    with at(now() + timedelta(days=5)):
        tick_off(action=case.actions.last(), by=world.sol)

        assert case.actions.first().is_late
    with at(now() + timedelta(days=5, minutes=1)):
        assert fresh(case).is_late


def test_ticked_twice_it_is_done_once(world, sign_in, read):
    case = handle(read, world.sol, 3)
    client, url = sign_in(world.sky), f"{case.home()}actions/{case.actions.get().pk}/done/"

    assert [client.post(url).status_code for _ in range(2)] == [302, 302]
    assert case.actions.get().done_by == world.sky
    assert fresh(case).version == case.version + 1
    assert "It is done" not in client.get(case.home()).text


def test_only_a_lead_ticks_off_and_the_raiser_sees_no_action(world, sign_in, read):
    case = handle(read, world.sol, 3)
    action = case.actions.get()
    with pytest.raises(PermissionDenied):
        tick_off(action=action, by=world.alex)

    assert "Ring home" not in sign_in(world.alex).get(case.home()).text
    url = f"{case.home()}actions/{action.pk}/done/"
    assert sign_in(world.alex).post(url).status_code == 403
    assert sign_in(world.cora).post(url).status_code == 404


def test_whoever_closes_reads_what_was_agreed_and_is_not_done(world, sign_in, read):
    case = handle(read, world.sol, 3, 9)
    tick_off(action=case.actions.first(), by=world.sol)
    case = fresh(case)
    page = sign_in(world.sky).get(f"{case.home()}close/").text
    assert page.count("Agreed and not done") == 1

    closed = move(case, "close", by=world.sky, words="All is well.")

    assert closed.due_at is None
    with pytest.raises(Conflict):
        tick_off(action=closed.actions.last(), by=world.sol)
