"""The outlines that we hold, and how places are drawn from them."""

import pytest

from accounts.places import built_in
from insight import maps
from insight.scoring import Place


def place(code, gap):
    return Place(code, f"Place {code}", {}, gap=gap)


def test_every_district_has_an_outline_and_no_ring_is_broken():
    known = maps.outlines()

    assert {row["code"] for row in built_in("districts.csv")} <= known.keys()
    for code, rings in known.items():
        assert rings and all(len(ring) >= 6 and len(ring) % 2 == 0 for ring in rings), code


def test_the_number_of_a_place_stands_within_its_bounds():
    codes = list(maps.outlines())
    drawn = maps.draw([place(code, 0) for code in codes])

    for shape in drawn.shapes:
        x, y = shape.middle
        ring = shape.rings[0]
        assert min(ring[::2]) <= x <= max(ring[::2]) and min(ring[1::2]) <= y <= max(ring[1::2])
    assert drawn.left < min(x for s in drawn.shapes for r in s.rings for x in r[::2])


@pytest.mark.parametrize(
    ("gap", "words"),
    [
        (41, "Far more need than services"), (40, "More need than services"),
        (10.6, "More need than services"), (10.4, "About even"), (0, "About even"),
        (-10, "More services than need"), (-40, "Far more services than need"),
        (-100, "Far more services than need"), (None, "Not available"),
    ],
)  # fmt: skip
def test_a_gap_is_coloured_by_the_points_that_the_table_shows(gap, words):
    assert maps.band_of(gap).words == words


def test_a_place_without_an_outline_is_left_out_and_the_numbers_stay_those_of_the_table():
    drawn = maps.draw([place("E06000015", 9), place("E06000018", None)])

    assert [(shape.number, shape.name) for shape in drawn.shapes] == [(2, "Place E06000018")]
    assert [band.words for band in drawn.bands] == ["Not available"]
    assert maps.draw([place("E06000015", 9)]) is None and maps.draw([]) is None
