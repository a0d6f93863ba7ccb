"""Nobody in a published table can be recognised: the reference's example, and tables at random."""

from itertools import product

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from insight import disclosure
from insight.disclosure import protect_parts, protect_table

T = disclosure.BOARD
counts = st.one_of(st.integers(0, 9), st.integers(0, 60))
tables = st.integers(1, 4).flatmap(
    lambda width: st.lists(st.lists(counts, min_size=width, max_size=width), min_size=1, max_size=6)
)


def grid(rows):
    """The whole table with its totals, and the lines in which it adds up."""
    whole = [[*row, sum(row)] for row in rows]
    whole.append([sum(column) for column in zip(*whole, strict=True)])
    width = len(whole[0])
    places = [[row * width + column for column in range(width)] for row in range(len(whole))]
    lines = [tuple(row) for row in places] + [tuple(c) for c in zip(*places, strict=True)]
    return whole, lines


def known_of(values, shown, lines):
    """What can be worked out of each withheld cell."""
    withheld = {at for at, value in enumerate(shown) if value is None}
    return {at: disclosure.interval(values, withheld, lines, at) for at in withheld}


def flat(rows):
    return [value for row in rows for value in row]


@pytest.fixture
def no_lots(monkeypatch):
    """With every lot the same, the smallest is taken, as the reference has it."""
    monkeypatch.setattr(disclosure, "lot", lambda values, place: 0.5)


def test_worked_example_of_the_reference(no_lots):
    rows = [[12, 3], [20, 9], [8, 14], [7, 11]]

    assert protect_table(rows) == [
        [None, None, 15], [20, 9, 29], [8, 14, 22], [None, None, 18], [47, 37, 84],
    ]  # fmt: skip


def test_attacker_learns_of_the_example_what_the_reference_says(no_lots):
    whole, lines = grid([[12, 3], [20, 9], [8, 14], [7, 11]])
    shown = flat(protect_table([[12, 3], [20, 9], [8, 14], [7, 11]]))

    least, most = known_of(flat(whole), shown, lines)[1]  # North, M

    assert (round(least), round(most)) == (0, 14)


def test_two_ones_that_add_up_to_a_published_total_are_hidden_behind_a_third():
    """Each must be one if both are withheld and counts are above zero; the range says so."""
    assert protect_table([[1, 30], [1, 40], [25, 50]])[2][0] is None


def test_the_split_of_a_small_group_in_one_category_is_withheld_with_its_zero():
    shown = protect_table([[7, 0], [40, 50], [60, 30]])

    assert shown[0][:2] == [None, None] and shown[0][2] == 7


def test_zeros_stay_and_what_is_large_stays():
    assert protect_table([[0, 20], [10, 0], [30, 40]]) == [
        [0, 20, 20], [10, 0, 10], [30, 40, 70], [40, 60, 100],
    ]  # fmt: skip


def test_nothing_to_show_is_shown_as_nothing():
    assert protect_table([]) == []
    assert protect_table([[0, 0]]) == [[0, 0, 0], [0, 0, 0]]


@settings(max_examples=150, deadline=None)
@example([[0, 0, 1], [0, 5, 0], [0, 6, 5]])  # one cell's own lines are withheld whole, and tell
@given(tables)
def test_no_small_cell_is_shown_and_no_withheld_cell_can_be_worked_out(rows):
    whole, lines = grid(rows)
    values, shown = flat(whole), flat(protect_table(rows))

    assert not any(value is not None and 0 < value < T for value in shown)
    assert all(s is None or s == v for s, v in zip(shown, values, strict=True))
    for at, (least, most) in known_of(values, shown, lines).items():
        assert least <= values[at] + 1e-6 and values[at] <= most + 1e-6
        assert most - least >= T - 1e-6


@settings(max_examples=150, deadline=None)
@given(st.lists(counts, max_size=12))
def test_parts_of_a_published_total_cannot_be_worked_out(parts):
    shown = protect_parts(parts)
    total = sum(parts)

    assert not any(value is not None and 0 < value < T for value in shown)
    if total < T:
        return
    hidden = [at for at, value in enumerate(shown) if value is None]
    rest = total - sum(value for value in shown if value is not None)
    assert len(hidden) != 1
    assert not hidden or rest >= T, "each of them is anything from none to the rest"


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.integers(0, 3), min_size=2, max_size=2), min_size=2, max_size=2))
def test_the_range_is_the_true_one(rows):
    """Against all tables that there are: everything but one corner and its totals is withheld."""
    whole, lines = grid(rows)
    values = flat(whole)
    withheld = {0, 1, 3, 4}  # the four inner cells of 3 × 3

    least, most = disclosure.interval(values, withheld, lines, 0)

    possible = [
        a
        for a, b, c, d in product(range(7), repeat=4)
        if [a + b, c + d, a + c, b + d] == [values[2], values[5], values[6], values[7]]
    ]
    assert (round(least), round(most)) == (min(possible), max(possible))


def test_the_same_table_is_withheld_in_the_same_way_each_time():
    """Else whoever asks often enough sees each cell once."""
    rows = [[12, 3], [20, 9], [8, 14], [7, 11]]

    assert all(protect_table(rows) == protect_table(rows) for _ in range(5))


def test_another_key_withholds_other_cells_so_that_nobody_can_draw_the_lots_again(settings):
    parts, found = [4, 30, 31, 32, 33, 34], set()
    for number in range(20):
        settings.SECRET_KEY = f"key {number}"
        found.add(tuple(protect_parts(parts)))

    assert len(found) > 1


def test_what_cannot_be_measured_is_not_shown():
    """A range that nothing has is an error, and no sign that a cell is safe."""
    with pytest.raises(ArithmeticError):
        disclosure.interval([0, 5, 3], {0}, [(0, 1, 2)], 0)  # 5 of 3


@pytest.mark.parametrize("careless", ["withhold_more", "withhold_small"])
def test_the_check_finds_what_a_careless_table_gives_away(monkeypatch, careless):
    """The control: without one of the rules something can be worked out."""
    monkeypatch.setattr(disclosure._Table, careless, lambda self: None)
    rows = [[12, 3], [20, 9], [8, 14]]
    whole, lines = grid(rows)
    values, shown = flat(whole), flat(protect_table(rows))

    given_away = [value for value in shown if value is not None and 0 < value < T]
    ranges = known_of(values, shown, lines).values()
    assert given_away or any(most - least < T for least, most in ranges)
