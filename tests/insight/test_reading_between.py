"""What somebody tries who wants to know what is withheld: totals, scores, colours, the order of the
rows, the PDF, the page of the wards, the same page tomorrow. Each attempt has a control: it finds a
leak that was planted."""

import re
import uuid
from datetime import timedelta
from io import BytesIO

import pypdf
import pytest
from bs4 import BeautifulSoup
from django.utils import timezone

from accounts.models import Area
from casework.calendar import at
from cms.directory import demand
from cms.models import Demand
from insight import disclosure, maps, needs, releases
from insight.disclosure import BOARD
from insight.models import Population, Release
from insight.periods import last_four_quarters
from insight.scoring import Figure, Place
from pathways import counting as pathways
from referrals import counting as referrals
from referrals.models import HomeAddress
from tests.insight.test_needs import ASHFIELD, CITY, DERBY, IN_THE_YEAR, postcode, referred

CODES = [ASHFIELD, DERBY, CITY]  # as the table has them: by name
WARDS = [f"E0500000{number}" for number in range(1, 5)]
TOKEN = re.compile(r'csrfmiddlewaretoken" value="[^"]+"|nonce="[^"]+"')


@pytest.fixture
def ana(world, sign_in):
    return sign_in(world.ana)


@pytest.fixture
def places(world):
    """Three districts and the wards of one, of which everything public is known."""
    for number, code in enumerate(CODES):
        postcode(f"NG{number} 1AA", code, f"E0100000{number}", number * 3 + 1)
        Population.objects.create(area_code=code, people=9_000, year=2024)
    for number, code in enumerate(WARDS):
        Area.objects.create(
            kind=Area.Kind.WARD, parent=world.city, code=code, name=f"Ward {number}"
        )
        postcode(f"NG9 {number}AA", CITY, f"E0200000{number}", number + 1, code)
        Population.objects.create(area_code=code, people=2_000, year=2024)
    return world


def people(monkeypatch, districts, lived=()):
    """So many referred, as (out of place, not) by district, and so many of the city's by ward."""
    who = {
        uuid.uuid4(): (code, is_out)
        for code, counts in zip(CODES, districts, strict=True)
        for is_out, many in zip((True, False), counts, strict=True)
        for _ in range(many)
    }
    here = [person for person, (code, _) in who.items() if code == CITY]
    homes = [code for code, many in zip(WARDS, lived, strict=False) for _ in range(many)]
    wards = dict(zip(here, homes, strict=False))
    districts_of = {person: code for person, (code, _) in who.items()}
    monkeypatch.setattr(referrals, "people_by_district", lambda *period: districts_of)
    monkeypatch.setattr(
        pathways, "out_of_place", lambda people, day: {person for person in who if who[person][1]}
    )
    monkeypatch.setattr(
        referrals, "wards_of", lambda people: {p: wards[p] for p in people if p in wards}
    )


def everything(client):
    """All that can be read: both pages, and what their PDFs draw on each sheet, colours too."""
    found = [client.get(f"/insight/needs/{path}").text for path in ("", f"{CITY}/")]
    files = [
        b"".join(client.get(f"/insight/needs/{path}needs.pdf").streaming_content)
        for path in ("", f"{CITY}/")
    ]
    sheets = [
        page.get_contents().get_data()
        for file in files
        for page in pypdf.PdfReader(BytesIO(file)).pages
    ]
    return [TOKEN.sub("", text) for text in found] + sheets


def opened(client, path):
    return BeautifulSoup(client.get(f"/insight/needs/{path}").content, "lxml")


def figures(client, path, head):
    return column(opened(client, path), head)


def column(soup, head):
    """A column of a page's first table, by place."""
    rows = soup.table.tbody
    return {
        " ".join(row.th.text.split()).partition(". ")[2]: " ".join(
            row.select_one(f'[data-label="{head}"]').text.split()
        )
        for row in rows.select("tr")
    }


def number(words):
    return None if words == "c" else int(words.split()[0].replace(",", ""))


# From the totals, of both pages together --------------------------------------------------------
def seen(client):
    """The cells that both pages show, in one line of numbers, and in which lines they add up."""
    districts = opened(client, "")
    referred_ = column(districts, "Young people referred")
    out = column(districts, "Out of education and work, or not known")
    lived = figures(client, f"{CITY}/", "Young people referred")
    names = ["Ashfield", "Derby", "Nottingham"]
    shown = []
    for name in names:
        share = out[name]
        part = number(share)
        total = number(referred_[name])
        shown += [part, None if None in (part, total) else total - part, total]
    text = " ".join(districts.text.split())
    whole = re.search(r"([\d,]+) young people were referred in all", text)
    columns = releases.read(releases.latest(), Release.Table.REFERRED)[""][:2]  # on no page
    shown += [*columns, int(whole[1].replace(",", "")) if whole else None]
    shown += [*(number(lived[f"Ward {at}"]) for at in range(len(WARDS))), None]
    lines = [(row * 3, row * 3 + 1, row * 3 + 2) for row in range(4)]
    lines += [(column, column + 3, column + 6, column + 9) for column in range(3)]
    return shown, [*lines, (12, 13, 14, 15, 16, 8)]  # the last ward is that of nobody known


def worked_out(true, shown, lines):
    """The withheld cells of which more is known than a range of five."""
    withheld = {at for at, cell in enumerate(shown) if cell is None}
    ranges = {at: disclosure.interval(true, withheld, lines, at) for at in withheld}
    return {at: true[at] for at, (least, most) in ranges.items() if most - least < BOARD - 1e-6}


TABLES = [
    ([(3, 9), (0, 0), (12, 30)], (10, 12, 3, 9)),
    ([(12, 13), (7, 21), (6, 22)], (4, 9, 9, 5)),
    ([(6, 0), (2, 1), (40, 60)], (1, 1, 50, 48)),
    ([(30, 31), (4, 25), (22, 22)], (20, 19, 4, 1)),
]


def truth(districts, lived):
    rows = [[*row, sum(row)] for row in districts]
    rows.append([sum(column) for column in zip(*rows, strict=True)])
    return [cell for row in rows for cell in row] + [*lived, rows[2][2] - sum(lived)]


@pytest.mark.parametrize(("districts", "lived"), TABLES)
def test_no_withheld_cell_follows_from_what_both_pages_show(
    places, ana, monkeypatch, districts, lived
):
    people(monkeypatch, districts, lived)
    releases.make()

    shown, lines = seen(ana)

    true = truth(districts, lived)
    assert all(cell in (None, true[at]) for at, cell in enumerate(shown))
    assert not any(cell is not None and 0 < cell < BOARD for cell in shown)
    assert any(cell is None for cell in shown[12:16]), "something is withheld in each of them"
    assert worked_out(true, shown, lines) == {}


def test_the_check_finds_a_ward_that_was_protected_without_regard_to_its_district(
    places, ana, monkeypatch
):
    """The control: only what is small is withheld, so that the total gives it away."""
    districts, lived = TABLES[0][0], (10, 12, 3, 16)  # and one of whom no ward is known
    people(monkeypatch, districts, lived)
    monkeypatch.setattr(
        releases, "protect_parts", lambda parts: [p if p >= BOARD else None for p in parts]
    )
    releases.make()

    shown, lines = seen(ana)

    assert worked_out(truth(districts, lived), shown, lines)


# From anything else: scores, colours, order, words, the PDF ---------------------------------------
@pytest.mark.slow("draws both pages and both PDFs twice")
def test_tables_that_withhold_the_same_read_the_same_to_the_last_letter(places, ana, monkeypatch):
    """What is withheld decides no score, place, colour, row or word: with other numbers behind the
    same cells not a letter differs, on any page."""
    monkeypatch.setattr(disclosure, "lot", lambda values, place: 0.5)
    found = []
    with at(timezone.now()):
        for districts, lived in (
            ([(3, 9), (2, 30), (12, 18)], (9, 12, 3, 6)),
            ([(1, 11), (4, 28), (12, 18)], (9, 12, 4, 5)),
        ):
            Release.objects.all().delete()
            people(monkeypatch, districts, lived)
            releases.make()
            found.append(everything(ana))

    assert found[0] == found[1]


@pytest.mark.slow("draws both pages and both PDFs twice")
@pytest.mark.parametrize("leak", ["score", "order", "words"])
def test_the_comparison_finds_what_a_withheld_number_decides(places, ana, monkeypatch, leak):
    """The control: a page that reads what was counted instead of what was released."""
    monkeypatch.setattr(disclosure, "lot", lambda values, place: 0.5)
    hidden: dict[str, int] = {}
    rate = needs._rate

    def scored(cells, code, population):
        return Figure(hidden.get(code, 0), rate(cells, code, population).words)

    def sorted_(places):
        return sorted(places, key=lambda place: hidden.get(place.code, 0))

    def worded(cells, code):
        return Figure(None, "c" if hidden.get(code, 0) > 13 else "C")

    planted = {
        "score": ("_rate", scored),
        "order": ("by_gap", sorted_),
        "words": ("_count", worded),
    }
    monkeypatch.setattr(needs, *planted[leak])
    found = []
    with at(timezone.now()):
        for districts in ([(3, 9), (2, 30), (12, 18)], [(3, 11), (2, 28), (12, 1)]):
            Release.objects.all().delete()
            people(monkeypatch, [(3, 9), (2, 30), (12, 18)])
            hidden.update({code: sum(row) for code, row in zip(CODES, districts, strict=True)})
            releases.make()
            found.append(everything(ana))

    assert found[0] != found[1]


@pytest.mark.thorough
@pytest.mark.slow("draws both pages and both PDFs twice")
@pytest.mark.parametrize("is_planted", [False, True])
def test_no_colour_of_the_map_tells_a_share_that_is_withheld(places, ana, monkeypatch, is_planted):
    """Other searches behind the same cells; the control colours by what was counted."""
    monkeypatch.setattr(disclosure, "lot", lambda values, place: 0.5)
    found, colour = [], maps.unmet

    def told(place):
        in_vain, rest = counts.get(place.code, (0, 1))
        share = Figure(in_vain / (in_vain + rest), "c")
        return colour(Place(place.code, place.name, {"unmet": share}))

    if is_planted:
        monkeypatch.setattr(maps, "unmet", told)
    with at(timezone.now()):
        for derby, city in ((3, 10), (1, 12)):
            Release.objects.all().delete()
            counts = {ASHFIELD: (20, 20), DERBY: (derby, 63 - derby), CITY: (city, 100 - city)}
            monkeypatch.setattr(demand, "by_district", lambda *period, found=counts: found)
            releases.make()
            assert figures(ana, "", "Searches that found nothing")["Nottingham"] == "c"
            found.append(everything(ana))

    assert (found[0] != found[1]) is is_planted


def test_no_page_counts_anybody_itself(places, ana, monkeypatch):
    people(monkeypatch, *TABLES[0])
    releases.make()

    def count(*args):
        raise AssertionError("counted while it was read")

    for module, name in (
        (referrals, "people_by_district"), (referrals, "wards_of"), (pathways, "out_of_place"),
        (demand, "by_district"), (demand, "by_need"),
    ):  # fmt: skip
        monkeypatch.setattr(module, name, count)

    assert len(everything(ana)) > 3
    with pytest.raises(AssertionError, match="counted while it was read"):  # the control
        Release.objects.all().delete()
        releases.make()


# From today and tomorrow --------------------------------------------------------------------------
@pytest.mark.slow("refers twelve young people")
def test_nobody_can_be_told_from_the_page_of_yesterday(places, ana):
    """One of them is moved, one comes to be protected, one is deleted, searches are forgotten."""
    referred(places, 7, postcode="NG9 0AA")
    referred(places, 5, postcode="NG9 1AA")
    hour = IN_THE_YEAR.replace(minute=0, second=0, microsecond=0)
    Demand.objects.add({(hour, CITY, "", "none"): 20, (hour, CITY, "", "some"): 30})
    releases.make()
    before = [figures(ana, path, "Young people referred") for path in ("", f"{CITY}/")]
    assert before[1]["Ward 0"] == "7" and before[1]["Ward 1"] == "5"

    homes = HomeAddress.objects.filter(postcode="NG9 0AA").order_by("pk")
    HomeAddress.objects.filter(pk=homes[0].pk).update(postcode="NG9 1AA")
    HomeAddress.objects.filter(pk=homes[1].pk).update(is_protected=True)
    Demand.objects.all().delete()
    releases.make()

    assert [figures(ana, path, "Young people referred") for path in ("", f"{CITY}/")] == before
    assert figures(ana, "", "Searches that found nothing")["Nottingham"].startswith("20 of 50")

    Release.objects.all().delete()  # the control: counted anew, the page tells of them
    releases.make()
    assert figures(ana, f"{CITY}/", "Young people referred") != before[1]


def test_a_figure_that_was_counted_late_adds_up_to_what_was_released_before(
    places, ana, monkeypatch
):
    """Wards are loaded weeks later, and somebody was deleted meanwhile: what they show is still
    parts of the district's total, or nothing."""
    people(monkeypatch, *TABLES[0])
    releases.make()
    Release.objects.filter(table=Release.Table.WARDS).delete()
    people(monkeypatch, [(3, 9), (0, 0), (12, 28)], (10, 13, 8, 9))
    releases.make()
    assert set(figures(ana, f"{CITY}/", "Young people referred").values()) != {"c"}

    Release.objects.filter(table=Release.Table.WARDS).delete()
    people(monkeypatch, [(3, 9), (0, 0), (12, 50)], (20, 13, 9, 20))
    releases.make()
    assert set(figures(ana, f"{CITY}/", "Young people referred").values()) == {"c"}


def test_a_place_that_came_later_is_not_available_until_the_next_period(places, ana, monkeypatch):
    people(monkeypatch, *TABLES[0])
    releases.make()
    Area.objects.create(
        kind=Area.Kind.DISTRICT, parent=places.city.parent, code="E07000171", name="Bassetlaw"
    )
    releases.make()

    assert figures(ana, "", "Young people referred")["Bassetlaw"] == "not available"
    assert releases.latest() == last_four_quarters()
    with at(last_four_quarters().until + timedelta(days=93)):
        assert releases.latest() != last_four_quarters() and releases.make() > 0
        assert releases.latest() == last_four_quarters()
