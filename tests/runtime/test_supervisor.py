"""The whole of `make run` after the build, killed part by part."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import psutil
import pytest

from tests.runtime.conftest import is_alive, wait_until
from waymark import bootstrap

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
            if words in " ".join(child.cmdline()):
                return child
        return None

    def has_another(self, words: str, former: psutil.Process) -> bool:
        return self.part(words) not in (None, former)

    def everybody(self) -> list[int]:
        return [child.pid for child in psutil.Process(self.process.pid).children(recursive=True)]

    def said(self) -> str:
        return Path(self.log.name).read_text()


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    supervisor = Running(tmp_path)
    yield supervisor
    supervisor.process.send_signal(signal.SIGTERM)
    try:
        supervisor.process.wait(30)
    finally:
        supervisor.process.kill()
        supervisor.process.wait()
        supervisor.log.close()


def test_each_part_comes_back_and_ctrl_c_leaves_nothing(running):
    wait_until(lambda: running.part("qcluster") or running.process.poll() is not None, 120)
    assert running.status() == 200, running.said()

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


def test_a_killed_supervisor_takes_everything_with_it(running):
    wait_until(lambda: running.part("qcluster") or running.process.poll() is not None, 120)
    parts = running.everybody()

    running.process.kill()

    wait_until(lambda: not [pid for pid in parts if is_alive(pid)])
