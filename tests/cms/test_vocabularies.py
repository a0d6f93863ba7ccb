"""Words of other directories: what an editor says that they mean, here already and to come."""

import json
from importlib import import_module

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django_q.models import OrmQ

from cms.directory import vocabularies
from cms.models import Listing, Service, Source, SourceRecord, TaxonomyTerm, Translation
from tests.cms.council import FILE
from tests.cms.test_runs import Feed, read, record, source

__all__ = ["source"]  # a fixture

PAGE = reverse("directory_translations")
LIST = "Audience (invented)"


def sorted_by(*words, **more):
    """Attributes with these words of a list of theirs."""
    terms = [{"id": f"x-{word}", "name": word, "taxonomy": LIST, **more} for word in words]
    return {"attributes": [{"taxonomy_term": term} for term in terms]}


@pytest.fixture
def audience(source):
    """Services that another directory sorts by its own words."""
    feed = Feed(
        record(1, **sorted_by("Skint", "Money or debt")),
        record(2, **sorted_by("SKINT", "Grandparents")),
        record(3, **sorted_by("Grandparents")),
        record(4, **sorted_by("Skint")),
    )
    read(source, feed)
    return feed


@pytest.fixture
def money(site):
    return TaxonomyTerm.objects.get(taxonomy__code="need", code="money")


def terms(title):
    return {term.code for term in Service.objects.get(title=title).terms.all()}


def say(site, word, term):
    vocabularies.translate(vocabularies.word(word, LIST), term, by=site.ed)
    assert vocabularies.resolve() == ""


def test_words_that_are_none_of_ours_are_counted_however_they_are_written(audience, money):
    assert terms("Service 1") == {"money"}  # by its name
    said = {(str(theirs.name), many) for theirs, many in vocabularies.counted()}
    assert said == {("SKINT", 3), ("Grandparents", 2)}


def test_what_is_here_gets_the_term_at_once_and_what_comes_as_it_comes(
    audience, source, site, money
):
    say(site, "skint", money)

    assert terms("Service 2") == terms("Service 4") == {"money"} and terms("Service 3") == set()
    assert Listing.objects.filter(service__title="Service 4", marks__contains=["need:money"])
    read(source, Feed(*audience.pages[0], *audience.pages[1], record(5, **sorted_by("Skint"))))
    assert terms("Service 5") == {"money"} == terms("Service 4")


@pytest.mark.thorough
def test_a_second_import_after_it_changes_nothing(audience, source, site, money):
    say(site, "skint", money)

    run = read(source, audience)
    changed = read(
        source, Feed(*audience.pages[0], record(3), record(4, **sorted_by("Skint"), url="a.test"))
    )

    assert (run.changed, run.unchanged) == (0, 4)
    assert terms("Service 4") == {"money"} and changed.held == 0


@pytest.mark.thorough
def test_another_meaning_or_none_takes_back_what_the_word_had_given(audience, site, money):
    family = TaxonomyTerm.objects.get(taxonomy__code="need", code="homeless")
    say(site, "skint", money)

    say(site, "skint", family)
    assert terms("Service 4") == {"homeless"}
    say(site, "skint", None)
    assert terms("Service 4") == set()
    assert terms("Service 1") == {"money"}  # which it says in so many words


def test_what_an_editor_added_or_took_away_stays(audience, site, money):
    home = TaxonomyTerm.objects.get(taxonomy__code="need", code="homeless")
    edited = Service.objects.get(title="Service 4")
    edited.terms.set([home])
    edited.save_revision().publish()

    say(site, "skint", money)
    assert terms("Service 4") == {"homeless", "money"}
    edited = Service.objects.get(title="Service 4")
    edited.terms.set([home])
    edited.save_revision().publish()
    say(site, "grandparents", money)
    assert terms("Service 4") == {"homeless"}


def test_a_draft_that_waits_is_not_published_with_it(audience, site, money):
    waiting = Service.objects.get(title="Service 4")
    waiting.summary = "Not approved yet."
    waiting.save_revision()

    say(site, "skint", money)

    assert terms("Service 4") == set()
    draft = Service.objects.get(title="Service 4").get_latest_revision_as_object()
    assert draft.summary == "Not approved yet."
    assert {term.code for term in draft.terms.all()} == {"money"}


@pytest.mark.thorough
def test_time_that_is_over_ends_a_call_and_the_next_goes_on(audience, site, money):
    vocabularies.translate(vocabularies.word("Skint", LIST), money, by=site.ed)
    after, calls = vocabularies.resolve(seconds=-1), 1
    while after:
        after, calls = vocabularies.resolve(after=after, seconds=-1), calls + 1

    assert calls == 4  # one for each of three, and one that finds the end
    assert terms("Service 4") == terms("Service 2") == {"money"}


@pytest.mark.thorough
def test_what_was_imported_before_words_were_kept_is_counted_too(audience):
    before = vocabularies.counted()
    SourceRecord.objects.update(said_terms=[])
    operations = import_module("cms.migrations.0032_translations").Migration.operations

    with connection.cursor() as cursor:
        cursor.execute(operations[-1].sql)

    assert vocabularies.counted() == before != []


def test_a_list_without_a_name_is_that_of_its_source(source):
    nameless = {"attributes": [{"taxonomy_term": {"name": "Skint"}}]}
    named_as_in_1_0 = {"attributes": [{"taxonomy_term": {"name": "Broke", "vocabulary": "esdX"}}]}
    read(source, Feed(record(1, **nameless), record(2, **named_as_in_1_0)))

    assert SourceRecord.objects.get(source_key="s1").said_terms == [f"Skint\t{source.name}"]
    assert SourceRecord.objects.get(source_key="s2").said_terms == ["Broke\tesdX"]


# The page of editors -----------------------------------------------------------------------------
@pytest.fixture
def editor(site, sign_in) -> Client:
    return sign_in(site.ed)


def fields(page):
    """The name of the field of each word on the page."""
    form = page.context["form"]
    return {theirs.name.lower(): field.name for (theirs, _), field in form.rows}


def test_an_editor_says_what_words_mean(contexts, editor, audience, money):
    page = editor.get(PAGE)
    assert "2 to decide" in page.text and "SKINT" in page.text
    name = fields(page)

    said = editor.post(
        PAGE, {name["skint"]: str(money.pk), name["grandparents"]: "none"}, follow=True
    )

    assert "2 saved" in said.text and "no word that waits" in said.text
    meant = dict(Translation.objects.values_list("word", "term"))
    assert meant == {"skint": money.pk, "grandparents": None}
    assert any(row.func() == "cms.tasks.resolve_terms" for row in OrmQ.objects.all())
    decided = editor.get(PAGE, {"show": "decided"})
    assert f'value="{money.pk}" selected' in decided.text


@pytest.mark.thorough
@pytest.mark.parametrize("value", ["", "x", "00000000-0000-4000-8000-000000000000"])
def test_what_is_no_term_is_said_at_its_field_and_what_is_undecided_stays(
    contexts, editor, audience, value, money
):
    name = fields(editor.get(PAGE))

    said = editor.post(
        PAGE, {name["skint"]: value, name["grandparents"]: str(money.pk)}, follow=True
    )

    assert ("Select a valid choice" in said.text) is bool(value)
    assert Translation.objects.filter(word="skint").count() == 0
    if value:
        assert f'value="{money.pk}" selected' in said.text  # nothing chosen is lost


@pytest.mark.thorough
def test_hundreds_of_words_are_shown_page_by_page(
    contexts, editor, source, django_assert_max_num_queries
):
    read(source, Feed(record(1, **sorted_by(*(f"Word {n}" for n in range(300))))))

    with django_assert_max_num_queries(30):
        page = editor.get(PAGE, {"p": 3})

    assert len(page.context["form"].rows) == 25 and "Page 3 of 12" in page.text
    assert len(page.content) < 300_000
    assert editor.get(PAGE, {"p": "x"}).status_code == 200


def test_the_page_of_imports_leads_to_it(editor, audience):
    assert (
        "2 words of other directories to translate" in editor.get(reverse("directory_imports")).text
    )


@pytest.mark.parametrize("who", ["cora", "oz"])
def test_nobody_else_comes_in(site, sign_in, who):
    assert sign_in(getattr(site, who)).get(PAGE).status_code == 403


# What it is worth --------------------------------------------------------------------------------
@pytest.mark.shared
def test_how_many_services_of_a_council_its_twenty_commonest_words_reach(site, record_property):
    """Of a dump, without importing it: those that some word of theirs leads to."""
    from cms.directory.incoming import Reading

    source, vocabulary = Source(name="Council"), vocabularies.Vocabulary()
    records = json.loads(FILE.read_text(encoding="utf-8"))
    said = [vocabulary.read(Reading().terms(each), source) for each in records]
    many = {}
    for _, words in said:
        for each in words:
            many[each] = many.get(each, 0) + 1
    common = set(sorted(many, key=lambda each: -many[each])[:20])

    by_name = sum(bool(found) for found, _ in said)
    reached = sum(bool(found) or bool(common & set(words)) for found, words in said)
    sorted_at_all = sum(bool(found or words) for found, words in said)

    assert reached > 2 * by_name
    told = f"{by_name} by name, {reached} with the 20 commonest words, {sorted_at_all} at most"
    record_property(f"of {len(records)} services of a council, terms reach", told)
