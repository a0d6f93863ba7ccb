"""Services that stand in the directory twice: asked about, merged by an editor, taken back."""

import json

import pytest
from django.test import Client
from django.urls import reverse

from cms.directory import duplicates
from cms.models import Duplicate, Listing, Service

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
    assert Duplicate.objects.get().state == S.DIFFERENT
    assert "Nothing waits for you here" in editor.get(QUEUE).text


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
