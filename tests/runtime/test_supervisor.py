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
from psycopg.conninfo import make_conninfo

from tests import databases
from tests.runtime.conftest import Programs, is_alive, leave, make_folder, wait_until
from waymark import bootstrap, embedded

pytestmark = [
    pytest.mark.slow,
    pytest.mark.thorough,
]  # it makes a server of its own, and starts everything


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
            | {"WAYMARK_DB_NAME": "waymark", "DJANGO_SETTINGS_MODULE": "waymark.settings"},
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

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(30)
        finally:
            self.process.kill()
            self.process.wait()
            self.log.close()


@pytest.fixture(scope="module")
def folder(django_db_setup: None) -> Iterator[Path]:
    """What the first start has prepared serves the next: data survive. It need not migrate."""
    made = make_folder()
    (made / "demo-sign-ins.txt").touch()  # test mode builds no demo
    server = embedded.Server(made / "postgres")
    server.enter()
    server.start()
    server.create_database("waymark")
    copy_schema(server.url("waymark"))
    server.leave()
    yield made
    shutil.rmtree(made)


def copy_schema(url: str) -> None:
    name = f"wm_own_{databases.run_id()}_supervisor"
    databases.clone(databases.schema_name(), name)
    with databases.server() as server:
        whence = server.info.get_parameters() | {"dbname": name}
    programs = embedded._binaries(Path("newest"))
    dump = subprocess.run(
        [programs / "pg_dump", "--no-owner", "--no-privileges", make_conninfo(**whence)],
        check=True,
        capture_output=True,
    )
    load = [programs / "psql", "--quiet", "--no-psqlrc", "-v", "ON_ERROR_STOP=1", "-d", url]
    subprocess.run(load, input=dump.stdout, check=True, capture_output=True)
    databases.drop(name)


@pytest.fixture(scope="module")
def supervisors(folder: Path) -> Iterator[list[Running]]:
    """Those that were started; all are stopped in the end."""
    started: list[Running] = []
    yield started
    for each in started:
        each.stop()


@pytest.fixture
def running(folder: Path, supervisors: list[Running]) -> Running:
    """The supervisor that the test before has left running, or a new one; all its parts are up."""
    if not supervisors or supervisors[-1].process.poll() is not None:
        supervisors.append(Running(folder))
    wait_until(supervisors[-1].is_up, 240)
    wait_until(lambda: supervisors[-1].status() == 200)
    return supervisors[-1]


@pytest.mark.parametrize("words", ["granian", "qcluster", "postgres"])
def test_each_part_comes_back(running, words):
    killed, family = running.part(words), running.family(words)
    assert killed

    killed.kill()

    wait_until(lambda: not [pid for pid in family if is_alive(pid)], 60)
    wait_until(partial(running.has_another, words, killed))
    wait_until(lambda: running.status() == 200)


def test_ctrl_c_leaves_nothing(running):
    parts = running.everybody()
    assert len(parts) > 8

    running.process.send_signal(signal.SIGINT)

    assert running.process.wait(20) == 0
    assert [pid for pid in parts if is_alive(pid)] == []
    assert running.said().rstrip().endswith("Stopped.")


def test_web_and_worker_of_a_killed_supervisor_end(running, folder):
    server = embedded.Server(folder / "postgres")
    parts = [pid for words in ("granian", "qcluster") for pid in running.family(words)]
    assert len(parts) > 3

    running.process.kill()

    wait_until(lambda: not [pid for pid in parts if is_alive(pid)])
    # PostgreSQL may outlive a process that was killed; whoever uses it next stops it.
    leave(Programs(folder).use_the_database())
    assert server.pid() is None


def test_what_a_killed_worker_had_claimed_is_done_by_the_next(running, folder):
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
