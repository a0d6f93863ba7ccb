"""The asset needs assessment: what it shows, what it withholds, who weighs it."""

from datetime import date, datetime, timedelta
from io import BytesIO, StringIO
from itertools import product

import pypdf
import pytest
from bs4 import BeautifulSoup
from django.core.management import CommandError, call_command

from accounts.models import Area, Postcode
from casework.calendar import LONDON, at
from cms.directory import demand
from cms.directory.loading import load_taxonomies
from cms.models import Demand
from insight import deprivation, releases
from insight.models import Population, Weights
from insight.periods import last_four_quarters
from tests.conftest import SHARED
from waymark.demo import making

ASHFIELD, CITY, DERBY = "E07000170", "E06000018", "E06000015"
IN_THE_YEAR = last_four_quarters().until - timedelta(days=20)


def page(client, path=""):
    """A page as it is once the night has come."""
    releases.make()
    response = client.get(f"/insight/needs/{path}")
    assert response.status_code == 200
    assert "UNDEFINED" not in response.text
    return BeautifulSoup(response.content, "lxml")


def cells(soup, place):
    """What a place's row of the first table says, by its heads."""
    rows = soup.select_one("table").select("tbody tr")
    row = next(row for row in rows if row.th.get_text(strip=True).endswith(place))
    return {cell["data-label"]: " ".join(cell.text.split()) for cell in row.select("td")}


def said(soup, head):
    """A column of the first table, by place."""
    return {place: cells(soup, place)[head] for place in ("Nottingham", "Ashfield", "Derby")}


def postcode(code, district, lsoa, decile, ward=""):
    Postcode.objects.create(
        postcode=code,
        latitude=53,
        longitude=-1,
        easting=450000,
        northing=340000,
        district_code=district,
        ward_code=ward,
        lsoa21_code=lsoa,
        imd_decile=decile,
    )


def referred(world, many, **changes):
    with at(IN_THE_YEAR):
        for number in range(many):
            making.refer(
                by=world.alex,
                programme=world.programme,
                legal_name=f"Nobody Invented {number}",
                **changes,
            )


def document(client, path=""):
    """The words of a PDF."""
    answer = client.get(f"/insight/needs/{path}needs.pdf")
    pdf = pypdf.PdfReader(BytesIO(b"".join(answer.streaming_content)))
    return " ".join(" ".join(page.extract_text().split()) for page in pdf.pages)


@pytest.fixture
def ana(world, sign_in):
    return sign_in(world.ana)


def test_before_the_first_night_nothing_of_people_is_known_and_nothing_is_zero(ana):
    response = ana.get("/insight/needs/")

    assert "How many young people were referred is not counted yet" in response.text
    city = cells(BeautifulSoup(response.content, "lxml"), "Nottingham")
    assert city["Young people referred"] == city["Searches that found nothing"] == "not available"
    assert "is not counted yet" in document(ana)


def test_without_places_deprivation_is_not_available_and_never_zero(ana):
    soup = page(ana)

    city = cells(soup, "Nottingham")
    assert city["Deprived small areas"] == "not available"
    assert city["Searches that found nothing"] == "0 of 0"
    assert city["Need"] == city["Gap"] == "not available"
    assert "deciles are not loaded" in soup.text
    assert "Referred per 1,000" not in city, "no rate without a population"


def test_deprivation_is_counted_by_small_area_in_the_place_of_most_of_its_postcodes(world, ana):
    for number, (district, lsoa, decile) in enumerate(
        [
            (CITY, "E01000001", 1), (CITY, "E01000001", 1), (ASHFIELD, "E01000001", 1),
            (CITY, "E01000002", 7), (ASHFIELD, "E01000003", 2), (ASHFIELD, "E01000004", None),
        ]
    ):  # fmt: skip
        postcode(f"NG1 {number}AA", district, lsoa, decile)

    found = deprivation.by_area(Area.Kind.DISTRICT)

    assert found == {CITY: (2, 1, 1), ASHFIELD: (1, 0, 1)}
    assert cells(page(ana), "Nottingham")["Deprived small areas"] == "1 of 2 (0)"
    assert cells(page(ana), "Ashfield")["Need"] == "100"
    assert cells(page(ana), "Derby")["Need"] == "not available"


@pytest.mark.thorough
@pytest.mark.shared
@pytest.mark.slow("imports 26,606 postcodes")
def test_deprivation_of_the_real_places_is_that_of_the_reference(world):
    file = SHARED / "data/notts_postcodes.csv"
    call_command("import_places", file, stdout=StringIO(), stderr=StringIO())

    found = deprivation.by_area(Area.Kind.DISTRICT)

    tenth = {
        CITY: (55, 179), "E07000174": (9, 68), ASHFIELD: (9, 77), "E07000171": (5, 69),
        "E07000175": (3, 74), "E07000173": (1, 77), "E07000172": (0, 71), "E07000176": (0, 69),
    }  # fmt: skip
    assert {code: row.tenth for code, row in found.items()} == {c: n for c, (n, _) in tenth.items()}
    # One small area at a border: the shapes behind the postcodes are generalised.
    assert all(abs(found[code].areas - areas) <= 1 for code, (_, areas) in tenth.items())


@pytest.mark.slow("refers nine young people")
def test_small_counts_and_what_would_give_them_away_are_withheld_on_screen_and_on_paper(world, ana):
    postcode("NG1 1AA", CITY, "E01000001", None)
    postcode("NG17 1AA", ASHFIELD, "E01000002", None)
    referred(world, 6)
    referred(world, 3, postcode="NG17 1AA")
    # Not of the period: now.
    making.refer(by=world.alex, programme=world.programme)

    soup = page(ana)
    shown = said(soup, "Young people referred")
    text = document(ana)

    assert shown == {"Nottingham": "c", "Ashfield": "c", "Derby": "0"}
    assert "9 young people were referred in all" in soup.text
    assert cells(soup, "Nottingham")["Out of education and work, or not known"] == "c"
    assert "Nottingham not available c" in text and "rules version 2" in text
    assert "For Ana Invented" in text and "Nobody Invented" not in text


@pytest.mark.slow("refers eleven young people")
def test_a_ward_shows_who_lives_there_and_no_protected_address(world, ana):
    city = world.city
    for code, name in (("E05000001", "Arboretum"), ("E05000002", "Bridge")):
        Area.objects.create(kind=Area.Kind.WARD, parent=city, code=code, name=name)
    postcode("NG1 1AA", CITY, "E01000001", 1, "E05000001")
    postcode("NG1 1AB", CITY, "E01000002", 9, "E05000002")
    referred(world, 6)
    referred(world, 5, postcode="NG1 1AB", is_protected="on")

    soup = page(ana, f"{CITY}/")

    assert cells(soup, "Arboretum")["Young people referred"] == "6"
    assert cells(soup, "Bridge")["Young people referred"] == "0"
    assert cells(soup, "Bridge")["Services"] == "not available", "of no place the ward is known"
    assert "11 young people were referred in all" in soup.text
    text = document(ana, f"{CITY}/")
    assert "wards of Nottingham" in text and "11 young people were referred in all" in text
    assert "Arboretum 1 of 1 6 not available" in text and "Services by kind" not in text


def test_without_wards_the_page_says_how_to_bring_them_in(ana):
    assert "No wards are loaded" in page(ana, f"{DERBY}/").text


@pytest.mark.parametrize("path", ["%00/", "%00/needs.pdf", "E06000018%20/", "actions/add/?in=%00"])
def test_an_address_that_is_none_is_no_error_of_ours(ana, path):
    assert ana.get(f"/insight/needs/{path}").status_code in (403, 404)


def test_searches_are_shown_as_a_share_and_small_ones_withheld(ana):
    hour = IN_THE_YEAR.replace(minute=0, second=0, microsecond=0)
    outside = last_four_quarters().until
    Demand.objects.add(
        {
            (hour, CITY, "", "none"): 12, (hour, CITY, "", "few"): 28,
            (hour, ASHFIELD, "", "none"): 20, (hour, ASHFIELD, "", "some"): 20,
            (hour, DERBY, "", "none"): 3, (hour, DERBY, "", "some"): 60,
            (outside, CITY, "", "none"): 100, (hour, CITY, "word:boxing", "none"): 9,
        }
    )  # fmt: skip
    assert demand.by_district(*last_four_quarters())[CITY] == (12, 28)

    shown = said(page(ana), "Searches that found nothing")

    others = {"Nottingham": "12 of 40", "Ashfield": "20 of 40"}
    also = {name for name in others if shown[name] == "c"}  # drawn by lots
    assert shown["Derby"] == "c" and len(also) == 1
    assert all(shown[name] == others[name] for name in others.keys() - also)
    soup = page(ana)
    beside = soup.find("h2", string="Searches that found nothing").find_next("table")
    rows = [row.get_text(" ", strip=True) for row in beside.select("tbody tr")]
    shares = {"12 of 40": "30%", "20 of 40": "50%", "c": "c"}
    assert {row.partition(". ")[2] for row in rows} == {
        f"{name} {words} {shares[words]}" for name, words in shown.items()
    }
    titles = [title.text.partition(". ")[2] for title in soup.select("svg title")]
    (hidden,), (seen,) = also, others.keys() - also
    colour = {"Ashfield": "more than 40% found nothing", "Nottingham": "21% to 40%"}
    assert f"{hidden}: withheld to protect privacy" in titles
    assert f"{seen}: {colour[seen]}" in titles
    assert soup.text.count("Withheld to protect privacy") == 1, "in the legend"


def test_needs_that_were_looked_for_in_vain_stand_there_once_enough_have_asked(ana):
    hour = IN_THE_YEAR.replace(minute=0, second=0, microsecond=0)
    load_taxonomies()
    Demand.objects.add(
        {
            (hour, CITY, "need:money", "none"): 9, (hour, "", "need:money", "some"): 90,
            (hour, CITY, "missing:money", "none"): 4, (hour, "", "missing:homeless", "none"): 4,
            (hour, "", "missing:homeless", "few"): 9,
        }
    )  # fmt: skip

    table = page(ana).find("h2", string="Looked for and not found").find_next("table")
    rows = table.select("tbody tr")

    assert [row.get_text(" ", strip=True) for row in rows] == ["Money or debt 9 under 5"]


def test_a_rate_is_shown_once_every_place_has_a_population(ana, tmp_path):
    file = tmp_path / "people.csv"
    rows = [
        (code, age, 100)
        for code, age in product([CITY, ASHFIELD, DERBY, "E07000999"], (9, 10, 24, 25, "90+"))
    ]
    file.write_text(
        "ladcode23,age,population_2024\n" + "".join(f"{c},{a},{n}\n" for c, a, n in rows)
    )

    for _ in range(2):
        out = StringIO()
        call_command("import_population", file, year=2024, stdout=out, stderr=StringIO())

    assert set(Population.objects.values_list("people", flat=True)) == {200}
    assert "3 unchanged" in out.getvalue() and "5 left out" in out.getvalue()
    assert cells(page(ana), "Nottingham")["Referred per 1,000"].startswith("0.0")
    Population.objects.filter(pk=DERBY).delete()
    assert "Referred per 1,000" not in cells(page(ana), "Nottingham")


@pytest.mark.parametrize(
    "text",
    [
        "area_code,age,people\nnonsense,10,5\n", "area_code,age,people\nE06000018,ten,5\n",
        "area_code,age,people\nE06000018,10,-5\n", "area_code,age,people\nE06000018,70,5\n",
        "name,people\nNottingham,5\n",
    ],
)  # fmt: skip
def test_a_population_that_is_none_is_refused_with_a_sentence(world, tmp_path, text):
    file = tmp_path / "people.csv"
    file.write_text(text)

    with pytest.raises(CommandError, match=r"not taken|has no column|has nobody"):
        call_command("import_population", file, year=2024, stdout=StringIO(), stderr=StringIO())

    assert not Population.objects.exists()


@pytest.mark.parametrize(
    ("day", "first", "last"),
    [
        (date(2026, 11, 23), date(2025, 10, 1), date(2026, 9, 30)),
        (date(2026, 10, 1), date(2025, 10, 1), date(2026, 9, 30)),
        (date(2026, 9, 30), date(2025, 7, 1), date(2026, 6, 30)),
        (date(2027, 1, 1), date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_the_year_ends_with_a_whole_quarter(day, first, last):
    with at(datetime.combine(day, datetime.min.time(), LONDON)):
        period = last_four_quarters()

    assert (period.since.astimezone(LONDON).date(), period.last_day) == (first, last)


def test_a_programme_manager_changes_the_weights_and_the_change_has_a_name(world, sign_in, ana):
    pru = sign_in(world.pru)
    typed = {"deprivation": 25, "referrals": 25, "unmet": 25, "out_of_place": 25}

    assert "Change the weights" in page(pru).text and "Change the weights" not in page(ana).text
    out = pru.post("/insight/needs/weights/", typed, follow=True)

    assert "The weights are changed" in out.text
    assert Weights.ours().of == typed and Weights.ours().set_by == world.pru
    assert page(ana).text.count("25%") == 4


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"unmet": 30}, "must add up to 100"),
        ({"unmet": "much"}, "whole number"),
        ({"unmet": -20}, "0 or more"),
    ],
)
def test_weights_that_are_none_are_said_and_stay_typed(world, sign_in, change, sentence):
    typed = {"deprivation": 40, "referrals": 30, "unmet": 20, "out_of_place": 10, **change}

    out = sign_in(world.pru).post("/insight/needs/weights/", typed)

    soup = BeautifulSoup(out.content, "lxml")
    assert sentence in soup.select_one(".govuk-error-summary").text
    assert soup.select_one("#id_unmet")["value"] == str(typed["unmet"])
    assert not Weights.objects.exists()


def test_the_map_has_the_number_of_each_row_and_the_table_says_the_same(world, ana):
    postcode("NG1 1AA", CITY, "E01000001", 1)
    postcode("NG17 1AA", ASHFIELD, "E01000002", 9)

    soup = page(ana)
    assert soup.find("h2", string="Searches that found nothing") is None, "none is known"

    titles = [title.text for title in soup.select("svg title")]
    numbers = [text.text for text in soup.select("svg text")]
    rows = [row.th.get_text(" ", strip=True) for row in soup.select_one("table tbody").select("tr")]
    assert rows[:2] == ["1. Nottingham", "2. Ashfield"] and numbers == ["1", "2"]
    assert titles == [
        "1. Nottingham: far more need than services",
        "2. Ashfield: far more services than need",
    ]
    assert not soup.select("[style]"), "the content security policy lets none through"


def test_the_page_warns_where_need_rests_on_little(world, ana):
    assert "Nothing is known yet" in page(ana).text
    postcode("NG1 1AA", CITY, "E01000001", 1)
    postcode("NG17 1AA", ASHFIELD, "E01000002", 9)

    assert "Need rests on deprivation alone." in page(ana).text


def test_the_page_costs_so_many_queries_however_many_places_and_people(
    world, ana, django_assert_max_num_queries
):
    for number in range(20):
        Area.objects.create(
            kind=Area.Kind.DISTRICT,
            parent=world.city.parent,
            code=f"E070009{number:02}",
            name="Far",
        )
        postcode(f"NG1 {number % 10}A{'AB'[number // 10]}", f"E070009{number:02}", f"E0{number}", 2)

    page(ana)
    with django_assert_max_num_queries(20):
        ana.get("/insight/needs/")


def test_those_who_read_figures_find_them_in_their_menu(world, sign_in):
    for who in ("ana", "bo", "pru", "cora"):
        assert 'href="/insight/needs/"' in sign_in(getattr(world, who)).get("/work/").text
    assert "/insight/" not in sign_in(world.max).get("/work/").text
