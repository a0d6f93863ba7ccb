"""What people look for is counted, and nobody who looked can be recognised in it."""

from datetime import timedelta
from threading import Thread

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.template import engines
from django.test import Client

from accounts.clock import at, now
from cms import tasks
from cms.directory import demand, missing
from cms.models import Demand, Synonym, UnknownWord
from tests.cms.searching import names, page, sign


@pytest.fixture(autouse=True)
def nothing_waits():
    demand._waiting.clear()
    yield
    demand._waiting.clear()


@pytest.fixture
def site(site):
    """Without the demo's own searches."""
    Demand.objects.all().delete()
    return site


def searched(**query) -> dict[str, int]:
    """What is counted after a search, by its mark."""
    page(**query)
    demand.write()
    return dict(Demand.objects.values_list("mark", "count"))


def everything_written() -> str:
    """All that the tables hold, as text."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT cms_demand::text FROM cms_demand")
        rows = cursor.fetchall()
        cursor.execute("SELECT cms_unknownword::text FROM cms_unknownword")
        return str(rows + cursor.fetchall())


def test_reading_a_page_writes_nothing_and_what_waits_is_counted_afterwards(site):
    page(q="boxing", need=sign("money"), age=14)
    assert not Demand.objects.exists()

    assert demand.write() == 1

    marks = dict(Demand.objects.values_list("mark", "found"))
    assert set(marks) == {"", "word:boxing", "need:money", "age:14-17"}
    assert set(marks.values()) == {"few"}
    assert demand.write() == 0


def test_the_same_hour_is_one_row_however_many_processes_write(site):
    for _ in range(3):
        searched(q="boxing")

    row = Demand.objects.get(mark="word:boxing")
    assert (row.count, row.hour.minute, row.found) == (3, 0, "few")


@pytest.mark.parametrize(
    "query", [{}, {"cost": "free", "page": 2}, {"cost": "free", "sort": "name"}]
)
def test_a_list_that_is_only_leafed_through_is_not_counted(site, query):
    assert searched(**query) == {}


def test_a_place_leaves_its_district_and_nothing_of_itself(site):
    page(q="boxing", place="NG18 9ZZ")
    demand.write()

    assert set(Demand.objects.values_list("district", flat=True)) == {"E07000174"}
    assert "ng18" not in everything_written().casefold()


def test_the_chosen_district_is_kept_and_of_two_neither(site):
    searched(area="mansfield")
    searched(area=["mansfield", "ashfield"], q="boxing")

    assert dict(Demand.objects.filter(mark="").values_list("district", "count")) == {
        "E07000174": 1, "": 1,
    }  # fmt: skip


@pytest.mark.parametrize(
    "typed",
    ["zebedee quill", "zebedee.quill@example.org", "07700900123", "@zebedee", "zebedee2009"],
)
def test_a_name_an_address_and_a_number_are_nowhere_to_be_read(site, typed):
    searched(q=typed)

    written = everything_written()
    assert not any(part in written for part in ("zebedee", "quill", "0770", "2009", "example"))


def test_misspelt_words_count_as_what_was_found_for_them_and_small_words_not_at_all(site):
    assert set(searched(q="the boxxing")) == {"", "word:boxing"}


def test_what_found_nothing_counts_as_it_was_typed(site):
    """ "karting" is taken for "caring", which is not what anybody meant."""
    assert not names(page(q="karting zebedee"))

    assert set(searched(q="karting zebedee")) == {""}


def test_a_word_of_a_synonym_or_a_term_is_kept_though_no_service_has_it(site):
    Synonym.objects.create(phrase="quidditch", means="sport")

    assert "word:quidditch" in searched(q="quidditch")


@pytest.mark.thorough
def test_an_unknown_word_is_read_only_once_it_came_on_five_days_of_a_month(site):
    start = now().replace(day=1, hour=12)
    for day in range(5):
        with at(start + timedelta(days=day)):
            assert not Demand.objects.filter(mark="word:zebedee").exists()
            for _ in range(3):
                searched(q="zebedee")

    assert Demand.objects.get(mark="word:zebedee").count == 3
    assert "zebedee" not in str(list(UnknownWord.objects.values()))


def test_the_hash_of_a_word_is_another_in_another_month(site):
    for days in (0, 40):
        with at(now() + timedelta(days=days)):
            searched(q="zebedee")

    assert UnknownWord.objects.values("digest").distinct().count() == 2


def test_the_timer_writes_apart_from_any_request(committing):
    Client().get("/directory/?q=boxing")

    timer = Thread(target=demand._write_apart)
    timer.start()
    timer.join()

    assert Demand.objects.get(mark="").count == 1 and not demand._waiting


def test_a_flood_is_cut(site, monkeypatch):
    monkeypatch.setattr(demand, "MOST_WAITING", 2)
    for _ in range(3):
        page(q="boxing")

    assert demand.write() == 2


def test_counts_go_after_thirteen_months_and_hashes_after_theirs(site):
    searched(q="zebedee boxing")

    tasks.forget_demand()
    assert Demand.objects.exists() and UnknownWord.objects.exists()
    with at(now() + timedelta(days=32)):
        tasks.forget_demand()
        assert Demand.objects.exists() and not UnknownWord.objects.exists()
    with at(now() + timedelta(days=397)):
        tasks.forget_demand()
        assert not Demand.objects.exists()


def test_who_finds_nothing_can_say_what_was_missing_and_what_they_chose_is_filled_in(site):
    soup = page(q="zebedee", need=sign("money"), area="mansfield")
    form = soup.select_one("form[action='/directory/my/missing/']")

    assert form.select_one("#id_need option[selected]")["value"] == sign("money")
    assert form.select_one("#id_area option[selected]").text == "Mansfield"
    client = Client(enforce_csrf_checks=True)
    sent = {"need": sign("money"), "area": "mansfield", "why": "far"}
    out = client.post("/directory/my/missing/", sent, follow=True)

    assert "Thank you" in out.text and not client.cookies
    rows = Demand.objects.filter(mark__startswith="missing:").values_list("mark", "district")
    assert set(rows) == {("missing:money", "E07000174"), ("missing:why-far", "E07000174")}
    assert not page(q="boxing").select_one("form[action='/directory/my/missing/']")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [({}, "Choose what you needed"), ({"need": "n9999"}, "Choose one"), ({"area": "x"}, "Choose")],
)
def test_what_is_missing_or_made_up_is_said(site, typed, sentence):
    out = Client().post("/directory/my/missing/", typed)

    soup = BeautifulSoup(out.content, "lxml")
    assert sentence in soup.select_one(".govuk-error-summary").text
    assert not Demand.objects.exists()


def test_a_program_is_thanked_and_not_counted_and_one_address_tells_so_many_an_hour(site):
    sent = {"need": sign("money")}
    Client().post("/directory/my/missing/", {**sent, "surname": "Bot"})
    assert not Demand.objects.exists()

    answers = [
        Client().post("/directory/my/missing/", sent).status_code
        for _ in range(missing.MOST_AN_HOUR)
    ]

    assert answers == [302] * (missing.MOST_AN_HOUR - 1) + [429]


@pytest.fixture
def editor(site, sign_in, monkeypatch):
    monkeypatch.setattr(engines["django"].engine, "string_if_invalid", "")  # Wagtail's templates
    return sign_in(site.ed)


@pytest.mark.thorough
def test_editors_see_what_five_looked_for_in_vain_and_make_a_synonym_of_it(editor):
    for word, many in (("kayaking", 5), ("juggling", 4)):
        Synonym.objects.create(phrase=word, means="nothing yet")
        for _ in range(many):
            searched(q=word)

    report = BeautifulSoup(
        editor.get("/editor/reports/searches-that-found-nothing/").content, "lxml"
    )
    assert "kayaking" in report.text and "juggling" not in report.text
    link = report.select_one("a[href*='phrase=kayaking']")
    add = BeautifulSoup(editor.get(link["href"]).content, "lxml")
    assert add.select_one("input[name=phrase]")["value"] == "kayaking"
    taken = editor.get("/editor/reports/searches-that-found-nothing/?export=csv")
    assert b"kayaking,5" in b"".join(taken.streaming_content)
