"""Public pages that are kept for some seconds: the same for everybody, and nobody's own."""

import gzip

import pytest
from django.core.cache import caches
from django.test import Client

from cms.models import Service

DIRECTORY = "/directory/"


@pytest.fixture(autouse=True)
def kept(settings):
    """As a live site has it."""
    settings.PAGES_KEPT_SECONDS = 60
    caches["pages"].clear()
    yield
    caches["pages"].clear()


def test_a_public_page_is_drawn_once_for_everybody(site, django_assert_num_queries):
    first = Client().get(DIRECTORY)

    with django_assert_num_queries(0):
        second = Client().get(DIRECTORY)

    assert second.content == first.content
    assert "default-src" in second.headers["Content-Security-Policy"]


@pytest.mark.parametrize("address", [DIRECTORY, "/", "/help/"])
def test_what_has_changed_shows_once_the_time_is_over(site, address):
    before = Client().get(address)
    Service.objects.all().update(title="Changed")
    caches["pages"].clear()

    after = Client().get(address)

    assert before.status_code == after.status_code == 200
    assert int(before.headers["Cache-Control"].partition("=")[2]) <= 60


@pytest.mark.parametrize("query", ["q=boxing", "place=NG1+1AA", "age=14&q=my+name"])
def test_what_somebody_typed_is_not_kept(site, query):
    Client().get(f"{DIRECTORY}?{query}")

    assert not caches["pages"]._cache


def test_an_empty_box_is_no_word(site):
    Client().get(f"{DIRECTORY}?q=&place=&age=14")

    assert caches["pages"]._cache


def test_nobody_is_shown_what_a_signed_in_person_was_shown(site, sign_in):
    inside = sign_in(site.ed)
    inside.get(DIRECTORY)
    assert not caches["pages"]._cache

    Client().get(DIRECTORY)
    again = inside.get(DIRECTORY)

    assert "no-store" in again.headers["Cache-Control"]


@pytest.mark.parametrize("address", ["/sign-in/", "/health/", "/oruk/v3/services", "/nothing/"])
def test_only_listed_pages_are_kept(site, address):
    Client().get(address)

    assert not caches["pages"]._cache


def test_public_pages_are_compressed_for_those_who_can_read_it(site):
    plain = Client().get(DIRECTORY)
    squeezed = Client().get(DIRECTORY, headers={"accept-encoding": "gzip"})
    kept = Client().get(DIRECTORY, headers={"accept-encoding": "gzip"})

    assert "Content-Encoding" not in plain.headers
    assert gzip.decompress(squeezed.content) == plain.content
    assert kept.content == squeezed.content
    assert len(squeezed.content) < len(plain.content) / 3


@pytest.mark.parametrize("address", [DIRECTORY, "/work/"])
def test_what_a_signed_in_person_sees_is_not_compressed(site, sign_in, address):
    """A secret beside what an attacker typed must not show in the length."""
    answer = sign_in(site.ed).get(address, headers={"accept-encoding": "gzip"})

    assert answer.status_code == 200
    assert "Content-Encoding" not in answer.headers


def test_a_form_with_a_token_is_not_compressed(site):
    answer = Client().get("/sign-in/", headers={"accept-encoding": "gzip"})

    assert b"csrfmiddlewaretoken" in answer.content


@pytest.mark.parametrize("path", ["services", "services?format=ndjson", "services?format=csv"])
def test_the_feed_is_compressed_streams_too_for_whoever_asks(site, sign_in, path):
    address = f"/oruk/v3/{path}"
    plain = Client().get(address)
    squeezed = sign_in(site.ed).get(address, headers={"accept-encoding": "gzip"})

    assert "Content-Encoding" not in plain.headers
    assert squeezed.headers["Content-Encoding"] == "gzip"
    content, whole = squeezed.getvalue(), plain.getvalue()
    assert gzip.decompress(content) == whole and len(content) < len(whole) / 3
    assert "Accept-Encoding" in squeezed.headers["Vary"]
    assert squeezed.headers["Access-Control-Allow-Origin"] == "*" and not squeezed.cookies


def test_a_reader_of_the_compressed_feed_gets_304(site):
    asks = {"HTTP_ACCEPT_ENCODING": "gzip"}
    first = Client().get("/oruk/v3/services", **asks)

    again = Client().get("/oruk/v3/services", **asks, HTTP_IF_NONE_MATCH=first["ETag"])

    assert again.status_code == 304


def test_a_stream_is_sent_as_it_is_made(site):
    """Not held back until all of it is there."""
    answer = Client().get("/oruk/v3/services?format=ndjson", headers={"accept-encoding": "gzip"})

    parts = list(answer.streaming_content)
    assert answer.streaming and len(parts) > 2
