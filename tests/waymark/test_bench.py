"""What the benchmarks say of what they measured."""

import itertools

import pytest

from casework.models import Event
from casework.workflow import move
from referrals.models import Referral
from waymark.bench import contested_moves, measuring, rows
from waymark.demo import making


def test_both_sides_are_run_in_turn_and_the_first_round_warms_up():
    order = []

    def side(name, value):
        return lambda: order.append(name) or value

    measured = measuring.alternate(side("ours", 3.0), side("limit", 2.0), rounds=7)

    assert "".join(name[0] for name in order) == "ol" * 8
    assert (measured.ratio, measured.rounds, measured.is_void) == (1.5, 7, False)


def test_a_run_in_which_the_limit_moved_is_void_after_three_tries():
    values = itertools.cycle([1.0, 2.0, 3.0])

    measured = measuring.alternate(lambda: 1.0, lambda: next(values), rounds=8)

    assert measured.is_void
    row = rows.of("x", measured, unit="ms", better="lower", goal=9, floor=9)
    assert row.verdict == "void"


@pytest.mark.parametrize(
    ("better", "ratio", "verdict"),
    [
        ("lower", 2.0, "ok"),
        ("lower", 2.1, "short"),
        ("higher", 2.0, "ok"),
        ("higher", 1.9, "short"),
    ],
)
def test_a_row_says_whether_it_meets_its_goal(better, ratio, verdict):
    row = rows.Row("move", 1.234, "ms", ratio, goal=2, floor=4, better=better)

    assert row.line() == f"move 1.234 ms {ratio:g} 2 {verdict}"
    assert {"name", "value", "unit", "limit", "ratio", "better", "goal", "floor"} <= set(
        row.fields()
    )


@pytest.mark.slow  # threads with connections of their own
def test_contested_moves_finds_a_double_winner_and_a_lost_update(committing, monkeypatch):
    """The real move is clean; one that tells everybody that they have won is found out."""
    world = committing
    sent = making.refer(by=world.alex, programme=world.programme)
    case = move(sent, "start_triage", by=world.cora)
    move(case, "wait", by=world.cora, **making.TRIAGED)

    assert contested_moves.count(4) == (0, 0)

    def tells_everybody(case, name, *, by, expect, **detail):
        try:
            return move(case, name, by=by, expect=expect, **detail)
        except Exception:
            return case

    assert contested_moves.count(2, tells_everybody) == (2, 2)

    def forgets(case, name, **detail):
        return case

    monkeypatch.setattr(contested_moves, "THREADS", 1)
    assert contested_moves.count(2, forgets) == (0, 2)
    assert Event.objects.filter(name="offer_place").exists()
    assert Referral.objects.filter(status="waiting").exists()
