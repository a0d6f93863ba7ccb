import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from waymark import bootstrap

USER = """
import sys
from waymark import embedded
print(embedded.database_url("scratch"), flush=True)
sys.stdin.read()
"""


def wait_until(true: Callable[[], object], seconds: float = 60) -> None:
    """Fail unless something comes true, however busy the machine is."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.02)


def is_alive(pid: int) -> bool:
    with suppress(psutil.NoSuchProcess):
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    return False


class Programs:
    """Python programs that run beside the test, in a folder of their own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.started: list[subprocess.Popen[str]] = []

    def start(self, program: str, **environment: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", program],
            cwd=bootstrap.ROOT,
            env=os.environ | {"WAYMARK_VAR": str(self.folder)} | environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.started.append(process)
        return process

    def use_the_database(self) -> subprocess.Popen[str]:
        """A process that has joined the server of the folder, and stays until told to leave."""
        process = self.start(USER)
        assert process.stdout
        assert process.stdout.readline().startswith("postgresql://")
        return process

    def end(self) -> None:
        for process in self.started:
            process.communicate()


def leave(process: subprocess.Popen[str]) -> None:
    process.communicate()
    assert process.returncode == 0


def kill(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGKILL)
    process.communicate()


def make_folder() -> Path:
    """For a server: not in pytest's own folder, which only its owner may pass, so that servers of
    several workers under root would open and close it at each other's expense."""
    folder = Path(tempfile.mkdtemp(prefix="waymark-test-"))
    folder.chmod(0o755)
    return folder


@pytest.fixture
def folder() -> Iterator[Path]:
    made = make_folder()
    yield made
    shutil.rmtree(made)


@pytest.fixture
def programs(folder: Path) -> Iterator[Programs]:
    running = Programs(folder)
    yield running
    running.end()
