"""Services as rows of a spreadsheet: out of the feed, and in with a map of columns."""

import csv
import io
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from cms.directory import spreadsheets
from cms.models import Schedule, Service
from tests.cms.test_round_trip import empty, real_addresses

THEIRS = """\
Ref;What it is called;Run by;About;From;To;Charge;Tel;Mon;Sat;Where;Code
7;Late gym;Leen Valley Boxing (invented);Boxing and a talk.;11;18;£2.50 a session;0115 496 0111;\
16:00-18:30;;Old mill;ng7 1aa
7;Late gym;Leen Valley Boxing (invented);;;;;;;;Second hall;NG7 2AA
8;Café chat;;Tea at four.;;;Free;;;10.00 to 12.00;;
"""
MAP = """\
id = "Ref"
name = "What it is called"
organisation = "Run by"
description = "About"
youngest = "From"
oldest = "To"
cost = "Charge"
phone = "Tel"
mo = "Mon"
sa = "Sat"
venue = "Where"
postcode = "Code"
"""
SAME = ["minimum_age", "maximum_age", "phone", "email", "url", "eligibility", "waiting_time"]
SAME += ["how_to_get_help", "cost", "price", "languages"]


@pytest.fixture
def bring(site, tmp_path, settings):
    """Import a file; gives what was said."""
    settings.VAR = tmp_path

    def run(content, out=None, **options):
        path = tmp_path / "theirs.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        out = out or StringIO()
        call_command("import_services", path, source="Them", stdout=out, stderr=out, **options)
        return out.getvalue()

    return run


@pytest.fixture
def with_map(tmp_path):
    path = tmp_path / "map.toml"
    path.write_text(MAP, encoding="utf-8")
    return path


def taken() -> spreadsheets.Sequence[Service]:
    return Service.objects.filter(source_record__source__name="Them").order_by("title")


def table(**asked: str) -> list[dict[str, str]]:
    response = Client().get("/oruk/v3/services", {"format": "csv", **asked})
    assert response["Content-Type"].startswith("text/csv")
    content = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(content)))


def test_a_map_says_what_their_columns_are(bring, with_map):
    bring(THEIRS, columns=with_map)
    chat, gym = taken()
    assert (gym.title, gym.provider.name) == ("Late gym", "Leen Valley Boxing (invented)")
    assert (gym.minimum_age, gym.maximum_age, gym.phone) == (11, 18, "0115 496 0111")
    assert (gym.cost, str(gym.price), gym.cost_words) == ("price", "2.50", "a session")
    [hours] = Schedule.objects.filter(service=gym)
    assert (hours.days, f"{hours.opens_at}", f"{hours.closes_at}") == (
        ["MO"],
        "16:00:00",
        "18:30:00",
    )
    places = [at.location for at in gym.service_at_locations.all()]
    assert [(p.name, p.postcode) for p in places] == [
        ("Old mill", "NG7 1AA"),
        ("Second hall", "NG7 2AA"),
    ]
    assert (chat.cost, [s.days for s in chat.schedules.all()]) == ("free", [["SA"]])
    assert not gym.live


def test_the_second_time_changes_nothing_and_a_new_price_is_one_change(bring, with_map):
    bring(THEIRS, columns=with_map)
    assert "2 unchanged" in bring(THEIRS, columns=with_map)
    assert "1 changed" in bring(THEIRS.replace("£2.50", "£3"), columns=with_map)
    assert taken().count() == 2


def test_the_same_file_without_ids_is_known_by_name_and_provider(bring):
    rows = "Service name,Provider\nLate gym,Them (invented)\nLate gym,Others (invented)\n"
    bring(rows)
    assert "2 unchanged" in bring(rows)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (";11;", ";eleven;", "“eleven” is no age"),
        ("16:00-18:30", "18:30-16:00", "“18:30-16:00” are no hours"),
        ("16:00-18:30", "25:00-26:00", "are no hours"),
        ("ng7 1aa", "ng77", "“ng77” is no postcode"),
        ("8;Café chat", "8;", "There is no name"),
        ("Tea at four.;;;Free;;;10.00 to 12.00;;", "Tea", "The row has"),
    ],
)
def test_a_bad_row_is_named_and_the_others_are_taken(bring, with_map, old, new, sentence):
    assert THEIRS.count(old) == 1
    out = StringIO()
    with pytest.raises(CommandError, match="1 rows were not taken"):
        bring(THEIRS.replace(old, new), out, columns=with_map)
    assert sentence in out.getvalue()
    assert taken().exists()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("title_of_it,b\n1,2\n", "has no column Name.*--columns"),
        ("", "is empty"),
        (b"PK\x03\x04rest", "is a spreadsheet or a zip"),
        (b"\0\1\2", "is not text"),
    ],
)
def test_what_is_no_such_table_is_refused(bring, content, sentence):
    with pytest.raises(CommandError, match=sentence):
        bring(content)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ('nam = "x"', "“nam” is not a line"),
        ("name = 7", "“name” is not a line"),
        ("name", "is no map of columns"),
        ('name = "Nobody has this"', "has no column Nobody has this"),
    ],
)
def test_a_map_that_says_nothing_is_refused(bring, tmp_path, words, sentence):
    path = tmp_path / "bad.toml"
    path.write_text(words, encoding="utf-8")
    with pytest.raises(CommandError, match=sentence):
        bring(THEIRS, columns=path)


def test_latin_1_is_read_and_said(bring, with_map):
    said = bring(THEIRS.encode("latin-1"), columns=with_map)
    assert "was read as" in said
    assert taken().first().title == "Café chat"


def test_the_feed_gives_a_row_for_each_service_at_each_venue(site):
    rows = table()
    public = Service.objects.in_feed()
    assert {row["Id"] for row in rows} == {str(pk) for pk in public.values_list("pk", flat=True)}
    assert len(rows) == sum(max(s.service_at_locations.count(), 1) for s in public)
    [row] = table(search='"Forest days"')
    assert row["Name"] == "Forest days"
    assert Client().get("/oruk/v3/taxonomies", {"format": "csv"}).status_code == 422


def test_what_a_spreadsheet_would_work_out_is_only_words(site):
    Service.objects.filter(title="Forest days").update(title='=HYPERLINK("http://x")')
    assert any(row["Name"] == '\'=HYPERLINK("http://x")' for row in table())


def said_of(service: Service) -> dict[str, object]:
    terms = {term.name for term in service.terms.all()}
    areas = {area.code for area in service.areas.all()}
    provider = (service.provider_id, service.provider.name)
    return {name: getattr(service, name) for name in SAME} | {
        "terms": terms, "areas": areas, "provider": provider,
    }  # fmt: skip


@pytest.mark.thorough
def test_what_comes_out_goes_in_elsewhere(site, bring):
    real_addresses()
    before = {service.pk: said_of(service) for service in Service.objects.in_feed()}
    content = "".join(exported())
    empty()

    bring(content)

    assert {service.pk: said_of(service) for service in taken()} == before


def exported() -> list[str]:
    """Our own directory as a CSV file."""
    response = Client().get("/oruk/v3/services", {"format": "csv"})
    return [part.decode() for part in response.streaming_content]


@pytest.mark.parametrize("without", ["", "Organisation id"])
def test_our_own_table_changes_nothing_where_it_came_from(site, bring, without):
    """With the name of the organisation alone too, as in a table that somebody has cut down."""
    rows = table()
    out = StringIO()
    writer = csv.DictWriter(out, [name for name in rows[0] if name != without])
    writer.writeheader()
    writer.writerows({k: v for k, v in row.items() if k != without} for row in rows)
    services = Service.objects.count()

    said = bring(out.getvalue())

    assert f"{Service.objects.in_feed().count()} left out: they are this directory's own" in said
    assert "0 added, 0 changed" in said and Service.objects.count() == services


def test_an_id_of_ours_with_another_organisation_is_not_believed(site, bring):
    ours = Service.objects.get(title="Forest days")
    bring(f"Id,Name,Organisation\n{ours.pk},Forest days,Others (invented)\n")

    [copy] = taken()
    assert copy.pk != ours.pk and copy.provider.name == "Others (invented)"


def test_rows_without_the_id_of_their_organisation_have_one_organisation_by_its_name(site, bring):
    bring("Name,Provider\nGym,Them (invented)\nClub,THEM (invented)\n")

    assert len({service.provider_id for service in taken()}) == 1
