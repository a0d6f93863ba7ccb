"""A service goes on and off at a moment that an editor has set; what was taken off comes back as it
was, and what was said before can be said again."""

from datetime import timedelta

import pytest
from django.template import engines
from django.test import Client
from django.utils import timezone
from wagtail.models import Revision

from cms import tasks
from cms.models import Service
from tests.cms.test_editor import edit_address

SOON = timedelta(hours=23)


@pytest.fixture
def service(site) -> Service:
    return Service.objects.get(title="Forest days")


def seen(service: Service) -> tuple[bool, bool, bool]:
    """Whether the public meets it: on its own page, in a search, in the feed."""
    page = Client().get(service.get_absolute_url())
    search = Client().get("/directory/?q=forest")
    row = Client().get(f"/oruk/v3/services/{service.pk}")
    is_told = row.status_code == 200 and row.json()["status"] == "active"
    return page.status_code == 200, service.title in search.text, is_told


def a_day_passes(monkeypatch):
    """Wagtail asks the machine's clock. The task may run twice."""
    tomorrow = timezone.now() + timedelta(days=1)
    with monkeypatch.context() as patch:
        patch.setattr(timezone, "now", lambda: tomorrow)
        for _ in range(2):
            tasks.publish_scheduled()


def test_it_goes_on_at_its_moment_and_not_before(service, monkeypatch):
    service.unpublish()
    service.go_live_at = timezone.now() + SOON
    service.save_revision().publish()
    tasks.publish_scheduled()
    assert seen(service) == (False, False, False)

    a_day_passes(monkeypatch)

    assert seen(service) == (True, True, True)


def test_it_goes_off_at_its_moment_and_not_before(service, monkeypatch):
    service.expire_at = timezone.now() + SOON
    service.save_revision().publish()
    tasks.publish_scheduled()
    assert seen(service) == (True, True, True)

    a_day_passes(monkeypatch)

    assert seen(service) == (False, False, False)


def test_what_an_editor_takes_off_comes_back_as_it_was(service, site, sign_in, monkeypatch):
    monkeypatch.setattr(engines["django"].engine, "string_if_invalid", "")
    client, before = sign_in(site.ed), Client().get(service.get_absolute_url()).text

    client.post(f"/editor/snippets/cms/service/unpublish/{service.pk}/")
    assert seen(service) == (False, False, False)
    assert client.get(edit_address(service)).status_code == 200

    Service.objects.get(pk=service.pk).get_latest_revision().publish(user=site.ed)
    assert seen(service) == (True, True, True)
    assert Client().get(service.get_absolute_url()).text == before


@pytest.mark.thorough
def test_an_older_version_can_be_published_again(service, site, sign_in, monkeypatch):
    monkeypatch.setattr(engines["django"].engine, "string_if_invalid", "")
    old, said = service.save_revision(), service.summary
    old.publish()
    service.summary = "Said in another way."
    service.save_revision().publish()

    page = sign_in(site.ed).get(
        f"/editor/snippets/cms/service/history/{service.pk}/revisions/{old.pk}/revert/"
    )
    Revision.objects.get(pk=old.pk).publish(user=site.ed)

    assert page.status_code == 200 and said in page.text
    service.refresh_from_db()
    assert service.summary == said
    assert service.revisions.count() >= 2  # nothing that was said is lost
