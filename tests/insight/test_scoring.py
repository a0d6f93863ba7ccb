"""Percentiles, need and gap; what is not known is never zero."""

import pytest

from insight.scoring import MISSING, WITHHELD, Figure, Place, by_gap, percentiles, score

WEIGHTS = {"deprivation": 40, "referrals": 30, "unmet": 20, "out_of_place": 10}


def place(code, **values):
    figures = dict.fromkeys([*WEIGHTS, "provision"], MISSING)
    figures |= {
        name: value if isinstance(value, Figure) else Figure(value, str(value))
        for name, value in values.items()
    }
    return Place(code, code, figures)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"a": 1, "b": 2, "c": 3}, {"a": 0, "b": 50, "c": 100}),
        ({"a": 5, "b": 5, "c": 9}, {"a": 25, "b": 25, "c": 100}),
        ({"a": 0, "b": 0}, {"a": 50, "b": 50}),
        ({"a": 7}, {}),
        ({}, {}),
    ],
)
def test_percentiles_say_how_many_of_the_others_have_less(values, expected):
    assert percentiles(values) == expected


def test_need_is_the_weighted_mean_and_the_gap_is_need_less_provision():
    high = place("high", deprivation=9, referrals=9, unmet=1, out_of_place=1, provision=1)
    low = place("low", deprivation=1, referrals=1, unmet=9, out_of_place=9, provision=9)

    score([high, low], WEIGHTS)

    assert (high.need, high.gap) == (70, 70)
    assert (low.need, low.gap) == (30, -70)
    assert by_gap([low, high]) == [high, low]


@pytest.mark.parametrize("unknown", [MISSING, WITHHELD])
def test_what_is_not_known_is_left_out_and_not_zero(unknown):
    some = place("some", deprivation=5, unmet=unknown, provision=1)
    other = place("other", deprivation=1, unmet=0.5, provision=2)
    third = place("third", deprivation=3, unmet=0.1, provision=3)

    score([some, other, third], WEIGHTS)

    assert some.need == 100, "deprivation alone"
    assert "unmet" in some.left_out and "unmet" not in other.left_out
    assert other.ranks["unmet"] == 100 and third.ranks["unmet"] == 0


def test_a_place_of_which_nothing_is_known_has_no_score_and_comes_last():
    nothing, a, b = (
        place("a-nothing"),
        place("b", deprivation=1, provision=1),
        place("c", deprivation=2, provision=1),
    )

    score([nothing, a, b], WEIGHTS)

    assert nothing.need is None and nothing.gap is None
    assert by_gap([nothing, a, b])[-1] is nothing


def test_without_a_gap_the_order_is_that_of_need():
    low, high, none = place("a", deprivation=1), place("b", deprivation=9), place("c")

    score([low, high, none], WEIGHTS)

    assert by_gap([none, low, high]) == [high, low, none]
