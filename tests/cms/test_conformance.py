"""The national check of feeds, as its validator would run it, against ours on a real server."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.core.management import call_command
from django.db import connections

from cms.directory import listings
from cms.directory.loading import load_taxonomies
from cms.directory.oruk import shapes
from cms.models import Provider, Service, Source
from tests.cms.test_import_services import FEED
from tests.conftest import SHARED

CHECK = SHARED / "checks" / "oruk_check.py"
pytestmark = [pytest.mark.shared, pytest.mark.slow, pytest.mark.thorough]  # a real server is asked


class Threaded(ThreadingMixIn, WSGIServer):
    daemon_threads = True

    def process_request_thread(self, request, client_address):
        try:
            super().process_request_thread(request, client_address)
        finally:
            connections.close_all()


class Quiet(WSGIRequestHandler):
    def log_message(self, *args):
        """Nothing."""


@contextmanager
def served() -> Iterator[str]:
    from waymark.wsgi import application

    server = make_server("127.0.0.1", 0, application, Threaded, handler_class=Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://localhost:{server.server_port}/oruk/v3"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def checked() -> str:
    with served() as stub:
        done = subprocess.run(
            [sys.executable, CHECK, stub], capture_output=True, text=True, check=False
        )
    return done.stdout[-3000:] + done.stderr[-1000:]


def test_the_feed_of_the_demo_breaks_no_rule(site):
    said = checked()

    assert " 0 failed" in said, said


def test_the_check_would_find_a_fault(site, monkeypatch):
    monkeypatch.setattr(shapes, "given", lambda **fields: fields)

    assert " 0 failed" not in checked()


def test_a_councils_directory_that_came_in_goes_out_without_a_fault(committing):
    """817 services of a real council, in a database that goes with this test."""
    load_taxonomies()
    many = len(json.loads(FEED.read_text(encoding="utf-8")))
    call_command("import_services", FEED, publish=True, stdout=StringIO(), stderr=StringIO())
    Source.objects.update(may_republish=True)  # its licence is not stated: only here
    listings.follow_licence(Source.objects.get())

    said = checked()

    assert Service.objects.in_feed().count() > 0.9 * many and Provider.objects.exists()
    assert " 0 failed" in said, said
