"""A small server on this machine that says what a test wants, and counts who asked."""

import json
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from cms.directory.fetching import Client, Rules

Answer = Callable[["Server", BaseHTTPRequestHandler, dict[str, str]], Any]


class Server:
    """`answers` by path; what an answer gives is sent as JSON, unless it has answered itself."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.hits: Counter[str] = Counter()
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def rules(self, **more: Any) -> Rules:
        return Rules(allows_http=True, ports=frozenset({80, 443, self.port}), **more)

    def says(self, path: str, answer: Any) -> None:
        self.answers[path] = answer if callable(answer) else lambda *_: answer


def open_client(**more: Any) -> Client:
    """One that may ask this machine."""
    return Client("Waymark test", is_allowed=lambda address: True, **more)


def send(handler: BaseHTTPRequestHandler, body: bytes, status: int = 200, **headers: str) -> None:
    handler.send_response(status)
    given = {"Content-Type": "application/json", "Content-Length": str(len(body))} | {
        name.replace("_", "-"): value for name, value in headers.items()
    }
    for name, value in given.items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(body)


@contextmanager
def serving() -> Iterator[Server]:
    server = Server()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            server.hits[parts.path] += 1
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            answer = server.answers.get(parts.path)
            if answer is None:
                send(self, b'{"error": "nothing"}', 404)
                return
            try:
                said = answer(server, self, query)
                if said is not None:
                    send(self, json.dumps(said).encode())
            except OSError:
                return  # whoever asked has gone

        def log_message(self, *args: Any) -> None:
            """Nothing."""

    made = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.daemon_threads = True
    server.port = made.server_port
    thread = threading.Thread(target=made.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        made.shutdown()
        made.server_close()
        thread.join()
