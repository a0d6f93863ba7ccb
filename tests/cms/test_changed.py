"""What a reviewed source says anew: read beside what is shown, published or dropped."""

import pytest
from django.urls import reverse

from cms.directory import changed
from cms.models import Service, SourceRecord
from tests.cms.test_runs import Feed, read, record, source

__all__ = ["source"]  # a fixture
QUEUE = reverse("directory_changed")


@pytest.fixture
def service(site, source) -> Service:
    """A live one of a reviewed source, which says something else of it now."""
    read(source, Feed(record(1)))
    source.publishes = False
    source.save()
    read(source, Feed(record(1, description="Now with ropes.", minimum_age=12)))
    return Service.objects.get(title="Service 1")


@pytest.fixture
def editor(site, sign_in):
    return sign_in(site.ed)


def address(name="changed_one"):
    return reverse(f"directory_{name}", args=[changed.waiting().get().pk])


def test_it_stands_in_a_list_and_reads_beside_what_is_shown(service, editor):
    assert "Service 1" in editor.get(QUEUE).text

    page = editor.get(address()).text

    assert "Climb the wall." in page and "Now with ropes." in page and "Youngest" not in page
    assert "Minimum age" in page


def version(service):
    return str(Service.objects.get(pk=service.pk).latest_revision_id)


def test_an_editor_publishes_it(service, editor):
    said = editor.post(
        address("decide_changed"), {"answer": "publish", "version": version(service)}, follow=True
    ).text

    service.refresh_from_db()
    assert service.summary == "Now with ropes." and not service.has_unpublished_changes
    assert "is shown as its source has it" in said and "Nothing waits for you here" in said


def test_an_editor_drops_it_and_is_asked_when_the_source_says_something_else(
    service, editor, source
):
    editor.post(address("decide_changed"), {"answer": "drop", "version": version(service)})

    service.refresh_from_db()
    assert service.summary == "Climb the wall." and not service.has_unpublished_changes
    assert not changed.waiting().exists()


def test_what_somebody_has_written_since_is_not_published_unread(service, editor, site):
    read_before = version(service)
    draft = service.get_latest_revision_as_object()
    draft.summary = "Not read."
    draft.save_revision(user=site.ed)

    said = editor.post(
        address("decide_changed"), {"answer": "publish", "version": read_before}, follow=True
    ).text

    service.refresh_from_db()
    assert service.summary == "Climb the wall." and "not what you read any more" in said


def test_one_that_cannot_be_shown_is_told_why(service, editor, site):
    draft = service.get_latest_revision_as_object()
    draft.maximum_age = 3
    draft.save_revision(user=site.ed, clean=False)

    said = editor.post(
        address("decide_changed"), {"answer": "publish", "version": version(service)}, follow=True
    ).text

    assert "The oldest age cannot be below the youngest" in said
    assert "Choose what to do" in editor.post(
        address("decide_changed"), {"version": version(service)}, follow=True
    ).text  # fmt: skip


def test_an_organisation_waits_there_too(service, editor, source):
    there = record(1)["organization"] | {"description": "We climb high."}
    read(source, Feed(record(1, description="Now with ropes.", organization=there)))
    assert changed.waiting().count() == 2
    row = changed.waiting().get(kind=SourceRecord.Kind.ORGANISATION)

    page = editor.get(reverse("directory_changed_one", args=[row.pk])).text

    assert "We climb high." in page and "Description" in page


def test_what_waits_for_a_review_of_its_own_is_not_there_twice(service, site):
    service.get_workflow().start(service, site.ed)

    assert not changed.waiting().exists()


def test_what_is_decided_already_is_said(service, editor):
    decide, one = address("decide_changed"), address()
    service.latest_revision.publish()

    said = editor.post(decide, {"answer": "publish", "version": "1"}, follow=True).text

    assert "Nothing of it waits any more" in said
    assert editor.get(one).status_code == 302


@pytest.mark.parametrize("who", ["cora", "adam", "oz"])
def test_nobody_else_comes_in(site, sign_in, service, who):
    client = sign_in(getattr(site, who))

    assert client.get(QUEUE).status_code == client.get(address()).status_code == 403
    assert client.post(address("decide_changed"), {"answer": "publish"}).status_code == 403
