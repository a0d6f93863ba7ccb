"""A feed by its address, from the command line."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from cms.directory import feeds
from cms.models import Run, Service, Source
from tests.cms.asked import send
from tests.cms.test_feeds import Feed, server

__all__ = ["server"]  # a fixture


@pytest.fixture
def feed(server, site, monkeypatch) -> Feed:
    feed = Feed(server)
    monkeypatch.setattr(feeds, "crawl", lambda run, known: feed.crawl(known=known, done=run.page))
    return feed


def run(*args, **options) -> str:
    said = StringIO()
    call_command("import_feed", *args, stdout=said, stderr=said, **options)
    return said.getvalue()


ADDRESS = "https://feed.example.org/o/v3"


def test_an_address_becomes_a_source_whose_services_are_drafts(feed):
    said = run(ADDRESS, name="Peaks directory")

    source = Source.objects.get(url=ADDRESS)
    assert (source.name, source.code, source.publishes) == (
        "Peaks directory", "peaks-directory", False,
    )  # fmt: skip
    assert "5 services: 5 added, 0 changed, 0 unchanged, 0 rejected." in said
    assert Service.objects.filter(source_record__source=source, live=False).count() == 5


def test_a_second_time_nothing_changes_and_a_code_will_do(feed):
    run(ADDRESS, name="Peaks directory")

    assert "0 added, 0 changed, 5 unchanged" in run("peaks-directory")
    assert Source.objects.filter(url=ADDRESS).count() == 1


def test_a_dry_run_writes_no_service(feed):
    said = run(ADDRESS, name="Peaks directory", dry_run=True)

    assert "5 added" in said and "nothing was written" in said
    assert "The feed was asked 8 times." in said
    assert not Service.objects.filter(source_record__source__url=ADDRESS).exists()


def test_one_that_was_stopped_goes_on(feed, monkeypatch):
    from cms.directory import runs

    def stop(run, taker, page):
        take(run, taker, page)
        raise KeyboardInterrupt

    take = runs._take
    with monkeypatch.context() as patch:
        patch.setattr(runs, "_take", stop)
        with pytest.raises(CommandError, match="goes on where it was"):
            run(ADDRESS, name="Peaks directory")

    said = run(ADDRESS)

    assert "It goes on after page 1" in said and "5 services: 5 added" in said
    assert Run.objects.get().state == Run.State.COMPLETE


def test_what_is_wrong_is_said_and_the_command_fails(feed, server):
    server.says("/services/s2", lambda _, handler, query: send(handler, b"no", 404))

    said = run(ADDRESS)

    assert "s2: Its details could not be read." in said
    server.answers.clear()
    with pytest.raises(CommandError, match="list of services could not be read"):
        run(ADDRESS)


@pytest.mark.parametrize(
    ("what", "says"),
    [
        ("nobody", "There is no source “nobody”"),
        ("ftp://example.org/feed", "does not begin with https"),
        ("https://", "Enter a valid URL"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_sentence(site, what, says):
    with pytest.raises(CommandError, match=says):
        run(what)
    assert not Source.objects.filter(url=what).exists()
