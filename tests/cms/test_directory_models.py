"""What the directory's tables and small functions promise."""

import csv
from datetime import time

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction

from cms.directory import grid, plain, wording
from cms.directory.loading import load_taxonomies
from cms.models import Claim, Location, Provider, Schedule, Service, Suggestion, TaxonomyTerm
from tests.conftest import SHARED


def test_every_model_but_two_says_that_it_holds_nobody():
    subjects = {model: model.Privacy for model in apps.get_app_config("cms").get_models()}

    assert all(privacy.why for privacy in subjects.values())
    of_people = {model for model, privacy in subjects.items() if privacy.subject != "nobody"}
    assert of_people == {Claim, Suggestion}  # which are deleted within 90 days


def test_addresses_of_services_do_not_clash(db):
    provider = Provider.objects.create(name="P")
    slugs = [
        Service.objects.create(title=title, provider=provider, summary="s").slug
        for title in ("Boxing!", "Boxing", "boxing", "🙂", "🙃", "x" * 200)
    ]

    assert slugs[:5] == ["boxing", "boxing-2", "boxing-3", "service", "service-2"]
    assert len(set(slugs)) == 6 and len(slugs[5]) <= 80


@pytest.mark.parametrize(
    "wrong",
    [
        {"minimum_age": 18, "maximum_age": 11},
        {"cost": "free", "price": 3},
        {"checked_by": "team"},
    ],
)
def test_wrong_rows_are_refused_by_the_database(db, wrong):
    provider = Provider.objects.create(name="P")

    with pytest.raises(IntegrityError), transaction.atomic():
        Service.objects.create(title="S", provider=provider, summary="s", **wrong)


def test_half_a_point_is_refused(db):
    with pytest.raises(IntegrityError), transaction.atomic():
        Location.objects.create(name="Half", latitude=53.0)


def test_taxonomies_load_once_and_leave_edited_terms_alone(db):
    first = load_taxonomies()
    term = TaxonomyTerm.objects.get(taxonomy__code="need", code="money")
    sign, term.name = term.sign, "Cash"
    term.save()

    second = load_taxonomies()

    assert (first.added, second.added, second.kept) == (86, 0, 86)
    term.refresh_from_db()
    assert (term.name, term.sign) == ("Cash", sign)
    assert TaxonomyTerm.objects.get(code="tutoring").parent.code == "education"
    assert TaxonomyTerm.objects.of("need").count() == 25


def test_term_that_ended_is_not_offered(db):
    load_taxonomies()
    term = TaxonomyTerm.objects.get(taxonomy__code="need", code="money")
    TaxonomyTerm.objects.filter(pk=term.pk).update(valid_until="2020-01-01")

    assert term not in TaxonomyTerm.objects.current()


@pytest.mark.shared
def test_grid_reference_agrees_with_the_ordnance_survey():
    with (SHARED / "data" / "notts_postcodes.csv").open() as stream:
        rows = list(csv.DictReader(stream))[::50]

    for row in rows:
        easting, northing = grid.to_grid(float(row["latitude"]), float(row["longitude"]))
        assert abs(easting - int(row["easting"])) <= 2
        assert abs(northing - int(row["northing"])) <= 2


def test_grid_reference_of_nottingham_castle():
    easting, northing = grid.to_grid(52.9497, -1.1545)

    assert abs(easting - 456_900) < 100 and abs(northing - 339_400) < 100


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>One</p><p>Two &amp; three</p>", "One\n\nTwo & three"),
        ("<ul><li>a</li><li>b</li></ul>", "• a\n• b"),
        ("a<br>b", "a\nb"),
        ("<script>alert(1)</script>safe", "safe"),
        ("<p class=MsoNormal><o:p>Word</o:p></p>", "Word"),
        ("2 < 3 and 5 > 4", "2 < 3 and 5 > 4"),
        ("plain\r\n\r\n\r\n\r\ntext", "plain\n\ntext"),
        ("zero\u200bwidth\x00\x07", "zerowidth"),
        ("Cafe\u0301", "Café"),
    ],
)
def test_markup_becomes_text(markup, text):
    assert plain.to_text(markup) == text


@pytest.mark.parametrize(
    ("said", "folded"), [("Łódź Café", "lodz cafe"), ("STRASSE ß", "strasse ss")]
)
def test_accents_and_capitals_are_folded(said, folded):
    assert plain.fold(said) == folded


@pytest.mark.parametrize(
    ("youngest", "oldest", "words"),
    [
        (None, None, "All ages"),
        (0, None, "All ages"),
        (11, 18, "11 to 18"),
        (16, None, "16 and over"),
        (None, 18, "Up to 18"),
        (0, 5, "Up to 5"),
        (16, 16, "16"),
    ],
)
def test_ages_in_words(youngest, oldest, words):
    assert wording.ages(youngest, oldest) == words


@pytest.mark.parametrize(
    ("metres", "words"),
    [
        (None, ""),
        (0, "close by"),
        (800, "0.5 miles away"),
        (1_600, "1 mile away"),
        (5_000, "3 miles away"),
        (50_000, "31 miles away"),
    ],
)
def test_distance_in_words(metres, words):
    assert wording.distance(metres) == words


@pytest.mark.parametrize(
    ("days", "opens", "closes", "words"),
    [
        (["MO", "TU", "WE"], time(9), time(17), "Monday to Wednesday 9am to 5pm"),
        (["TU", "TH"], time(17, 30), time(20), "Tuesday and Thursday 5:30pm to 8pm"),
        (["SA"], time(12), None, "Saturday from midday"),
        (list(Schedule.Day.values), time(0), time(23, 59), "Every day at any time"),
    ],
)
def test_opening_times_in_words(days, opens, closes, words):
    row = Schedule(days=days, opens_at=opens, closes_at=closes)

    assert f"{wording.days(row)} {wording.hours(row)}" == words
