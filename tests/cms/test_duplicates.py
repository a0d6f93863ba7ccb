"""Services that stand in the directory twice: asked about, merged by an editor, taken back."""

import json

import pytest
from django.template import engines
from django.test import Client
from django.urls import reverse

from cms.directory import duplicates
from cms.directory.importing import ServiceImport
from cms.directory.runs import Tally
from cms.directory.values import latest
from cms.models import Duplicate, Listing, Service, Source, SourceRecord
from tests.cms.test_import_services import RECORD

S = Duplicate.State
QUEUE = reverse("directory_duplicates")


def copy_of(was, /, **changes):
    """A second record of a service, as another directory would bring it."""
    was = Service.objects.get(title=was)
    service = Service(live=False, provider=was.provider, summary=was.summary, title=was.title)
    for name, value in ({"phone": was.phone} | changes).items():
        setattr(service, name, value)
    service.service_at_locations = [
        type(at)(location=at.location) for at in was.service_at_locations.all()
    ]
    service.full_clean()
    service.save()
    service.save_revision().publish()
    return Service.objects.get(pk=service.pk)


@pytest.fixture
def pair(site):
    copy_of("Forest days")
    assert duplicates.find() == 1
    return Duplicate.objects.get()


def first(site):
    return Service.objects.filter(title="Forest days").order_by("first_published_at").first()


def second(pair, kept):
    return pair.other if kept.pk == pair.one_id else pair.one


def test_the_demo_has_none_and_looking_again_asks_nothing_new(site, pair):
    assert duplicates.find() == 0
    assert duplicates.NAME_PHONE in pair.reasons
    assert Duplicate.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"phone": "0115 496 0999"}, duplicates.NEAR_NAME),
        ({"title": "Forest day", "phone": ""}, duplicates.NEAR_NAME),
        ({"title": "FÓREST  days", "phone": ""}, duplicates.NEAR_NAME),
        ({"title": "Days forest", "phone": ""}, duplicates.NEAR_NAME),  # in another order
    ],
)
def test_what_they_share_is_the_reason(site, changes, why):
    copy_of("Forest days", **changes)

    duplicates.find()

    assert why in Duplicate.objects.get().reasons


def test_another_service_of_the_same_people_is_no_duplicate(site):
    copy_of("Forest days", title="Forest nights with tents and fires", phone="")

    assert duplicates.find() == 0


def test_a_merge_leads_to_the_kept_one_and_tells_readers_of_the_feed(site, pair):
    kept = first(site)
    gone = second(pair, kept)

    assert duplicates.merge(pair, kept, by=site.ed)
    assert not duplicates.merge(pair, gone, by=site.ed)

    gone.refresh_from_db()
    moved = Client().get(gone.get_absolute_url())
    assert (moved.status_code, moved.url) == (301, kept.get_absolute_url())
    shape = json.loads(Client().get(f"/oruk/v3/services/{gone.pk}").content)
    assert (shape["status"], shape["merged_into"]) == ("defunct", str(kept.pk))
    assert not Listing.objects.filter(service=gone).exists()
    listed = Client().get(f"/directory/my/list/?service={gone.slug}").text
    assert kept.get_absolute_url() in listed


def test_a_merge_is_taken_back(site, pair):
    kept = first(site)
    gone = second(pair, kept)
    duplicates.merge(pair, kept, by=site.ed)

    assert duplicates.take_back(pair, by=site.ed)

    gone = Service.objects.get(pk=gone.pk)
    assert gone.is_public and gone.merged_into is None
    pair.refresh_from_db()
    assert (pair.state, pair.kept, pair.decided_by, pair.taken_back_by) == (
        S.BACK, kept, site.ed, site.ed,
    )  # fmt: skip
    assert pair.decided_at < pair.taken_back_at
    assert Client().get(gone.get_absolute_url()).status_code == 200
    assert Listing.objects.filter(service=gone).exists()
    assert duplicates.find() == 0


def test_a_draft_that_nobody_approved_does_not_come_out_by_way_of_a_merge(site, pair):
    kept = first(site)
    gone = second(pair, kept)
    gone.summary = "Not approved."
    gone.save_revision()

    duplicates.merge(pair, kept, by=site.ed)
    duplicates.take_back(pair, by=site.ed)

    assert Service.objects.get(pk=gone.pk).summary != "Not approved."


def test_what_others_lead_to_is_not_merged_away(site, pair):
    kept = first(site)
    duplicates.merge(pair, kept, by=site.ed)
    other = Service.objects.exclude(pk__in=(pair.one_id, pair.other_id)).first()
    one, two = sorted((kept, other), key=lambda each: each.pk)
    onward = Duplicate.objects.create(one=one, other=two, reasons=["Planted"])

    assert not duplicates.merge(onward, other, by=site.ed)
    assert duplicates.merge(onward, kept, by=site.ed)


def test_an_editor_compares_and_decides(site, sign_in, pair):
    editor = sign_in(site.ed)
    assert "Forest days" in editor.get(QUEUE).text
    page = editor.get(reverse("directory_duplicate", args=[pair.pk])).text
    assert "(differs)" in page and "What happens" in page
    decide = reverse("directory_decide_duplicate", args=[pair.pk])

    unsaid = editor.post(decide, {}, follow=True).text
    said = editor.post(decide, {"answer": "one"}, follow=True).text
    again = editor.post(decide, {"answer": "different"}, follow=True).text
    back = editor.post(decide, {"answer": "back"}, follow=True).text

    assert "Choose what to do" in unsaid and "is kept, the other is closed" in said
    assert "decided that already" in again and "Both are as they were" in back
    assert Duplicate.objects.get().state == S.BACK
    queue = editor.get(QUEUE).text
    assert "Nothing waits for you here" in queue and queue.count(site.ed.name) >= 2
    told = editor.get(reverse("directory_duplicate", args=[pair.pk])).text
    assert f"Merged by {site.ed.name}" in told and f"Taken back by {site.ed.name}" in told


@pytest.mark.parametrize("who", ["cora", "adam", "oz"])
def test_nobody_else_comes_in(site, sign_in, pair, who):
    client = sign_in(getattr(site, who))

    assert client.get(QUEUE).status_code == 403
    decide = reverse("directory_decide_duplicate", args=[pair.pk])
    assert client.post(decide, {"answer": "one"}).status_code == 403


def test_one_key_that_many_share_is_no_reason(site, monkeypatch):
    monkeypatch.setattr(duplicates, "LARGEST", 1)
    copy_of("Forest days")

    assert duplicates.find() == 0


def test_a_merge_and_its_end_stand_in_the_history_of_both(site, sign_in, pair, monkeypatch):
    # Wagtail's own templates name things that are not there.
    monkeypatch.setattr(engines["django"].engine, "string_if_invalid", "")
    kept = first(site)
    gone = second(pair, kept)
    duplicates.merge(pair, kept, by=site.ed)
    duplicates.take_back(pair, by=site.ed)
    editor = sign_in(site.ed)

    for service, words in ((kept, "was merged into this"), (gone, "Merged into")):
        page = editor.get(reverse("wagtailsnippets_cms_service:history", args=[service.pk])).text
        assert words in page and "Took back the merge with" in page


# Drafts ---------------------------------------------------------------------------------------
@pytest.fixture
def imported(site):
    """A draft that an import has brought of a service that stands here already."""
    ours = Service.objects.get(title="Forest days")
    source = Source.objects.create(code="near", name="Near Council (invented)")
    taker = ServiceImport(source, Tally(), publish=False)
    phones = [{"number": ours.phone}]
    taker.take(1, RECORD | {"name": ours.title, "phones": phones})
    return SourceRecord.objects.get(kind="service").service


def test_a_draft_that_an_import_brought_is_compared_and_merged_into_the_one_that_is_kept(
    site, imported
):
    ours = Service.objects.exclude(pk=imported.pk).get(title="Forest days")
    assert duplicates.find() == 1
    pair = Duplicate.objects.get()
    assert pair.reasons == [duplicates.NAME_PHONE]

    assert not duplicates.merge(pair, imported, by=site.ed)  # nobody could read it
    assert duplicates.merge(pair, ours, by=site.ed)

    imported.refresh_from_db()
    assert not imported.live and imported.merged_into == ours
    assert imported.status == latest(imported).status == Service.Status.CLOSED
    assert Service.objects.get(pk=ours.pk).is_public and duplicates.find() == 0
    duplicates.take_back(pair, by=site.ed)
    imported.refresh_from_db()
    assert (imported.live, imported.merged_into) == (False, None)
    assert imported.status == latest(imported).status == Service.Status.OPEN


def test_of_two_drafts_either_is_kept(site, imported):
    Service.objects.exclude(pk=imported.pk).get(title="Forest days").unpublish()
    duplicates.find()

    assert duplicates.merge(Duplicate.objects.get(), imported, by=site.ed)


def test_what_an_editor_wrote_of_a_draft_is_still_there_after_a_merge_is_taken_back(site, imported):
    imported.summary = "As we say it."
    imported.save_revision(user=site.ed)
    ours = Service.objects.exclude(pk=imported.pk).get(title="Forest days")
    duplicates.find()
    pair = Duplicate.objects.get()

    duplicates.merge(pair, ours, by=site.ed)
    duplicates.take_back(pair, by=site.ed)

    assert latest(Service.objects.get(pk=imported.pk)).summary == "As we say it."


def test_a_draft_that_was_merged_is_not_brought_out_by_its_source(site, imported):
    ours = Service.objects.exclude(pk=imported.pk).get(title="Forest days")
    duplicates.find()
    duplicates.merge(Duplicate.objects.get(), ours, by=site.ed)
    source = Source.objects.get(code="near")

    ServiceImport(source, Tally(), publish=True).take(1, RECORD | {"name": "Forest days now"})

    imported.refresh_from_db()
    assert not imported.live and imported.merged_into == ours


def test_an_editor_compares_a_draft_as_it_was_written_last(site, sign_in, imported):
    imported.summary = "As we say it."
    imported.save_revision(user=site.ed)
    duplicates.find()

    page = sign_in(site.ed).get(
        reverse("directory_duplicate", args=[Duplicate.objects.get().pk])
    ).text  # fmt: skip

    assert "As we say it." in page and "not published" in page


def test_a_pair_of_which_one_has_been_closed_does_not_wait(site, pair):
    pair.one.status = Service.Status.CLOSED
    pair.one.save()

    assert not duplicates.waiting().exists()
