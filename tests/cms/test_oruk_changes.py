"""How readers of the feed learn what has changed and what has gone."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from accounts.clock import at, now
from cms.models import Provider, Service, Source, SourceRecord
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


@pytest.fixture
def licensed(site):
    """A service of another directory, whose licence lets us pass it on."""
    service = Service.objects.get(title="Forest days")
    source = Source.objects.create(code="county", name="County directory", may_republish=True)
    SourceRecord.objects.create(
        source=source, kind="service", source_key="1", service=service, payload={}, payload_hash="x"
    )
    return service


def set_licence(*, may_republish):
    source = Source.objects.get(code="county")
    source.may_republish = may_republish
    source.save()


def test_what_a_licence_no_longer_lets_us_pass_on_is_told_as_gone_without_its_name(licensed):
    Service.objects.update(last_modified=now() - timedelta(hours=1))
    assert str(licensed.pk) in ids()
    since = now().isoformat()
    seen = {"HTTP_IF_MODIFIED_SINCE": Client().get("/oruk/v3/services")["Last-Modified"]}

    set_licence(may_republish=False)

    assert str(licensed.pk) not in ids()
    assert Client().get("/oruk/v3/services", **seen).status_code == 200
    told = changes(since)[str(licensed.pk)]
    assert (told["name"], told["status"]) == ("Not listed any more", "inactive")
    assert set(told) == {"id", "name", "status", "last_modified"}
    assert Client().get(f"/oruk/v3/services/{licensed.pk}").json() == told
    set_licence(may_republish=True)
    assert changes(since)[str(licensed.pk)]["name"] == "Forest days"


def test_what_closes_after_its_licence_has_ended_is_not_named(licensed):
    since = now().isoformat()
    set_licence(may_republish=False)
    closed = Service.objects.get(pk=licensed.pk)
    closed.status = Service.Status.CLOSED

    closed.save_revision().publish()

    assert changes(since)[str(licensed.pk)]["name"] == "Not listed any more"


def test_what_its_licence_never_let_us_pass_on_is_never_told(licensed):
    set_licence(may_republish=False)
    Service.objects.update(was_in_feed=False)
    since = now().isoformat()

    Service.objects.get(pk=licensed.pk).save_revision().publish()
    Service.objects.get(pk=licensed.pk).unpublish()

    assert str(licensed.pk) not in changes(since)
    assert Client().get(f"/oruk/v3/services/{licensed.pk}").status_code == 404


# A copy that is kept while editors work ----------------------------------------------------------
def crawl(size, between=None, **query):
    """Every row in the order in which a reader that keeps a copy is given it, page after page, by
    the last row that it has. `between` is what editors do after the first page."""
    rows = []
    while True:
        page = get("/services", per_page=size, **query)["contents"]
        rows += page
        if len(page) < size:
            return rows
        query = {"modified_after": page[-1]["last_modified"], "after_id": page[-1]["id"]}
        if between:
            between()
            between = None


LONG_AGO = "2000-01-01T00:00:00Z"


@pytest.mark.parametrize("are_alike", [False, True])
def test_a_crawl_while_somebody_edits_neither_loses_nor_repeats(site, are_alike):
    if are_alike:  # such as after a change of a term that all have
        Service.objects.update(last_modified=now())
    first = crawl(7, modified_after=LONG_AGO)
    assert len(first) == len({row["id"] for row in first}) == 50
    read, unread = first[3], first[30]

    def edit():
        for pk in (read["id"], unread["id"]):
            service = Service.objects.get(pk=pk)
            service.summary = "Edited meanwhile."
            service.save_revision().publish()

    rows = crawl(7, edit, modified_after=LONG_AGO)

    latest = {row["id"]: row for row in rows}
    assert latest.keys() == {row["id"] for row in first}
    for pk in (read["id"], unread["id"]):
        assert latest[pk]["description"].startswith("Edited meanwhile.")
    versions = [(row["id"], row["last_modified"]) for row in rows]
    assert len(versions) == len(set(versions)) == 51  # one was read, edited and read again


def test_changes_come_in_the_order_in_which_they_were_made(site):
    for name in ("services", "service_at_locations"):
        rows = get(f"/{name}", modified_after=LONG_AGO, per_page=100)["contents"]
        dates = [row.get("service", row)["last_modified"] for row in rows]
        assert dates == sorted(dates)


def test_an_id_to_go_on_after_needs_its_moment(site):
    assert get("/services", status=422, after_id=str(Service.objects.first().pk))["parameter"] == (
        "after_id"
    )
    get("/services", status=422, modified_after=LONG_AGO, after_id="x")


def test_a_page_of_changes_comes_from_one_index(site):
    from django.http import QueryDict

    from cms.directory.oruk.params import Params
    from cms.directory.oruk.resources import SERVICES, service_keys

    asked = QueryDict(f"modified_after={now().isoformat()}".replace("+", "%2B"))
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_sort = off; SET LOCAL enable_bitmapscan = off")
    plan = service_keys(Params(asked, SERVICES.parameters))[:20].explain()

    assert "service_changes" in plan and "Sort" not in plan, plan
