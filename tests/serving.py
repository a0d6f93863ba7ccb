"""The app on a real server, for tests that drive it from outside of this process."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from django.db import connections


class Threaded(ThreadingMixIn, WSGIServer):
    daemon_threads = True

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """A thread serves one request and takes its database connection with it."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            connections.close_all()


class Quiet(WSGIRequestHandler):
    def log_message(self, *args: Any) -> None:
        """A path may hold a reference: nothing is logged."""


@contextmanager
def serving() -> Iterator[str]:
    """The address of a server on the database that is in use; it sees what has been committed."""
    from django.contrib.staticfiles.handlers import StaticFilesHandler

    from waymark.wsgi import application

    server = make_server(
        "127.0.0.1", 0, StaticFilesHandler(application), Threaded, handler_class=Quiet
    )
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://localhost:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
