"""What an import does with services that people read: it follows the source, and nothing that
somebody wrote here goes public or is lost by it."""

import pytest
from django.test import Client

from cms.directory import holding, runs
from cms.models import HeldValue, Service, Source, SourceRecord
from tests.cms.test_import_services import RECORD
from tests.cms.test_runs import Feed, counts, read, record, source

__all__ = ["source"]  # a fixture


@pytest.fixture
def reviewed(source) -> Source:
    """The same source, whose services wait for a review."""
    source.publishes = False
    source.save()
    return source


@pytest.fixture
def live(source) -> Service:
    read(source, Feed(record(1)))
    return ours()


def ours() -> Service:
    return SourceRecord.objects.get(source_key="s1").service


def draft() -> Service:
    return ours().get_latest_revision_as_object()


def edit(by, **values) -> None:
    """A draft that nobody has approved."""
    service = draft()
    for name, value in values.items():
        setattr(service, name, value)
    service.save_revision(user=by)


def approved(site, source) -> None:
    read(source, Feed(record(1)))
    ours().provider.latest_revision.publish(user=site.ed)
    ours().latest_revision.publish(user=site.ed)


def test_what_follows_is_held_so_that_nobody_publishes_it_at_that_moment(
    source, live, django_assert_max_num_queries
):
    with django_assert_max_num_queries(1000) as asked:
        read(source, Feed(record(1, description="Asleep.")))

    said = [each["sql"] for each in asked.captured_queries]
    first = next(n for n, sql in enumerate(said) if 'UPDATE "cms_service"' in sql)
    assert any('FROM "cms_service"' in sql and "FOR UPDATE" in sql for sql in said[:first])


# Nobody is sent to a closed door --------------------------------------------------------------
def test_what_its_source_has_closed_is_closed_here(source, live):
    run = read(source, Feed(record(1, status="defunct")))

    service = ours()
    assert counts(run) == (0, 1, 0, 0)
    assert service.status == Service.Status.CLOSED and not service.is_public
    assert "closed" in Client().get(service.get_absolute_url()).text
    assert not service.has_unpublished_changes


def test_what_its_source_does_not_run_now_is_taken_off_and_comes_back_with_what_changed(
    source, live
):
    run = read(source, Feed(record(1, status="inactive", description="Asleep.")))
    assert counts(run) == (0, 1, 0, 0)
    assert not ours().live and ours().summary == "Asleep."

    run = read(source, Feed(record(1, status="active", description="Asleep.", fees="£1")))

    service = ours()
    assert counts(run) == (0, 1, 0, 0)
    assert service.is_public and (service.summary, service.cost_words) == ("Asleep.", "a session")


def test_what_was_taken_off_and_is_then_closed_at_its_source_is_closed_here(source, live):
    read(source, Feed(record(1, status="inactive")))

    read(source, Feed(record(1, status="defunct")))

    assert ours().status == Service.Status.CLOSED and not ours().is_public


@pytest.mark.parametrize("status", ["inactive", "defunct"])
def test_of_a_reviewed_source_an_editor_is_asked_whether_it_is_gone(site, reviewed, status):
    approved(site, reviewed)

    run = read(reviewed, Feed(record(1, status=status)))

    assert counts(run) == (0, 1, 0, 0)
    assert ours().is_public and draft().status == Service.Status.OPEN
    assert [row.source_key for row in runs.gone()] == ["s1"]
    runs.keep(runs.gone().get())
    read(reviewed, Feed(record(1, status=status, description="New.")))
    assert not runs.gone().exists()
    read(reviewed, Feed(record(1)))
    read(reviewed, Feed(record(1, status=status)))
    assert runs.gone().exists()


def test_an_editor_takes_off_what_its_source_does_not_run_now(site, reviewed):
    approved(site, reviewed)
    read(reviewed, Feed(record(1, status="inactive")))

    runs.take_off(runs.gone().get(), by=site.ed)

    assert not ours().live and not runs.gone().exists()
    read(reviewed, Feed(record(1)))
    assert not ours().live


def test_what_an_editor_keeps_stays_until_its_source_says_something_else(site, source, live):
    read(source, Feed(record(1, status="inactive")))
    ours().latest_revision.publish(user=site.ed)
    runs.keep(runs.gone().get())

    read(source, Feed(record(1, status="inactive", description="Not yet.")))

    assert ours().is_public and ours().summary == "Not yet."


# What somebody wrote here ---------------------------------------------------------------------
def test_a_draft_that_nobody_approved_does_not_come_out_by_way_of_an_import(site, source, live):
    edit(site.ed, summary="Not approved.", what_next="Nor this.")

    read(source, Feed(record(1, phones=[{"number": "0115 496 0222"}])))

    service = ours()
    assert (service.phone, service.what_next) == ("0115 496 0222", "")
    assert service.summary == "Climb the wall." and service.has_unpublished_changes
    kept = draft()
    assert (kept.summary, kept.what_next) == ("Not approved.", "Nor this.")
    assert kept.phone == "0115 496 0222"


def test_a_field_of_such_a_draft_waits_and_its_page_follows_the_source(site, source, live):
    edit(site.ed, phone="0115 496 0111")

    read(source, Feed(record(1, phones=[{"number": "0115 496 0222"}])))

    assert (ours().phone, draft().phone) == ("0115 496 0222", "0115 496 0111")
    assert HeldValue.objects.get().field == "phone"


def test_what_was_published_here_stays_while_its_draft_goes_back_to_the_sources(site, source, live):
    edit(site.ed, phone="0115 496 0111")
    ours().latest_revision.publish(user=site.ed)
    edit(site.ed, phone="0115 496 0900")

    read(source, Feed(record(1, phones=[{"number": "0115 496 0222"}])))

    assert (ours().phone, draft().phone) == ("0115 496 0111", "0115 496 0222")


def test_what_an_editor_took_off_stays_off(site, source, live):
    live.unpublish(user=site.ed)

    for words in ("New.", "Newer."):
        read(source, Feed(record(1, description=words)))

    assert not ours().live and draft().summary == "Newer."


def test_what_an_editor_took_off_after_an_import_had_and_somebody_put_it_on_stays_off(
    site, source, live
):
    read(source, Feed(record(1, status="inactive")))
    ours().latest_revision.publish(user=site.ed)
    ours().unpublish(user=site.ed)

    read(source, Feed(record(1)))

    assert not ours().live


def test_a_draft_with_an_editors_words_is_published_without_them(site, reviewed):
    read(reviewed, Feed(record(1)))
    edit(site.ed, summary="Not approved.")
    Source.objects.update(publishes=True)

    read(Source.objects.get(pk=reviewed.pk), Feed(record(1, minimum_age=12)))

    service = ours()
    assert service.is_public and (service.summary, service.minimum_age) == ("Climb the wall.", 12)
    assert (draft().summary, draft().minimum_age) == ("Not approved.", 12)


def test_what_was_merged_into_another_stays_so(site, source, live):
    other = Service.objects.get(title="Forest days")
    Service.objects.filter(pk=live.pk).update(merged_into=other, status="closed")

    for status in ("inactive", "active"):
        read(source, Feed(record(1, status=status, description=status)))

    assert ours().live and (ours().status, ours().merged_into) == ("closed", other)


# Organisations --------------------------------------------------------------------------------
@pytest.fixture
def climbers(source, live):
    return live.provider


def org(number=1, **changes):
    return record(number, organization={**RECORD["organization"], **changes})


def test_a_change_of_a_live_organisation_goes_public(source, climbers):
    run = read(source, Feed(org(description="We climb high.")))

    climbers.refresh_from_db()
    assert climbers.description == "We climb high." and not climbers.has_unpublished_changes
    assert run.held == 0


def test_of_a_reviewed_source_it_waits_in_a_draft(site, reviewed):
    approved(site, reviewed)

    read(reviewed, Feed(org(description="We climb high.")))

    provider = ours().provider
    assert provider.description == "We climb" and provider.has_unpublished_changes
    assert provider.get_latest_revision_as_object().description == "We climb high."


def test_what_was_edited_of_an_organisation_stays_however_often_its_source_changes(
    site, source, climbers
):
    climbers.description = "As we say it."
    climbers.save_revision(user=site.ed).publish(user=site.ed)

    for words in ("Theirs.", "Theirs again."):
        read(source, Feed(org(description=words, email=f"info@{words[-6:-1]}.test")))

    provider = ours().provider
    assert (provider.description, provider.email) == ("As we say it.", "info@again.test")
    held = HeldValue.objects.get()
    assert (held.field, held.was, held.theirs) == ("description", "We climb", "Theirs again.")


def test_an_unapproved_draft_of_an_organisation_does_not_come_out(site, source, climbers):
    climbers.description = "Not approved."
    climbers.save_revision(user=site.ed)

    read(source, Feed(org(email="info@climb.test")))

    provider = ours().provider
    assert (provider.description, provider.email) == ("We climb", "info@climb.test")
    kept = provider.get_latest_revision_as_object()
    assert (kept.description, kept.email) == ("Not approved.", "info@climb.test")


def test_an_organisation_that_an_editor_took_off_stays_off(site, source, climbers):
    climbers.unpublish(user=site.ed)

    read(source, Feed(org(description="We climb high."), record(2)))

    assert not ours().provider.live


def test_theirs_is_taken_into_a_draft_of_the_organisation(site, source, climbers):
    climbers.description = "As we say it."
    climbers.save_revision(user=site.ed).publish(user=site.ed)
    read(source, Feed(org(description="Theirs.")))
    held = HeldValue.objects.get()
    assert ("We say", "As we say it.") in holding.compared(held)

    holding.decide(held, HeldValue.State.TAKEN, by=site.ed)

    provider = ours().provider
    assert provider.description == "As we say it."
    assert provider.get_latest_revision_as_object().description == "Theirs."
