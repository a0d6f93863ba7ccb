"""A server under load: granian in a process of its own, and as many clients as it has threads."""

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from waymark import supervisor
from waymark.bootstrap import ROOT

START = 60.0  # seconds to wait for the first answer
CLIENTS = 4


class NotServed(RuntimeError):
    """The server did not start or answered something else than was asked for."""


@contextmanager
def served(database: str, **environment: str) -> Iterator["Site"]:
    """Waymark on that database, with the supervisor's own command, on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = supervisor.web_command("127.0.0.1", port)
    command[-1] = "waymark.bench.plain:application"
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=os.environ | {"WAYMARK_DB_NAME": database} | environment,
        stdin=subprocess.DEVNULL,
    )
    site = Site(port)
    try:
        site.wait(process)
        yield site
    finally:
        process.terminate()
        process.wait()


@dataclass
class Site:
    """A server on this machine."""

    port: int

    def wait(self, process: "subprocess.Popen[bytes]") -> None:
        end = time.monotonic() + START
        while time.monotonic() < end and process.poll() is None:
            try:
                if self.get("/plain/")[0] == 200:
                    return
            except OSError:
                time.sleep(0.1)
        raise NotServed(f"{sys.executable} -m granian did not answer within {START:g} seconds.")

    def get(self, path: str, cookie: str = "") -> tuple[int, bytes]:
        """Status and body of one page."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=30) as connection:
            return _exchange(connection, _request(path, cookie))

    def rate(self, path: str, cookie: str = "", *, seconds: float = 1.5) -> float:
        """Answers a second to several clients at once, each on a connection of its own."""
        counts, wrong = [0] * CLIENTS, []
        end = time.perf_counter() + seconds

        def ask(place: int) -> None:
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=30) as connection:
                    while time.perf_counter() < end:
                        status, _ = _exchange(connection, _request(path, cookie))
                        if status != 200:
                            raise NotServed(f"{path} answered {status}.")
                        counts[place] += 1
            except (OSError, NotServed) as error:
                wrong.append(error)

        began = time.perf_counter()
        threads = [threading.Thread(target=ask, args=[place]) for place in range(CLIENTS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if wrong:
            raise wrong[0]
        return sum(counts) / (time.perf_counter() - began)


def _request(path: str, cookie: str) -> bytes:
    lines = [f"GET {path} HTTP/1.1", "Host: localhost", "Accept: text/html"]
    lines += [f"Cookie: {cookie}"] if cookie else []
    return "\r\n".join([*lines, "", ""]).encode()


def _exchange(connection: socket.socket, request: bytes) -> tuple[int, bytes]:
    """Send, and read the whole answer by its Content-Length."""
    connection.sendall(request)
    data = b""
    while b"\r\n\r\n" not in data:
        data += _more(connection)
    head, _, body = data.partition(b"\r\n\r\n")
    length = 0
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            length = int(line.split(b":")[1])
    while len(body) < length:
        body += _more(connection)
    return int(head.split(b" ", 2)[1]), body


def _more(connection: socket.socket) -> bytes:
    part = connection.recv(262_144)
    if not part:
        raise ConnectionError("The server closed the connection.")
    return part
