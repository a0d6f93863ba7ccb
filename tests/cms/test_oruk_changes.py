"""How readers of the feed learn what has changed and what has gone."""

from datetime import timedelta

import pytest
from django.test import Client

from accounts.clock import at, now
from cms.models import Provider, Service
from tests.cms.test_oruk import get, ids


def test_modified_after_is_exact_and_includes_what_is_nested(site):
    service = Service.objects.get(title="Parents of teens")
    before = Service.objects.latest("last_modified").last_modified
    assert ids(modified_after="2999-01-01T00:00:00Z") == set()
    assert str(service.pk) not in ids(modified_after=before.isoformat()) or (
        service.last_modified == before
    )

    place = service.service_at_locations.first().location
    place.name = "Another barn"
    place.save()

    changed = ids(modified_after=before.isoformat())
    assert str(service.pk) in changed
    service.refresh_from_db()
    moment = service.last_modified.isoformat()
    assert str(service.pk) in ids(modified_after=moment)
    assert len(changed) < 5


def test_reader_that_has_it_already_gets_304(site):
    first = Client().get("/oruk/v3/services")

    again = Client().get("/oruk/v3/services", HTTP_IF_NONE_MATCH=first["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    assert again["Access-Control-Allow-Origin"] == "*"
    since = Client().get("/oruk/v3/services", HTTP_IF_MODIFIED_SINCE=first["Last-Modified"])
    assert since.status_code == 304


@pytest.mark.parametrize("name", ["taxonomies", "taxonomy_terms", "organizations"])
def test_a_list_that_keeps_no_date_of_its_changes_is_told_apart_by_its_tag_alone(site, name):
    """A reader that asks since when the services changed would miss a new term."""
    services, first = Client().get("/oruk/v3/services"), Client().get(f"/oruk/v3/{name}")

    again = Client().get(
        f"/oruk/v3/{name}", HTTP_IF_MODIFIED_SINCE=services["Last-Modified"]
    )  # fmt: skip
    known = Client().get(f"/oruk/v3/{name}", HTTP_IF_NONE_MATCH=first["ETag"])

    assert "Last-Modified" not in first
    assert (again.status_code, known.status_code) == (200, 304)


def test_unpublishing_is_a_change_of_the_list(site):
    first = Client().get("/oruk/v3/services")
    Service.objects.get(title="Forest days").unpublish()

    again = Client().get("/oruk/v3/services", HTTP_IF_NONE_MATCH=first["ETag"])
    assert again.status_code == 200


def changes(since):
    return {
        row["id"]: row for row in get("/services", modified_after=since, per_page=100)["contents"]
    }


def test_what_has_gone_is_told_to_who_asks_for_changes_and_by_its_id_for_a_year(site):
    closed, taken_off = Service.objects.filter(title__in=["Forest days", "Money chat"]).order_by(
        "pk"
    )
    before = now().isoformat()
    closed.status = Service.Status.CLOSED
    closed.save_revision().publish()
    taken_off.unpublish()

    told = changes(before)

    assert told[str(closed.pk)]["status"] == "defunct"
    assert told[str(closed.pk)]["name"] == closed.title
    assert told[str(taken_off.pk)]["status"] == "inactive"
    assert told[str(taken_off.pk)]["name"] == "Not listed any more"
    assert str(closed.pk) not in {row["id"] for row in get("/services", per_page=100)["contents"]}
    for row in (closed, taken_off):
        assert Client().get(f"/oruk/v3/services/{row.pk}").json() == told[str(row.pk)]
    with at(now() + timedelta(days=366)):
        assert Client().get(f"/oruk/v3/services/{closed.pk}").status_code == 410
        assert str(closed.pk) not in changes(before)


def test_what_was_never_in_the_feed_is_never_told(site):
    draft = Service(title="Draft", summary="Soon.", provider=Provider.objects.first(), live=False)
    draft.save()
    Service.objects.filter(pk=draft.pk).update(last_modified=now())

    assert Client().get(f"/oruk/v3/services/{draft.pk}").status_code == 404
    assert str(draft.pk) not in changes((now() - timedelta(days=1)).isoformat())
