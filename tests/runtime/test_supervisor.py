"""The whole of `make run` after the build, killed part by part."""

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, suppress
from functools import partial
from pathlib import Path

import psutil
import pytest

from tests.runtime.conftest import Programs, is_alive, leave, make_folder, wait_until
from waymark import bootstrap, embedded

pytestmark = pytest.mark.slow  # it makes a database of its own, migrates it, and starts everything


class Running:
    """A supervisor in a folder of its own, in test mode: no demo world."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.log = (folder / "said").open("w+")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "waymark.supervisor"],
            cwd=bootstrap.ROOT,
            env=os.environ
            | {"WAYMARK_VAR": str(folder), "WAYMARK_MODE": "test", "PORT": str(self.port)}
            | {"WAYMARK_DB_NAME": "waymark"},
            stdin=subprocess.DEVNULL,
            stdout=self.log,
            stderr=subprocess.STDOUT,
        )

    def status(self) -> int | None:
        """What /health/ answers, if anything does."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        with closing(connection):
            try:
                connection.request("GET", "/health/")
                response = connection.getresponse()
                json.loads(response.read())
                return response.status
            except (OSError, ValueError, http.client.HTTPException):
                return None

    def part(self, words: str) -> psutil.Process | None:
        """The child whose command line holds the words."""
        for child in psutil.Process(self.process.pid).children():
            with suppress(psutil.NoSuchProcess):  # a zombie, just now, counts as gone
                if words in " ".join(child.cmdline()):
                    return child
        return None

    def is_up(self) -> bool:
        """Whether the last part has started; fails, saying why, if the supervisor gave up."""
        assert self.process.poll() is None, self.said()
        return self.part("qcluster") is not None

    def has_another(self, words: str, former: psutil.Process) -> bool:
        return self.part(words) not in (None, former)

    def family(self, words: str) -> list[int]:
        part = self.part(words)
        assert part
        return [part.pid, *(child.pid for child in part.children(recursive=True))]

    def everybody(self) -> list[int]:
        return [child.pid for child in psutil.Process(self.process.pid).children(recursive=True)]

    def said(self) -> str:
        return Path(self.log.name).read_text()


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """What the first start has prepared serves the next: data survive."""
    made = make_folder()
    (made / "demo-sign-ins.txt").touch()  # test mode builds no demo
    yield made
    shutil.rmtree(made)


@pytest.fixture
def running(folder: Path) -> Iterator[Running]:
    supervisor = Running(folder)
    yield supervisor
    supervisor.process.send_signal(signal.SIGTERM)
    try:
        supervisor.process.wait(30)
    finally:
        supervisor.process.kill()
        supervisor.process.wait()
        supervisor.log.close()


def test_each_part_comes_back_and_ctrl_c_leaves_nothing(running):
    wait_until(running.is_up, 240)
    assert running.status() == 200

    for words in ("granian", "qcluster", "postgres"):
        killed = running.part(words)
        assert killed
        killed.kill()
        wait_until(partial(running.has_another, words, killed))
        wait_until(lambda: running.status() == 200)

    parts = running.everybody()
    assert len(parts) > 8
    running.process.send_signal(signal.SIGINT)
    assert running.process.wait(20) == 0
    assert [pid for pid in parts if is_alive(pid)] == []
    assert running.said().rstrip().endswith("Stopped.")


def test_web_and_worker_of_a_killed_supervisor_end(running, folder):
    wait_until(running.is_up, 240)
    server = embedded.Server(folder / "postgres")
    parts = [pid for words in ("granian", "qcluster") for pid in running.family(words)]
    assert len(parts) > 3

    running.process.kill()

    wait_until(lambda: not [pid for pid in parts if is_alive(pid)])
    # PostgreSQL may outlive a process that was killed; whoever uses it next stops it.
    leave(Programs(folder).use_the_database())
    assert server.pid() is None


def test_what_a_killed_worker_had_claimed_is_done_by_the_next(running, folder):
    wait_until(running.is_up, 240)
    server = embedded.Server(folder / "postgres")
    with server.connect("waymark") as connection:
        connection.execute(
            "INSERT INTO django_q_ormq (key, payload, lock)"
            " VALUES ('waymark', 'unreadable', now() + interval '10 minutes')"
        )

        killed = running.part("qcluster")
        assert killed
        killed.kill()

        # A task that cannot be read is thrown away by the worker that takes it.
        left = "SELECT count(*) FROM django_q_ormq WHERE payload = 'unreadable'"
        wait_until(lambda: connection.execute(left).fetchone() == (0,), 60)
