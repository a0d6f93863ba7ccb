"""The outlines that we hold, and how places are drawn from them."""

import pytest

from accounts.places import built_in
from insight import maps
from insight.scoring import MISSING, WITHHELD, Figure, Place


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
    assert maps.gap(place("E06000018", gap)).words == words


def test_a_place_without_an_outline_is_left_out_and_the_numbers_stay_those_of_the_table():
    drawn = maps.draw([place("E06000015", 9), place("E06000018", None), place("E07000170", 0)])

    assert [(shape.number, shape.name[-9:]) for shape in drawn.shapes] == [
        (2, "E06000018"), (3, "E07000170"),
    ]  # fmt: skip
    assert [band.words for band in drawn.bands] == ["About even", "Not available"]
    assert maps.draw([place("E06000018", None)]) is None, "a white map tells nothing"
    assert maps.draw([place("E06000015", 9)]) is None and maps.draw([]) is None


@pytest.mark.parametrize(
    ("figure", "words"),
    [
        (Figure(0.405, "81 of 200"), "21% to 40%"),
        (Figure(0.406, "406 of 1,000"), "More than 40% found nothing"),
        (Figure(0.05, "5 of 100"), "5% or fewer"),
        (Figure(0.0, "0 of 40"), "5% or fewer"),
        (MISSING, "Not available"),
        (WITHHELD, "Withheld to protect privacy"),
    ],
)
def test_unmet_need_is_coloured_by_the_share_that_the_table_shows(figure, words):
    assert maps.unmet(Place("E06000018", "Nottingham", {"unmet": figure})).words == words


def test_what_is_withheld_has_a_colour_that_no_figure_has():
    others = [*maps.GAPS, *maps.SHARES, maps.UNKNOWN]

    assert maps.HIDDEN.fill not in {band.fill for band in others}
