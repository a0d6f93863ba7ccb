"""The nightly check of our own feed, and the page that shows what it found."""

from dataclasses import replace
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.http import QueryDict
from django.test import Client

from accounts.clock import at, now
from cms.directory import feed_status
from cms.directory.oruk import checking, official, shapes, views
from cms.directory.oruk.params import Params
from cms.directory.oruk.resources import SERVICE_AT_LOCATIONS, TAXONOMIES, TAXONOMY_TERMS
from cms.models import FeedCheck, Run, Service, Source, SourceRecord
from tests.conftest import SHARED


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """A few details of each list say as much as twenty."""
    monkeypatch.setattr(checking, "SAMPLE", 3)


def status() -> BeautifulSoup:
    return BeautifulSoup(Client().get("/oruk/status").content, "lxml")


def test_every_rule_holds_for_the_demo(site):
    found = checking.check()

    assert found.faults == []
    assert found.services == 50 and found.passed > 400


def a_status_that_the_standard_lacks(patch):
    patch.setitem(shapes.STATUS, "open", "open")


def something_empty(patch):
    patch.setattr(shapes, "given", lambda **fields: fields)


def a_detail_that_says_otherwise(patch):
    other = replace(TAXONOMIES, detail=lambda row: {**shapes.taxonomy(row), "name": "Other"})
    patch.setitem(views.BY_NAME, "taxonomies", other)


def a_list_that_loses_a_row(patch):
    whole = views._envelope
    patch.setattr(views, "_envelope", lambda contents, *page: whole(contents[1:], *page))


def a_term_that_is_not_listed(patch):
    patch.setitem(views.BY_NAME, "taxonomy_terms", without_the_last(TAXONOMY_TERMS))


def a_venue_that_is_not_listed(patch):
    patch.setitem(views.BY_NAME, "service_at_locations", without_the_last(SERVICE_AT_LOCATIONS))


def without_the_last(resource):
    """The list without one that some service names."""
    field = "services" if resource is TAXONOMY_TERMS else "service"
    used = resource.rows(Params(QueryDict(), [])).exclude(**{field: None}).last().pk
    return replace(resource, rows=lambda params: resource.rows(params).exclude(pk=used))


@pytest.mark.parametrize(
    ("plant", "word"),
    [
        (a_term_that_is_not_listed, "services: taxonomy_term_id"),
        (a_term_that_is_not_listed, "services: taxonomy_term.id"),
        (a_venue_that_is_not_listed, "services: service_at_locations.id"),
        (a_status_that_the_standard_lacks, "status"),
        (something_empty, "is empty"),
        (a_detail_that_says_otherwise, "the detail"),
        (a_list_that_loses_a_row, "of 50"),
    ],
)
def test_a_fault_that_was_planted_is_found(site, monkeypatch, plant, word):
    plant(monkeypatch)

    faults = checking.check().faults

    assert any(word in fault for fault in faults), faults[:3]


@pytest.mark.thorough
def test_the_page_says_what_was_found_and_since_when(site, monkeypatch, sign_in):
    assert "has not been checked yet" in status().text

    with at(now() - timedelta(days=91)):
        feed_status.check_feed()
    with at(now() - timedelta(days=1)):
        feed_status.check_feed()
    assert "rules held" in status().text and FeedCheck.objects.count() == 1
    assert "broke" not in sign_in(site.ed).get("/work/").text

    monkeypatch.setitem(shapes.STATUS, "open", "<open>")
    last = feed_status.check_feed()

    page = status()
    assert len(last.faults) == 50 and f"found {len(last.faults)} faults" in page.text
    assert len(page.select("tbody tr")) == 2
    assert "broke 50 rules at the last check" in sign_in(site.ed).get("/work/").text
    assert "broke" not in sign_in(site.cora).get("/work/").text


def test_the_page_says_when_each_source_was_last_read_to_its_end(site):
    def said(name):
        [row] = [each.text for each in status().select("dl div") if each.dt.text == name]
        return row

    feed = Source.objects.create(code="near", name="Near", url="https://near.example/v3")
    file = Source.objects.create(code="file", name="File")
    assert "Not read yet" in said("Near") and "Not read yet" in said("File")
    service, provider = Service.objects.first(), Service.objects.first().provider
    for source, subject in ((feed, {"kind": "service", "service": service}),
                            (file, {"kind": "organisation", "provider": provider})):  # fmt: skip
        SourceRecord.objects.create(
            source=source, source_key="1", payload={}, payload_hash="x",
            fetched_at=now() - timedelta(days=40), **subject,
        )  # fmt: skip
    days = {3: ("failed", False), 5: ("complete", True), 9: ("complete", False),
            30: ("complete", False)}  # fmt: skip
    for ago, (state, is_dry) in days.items():
        moment = now() - timedelta(days=ago)
        Run.objects.create(
            source=feed, state=state, is_dry=is_dry, started_at=moment, ended_at=moment
        )

    assert f"{now() - timedelta(days=9):%-d %B}" in said("Near")
    assert f"{now() - timedelta(days=40):%-d %B}" in said("File")


def test_the_page_counts_what_is_there_and_what_has_gone(site):
    Service.objects.get(title="Forest days").unpublish()

    text = " ".join(status().text.split())

    assert "Services49" in text.replace(" ", "") and "1 gone" in text


# The official schemas ----------------------------------------------------------------------------
@pytest.fixture
def schemas(settings):
    settings.ORUK_SCHEMAS = str(SHARED / "oruk" / "schema")


@pytest.mark.thorough
@pytest.mark.shared
@pytest.mark.slow("every page and some details against the official schemas")
def test_the_official_schemas_find_no_fault_in_the_demo_and_a_planted_one(
    site, schemas, monkeypatch
):
    assert checking.check().faults == []
    assert "by its official schemas" in status().text
    monkeypatch.setitem(shapes.STATUS, "open", "wide open")

    faults = checking.check().faults

    assert any("official schema" in fault and "wide open" in fault for fault in faults)


@pytest.mark.shared
def test_without_the_package_the_check_goes_without_and_the_page_says_so(
    site, schemas, monkeypatch
):
    monkeypatch.setattr(official, "PACKAGE", "no_such_package")

    assert checking.check().faults == []
    assert "no_such_package, which reads them, is missing" in " ".join(status().text.split())


def test_a_folder_without_schemas_is_a_fault(site, settings, tmp_path):
    settings.ORUK_SCHEMAS = str(tmp_path)

    assert checking.check().faults == ["The official schemas cannot be read (FileNotFoundError)."]


def test_without_the_setting_the_page_says_by_what_it_is_checked(site, settings):
    settings.ORUK_SCHEMAS = ""

    assert "by our own reading of the standard." in status().text
