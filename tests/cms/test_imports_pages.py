"""The pages of imports in Wagtail's admin: for directory editors, with what waits for them."""

import pytest
from django.urls import reverse

from cms.directory import holding
from cms.models import HeldValue, Run, Service, SourceRecord
from tests.cms.test_runs import Feed, held, read, record, source
from tests.thorough import mostly

__all__ = ["held", "source"]  # fixtures

LIST, HELD, GONE = (reverse(f"directory_{name}") for name in ("imports", "held", "gone"))


@pytest.fixture
def editor(site, sign_in):
    return sign_in(site.ed)


def test_without_a_feed_the_page_says_what_to_do(editor, site):
    assert "No source has the address of a feed yet" in editor.get(LIST).text


def test_a_run_is_begun_and_its_progress_shown(editor, source):
    start = reverse("directory_start_import", args=[source.pk])

    page = editor.post(start, {"real": "1"}, follow=True)

    run = Run.objects.get()
    assert page.redirect_chain[-1][0] == reverse("directory_import", args=[run.pk])
    assert "Background work begins it" in page.text and 'http-equiv="refresh"' in page.text
    assert not run.is_dry and run.state == Run.State.RUNNING
    assert "Near Council" in editor.get(LIST).text


def test_what_was_wrong_stands_on_the_page_of_a_run(editor, source):
    run = read(source, Feed(record(1), record(2, name="")))

    page = editor.get(reverse("directory_import", args=[run.pk])).text

    assert "has no name" in page and "Complete" in page and 'http-equiv="refresh"' not in page


@pytest.mark.parametrize(
    ("is_dry", "words"), [(True, "What would change"), (False, "What changed")]
)
def test_what_changes_stands_on_the_page_of_a_run(editor, source, is_dry, words):
    read(source, Feed(record(1)))
    run = read(source, Feed(record(1, phones=[])), is_dry=is_dry)

    page = editor.get(reverse("directory_import", args=[run.pk])).text

    assert words in page and "0115 496 0900" in page and "Requests to the feed" in page


def test_an_editor_compares_and_takes_theirs(editor, held):
    page = editor.get(HELD).text
    assert all(number in page for number in ("0115 496 0900", "0115 496 0111", "0115 496 0222"))

    address = reverse("directory_decide_held", args=[held.pk])
    said = editor.post(address, {"answer": "take"}, follow=True).text
    again = editor.post(address, {"answer": "keep"}, follow=True).text

    assert "in a draft now" in said and "decided that already" in again
    assert HeldValue.objects.get().state == HeldValue.State.TAKEN
    assert "Choose what to do" in editor.post(address, {"answer": "x"}, follow=True).text


@pytest.mark.parametrize(
    "field",
    mostly(
        ["terms", "areas", "places", "schedules", "provider", "is_in_person"],
        plain="terms schedules",
    ),
)
def test_every_kind_of_value_is_shown_in_words(editor, held, field):
    values = held.record.values | {"is_in_person": True}
    HeldValue.objects.update(field=field, was=values[field], theirs=values[field])

    page = editor.get(HELD)

    assert page.status_code == 200
    assert "[" not in page.text.split("They say now")[1].split("</dl>")[0]


def test_an_editor_closes_what_is_gone_or_keeps_it(editor, source):
    read(source, Feed(record(1), record(2)))
    SourceRecord.objects.filter(kind="service").update(missed=3)
    assert "Service 1" in editor.get(GONE).text
    one, two = (SourceRecord.objects.get(source_key=f"s{n}") for n in (1, 2))

    editor.post(reverse("directory_answer_gone", args=[one.pk]), {"answer": "close"})
    editor.post(reverse("directory_answer_gone", args=[two.pk]), {"answer": "keep"})

    states = dict(
        Service.objects.filter(title__startswith="Service ").values_list("title", "status")
    )
    assert states == {"Service 1": "closed", "Service 2": "open"}
    assert "is still in it" in editor.get(GONE).text


@pytest.mark.parametrize("who", ["cora", "adam", "oz", "alex"])
def test_nobody_else_comes_in(site, sign_in, source, held, who):
    client = sign_in(getattr(site, who))
    run = Run.objects.first()

    for address in (LIST, HELD, GONE, reverse("directory_import", args=[run.pk])):
        assert client.get(address).status_code == 403
    for name, key in (("start_import", source.pk), ("decide_held", held.pk)):
        assert client.post(reverse(f"directory_{name}", args=[key])).status_code == 403


def test_an_editor_reads_why_it_is_asked_and_takes_off_what_does_not_run_now(editor, source):
    read(source, Feed(record(1)))
    SourceRecord.objects.filter(kind="service").update(status_there="inactive")
    row = SourceRecord.objects.get(source_key="s1")
    answer = reverse("directory_answer_gone", args=[row.pk])

    unsaid = editor.post(answer, {"answer": "x"}, follow=True).text
    said = editor.post(answer, {"answer": "off"}, follow=True).text

    assert "Choose what to do" in unsaid and "it does not run now" in unsaid
    assert "off the public site" in said and "is still in it" in said
    assert not Service.objects.get(pk=row.service_id).live


def test_a_value_that_does_not_fit_is_told_and_still_waits(editor, held):
    HeldValue.objects.update(field="maximum_age", was=18, theirs=3)

    said = editor.post(
        reverse("directory_decide_held", args=[held.pk]), {"answer": "take"}, follow=True
    ).text

    assert "The oldest age cannot be below the youngest" in said
    assert HeldValue.objects.get().state == HeldValue.State.OPEN


def test_a_value_of_an_organisation_is_read_and_taken(site, editor, source):
    read(source, Feed(record(1)))
    provider = Service.objects.get(title="Service 1").provider
    provider.website = "https://ours.test"
    provider.save_revision(user=site.ed).publish(user=site.ed)
    theirs = {**record(1)["organization"], "website": "https://theirs.test"}
    read(source, Feed(record(1, organization=theirs)))

    page = editor.get(HELD).text

    assert "Climbers: Website" in page and "https://theirs.test" in page
    assert reverse("wagtailsnippets_cms_provider:edit", args=[provider.pk]) in page


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("title", "Climbing", ("Name", "Climbing")),
        ("room", "waiting", ("Places", "There is a waiting list")),
        ("status", "paused", ("Status", "Paused for now")),
        ("checked_on", "2026-03-01", ("Last checked", "1 March 2026")),
        ("languages", ["pl", "ur"], ("Languages besides English", "Polish, Urdu")),
        ("charity_number", "", ("Charity number", "Nothing")),
        ("terms", [], ("Terms", "Nothing")),
    ],
)
def test_a_field_and_its_value_are_told_in_words(field, value, words):
    assert (holding.label(field), holding.in_words(field, value)) == words
