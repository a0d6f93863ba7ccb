"""Processes that are started again, and leave nothing behind."""

import os
import signal
import sys
import time

import pytest

from tests.runtime.conftest import is_alive, kill, wait_until
from waymark.child import Child, stop_all

pytestmark = pytest.mark.slow  # each test waits for processes to start and end

SLEEP = [sys.executable, "-c", "import time; time.sleep(600)"]
WITH_CHILD = [
    sys.executable,
    "-c",
    "import subprocess, sys, time; p = subprocess.Popen(['sleep', '600']);"
    "open(sys.argv[1], 'w').write(str(p.pid)); time.sleep(600)",
]
DEAF = [
    sys.executable,
    "-c",
    "import signal, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
    "open(sys.argv[1], 'w').write('1'); time.sleep(600)",
]


@pytest.fixture
def said():
    return []


@pytest.fixture
def child(said):
    made = []

    def make(command):
        made.append(Child("sleeper", command, said.append))
        return made[-1]

    yield make
    stop_all(made, grace=0, hurry=lambda: True)


def keep(child):
    """keep_alive() as the loop calls it: again and again."""
    child.keep_alive()
    return child.pid


def test_a_killed_child_is_started_again(child, said):
    sleeper = child(SLEEP)
    sleeper.keep_alive()
    first = sleeper.pid

    os.kill(first, signal.SIGKILL)
    wait_until(lambda: keep(sleeper) not in (None, first))

    assert is_alive(sleeper.pid)
    assert said == ["sleeper ended (SIGKILL); starting it again in 0.5 s"]


def test_what_a_killed_child_leaves_over_goes_with_it(child, tmp_path):
    parent = child([*WITH_CHILD, str(tmp_path / "pid")])
    parent.keep_alive()
    wait_until(lambda: (tmp_path / "pid").exists() and (tmp_path / "pid").read_text())
    grandchild = int((tmp_path / "pid").read_text())

    os.kill(parent.pid, signal.SIGKILL)
    wait_until(lambda: parent.take_end() is not None)

    wait_until(lambda: not is_alive(grandchild))


@pytest.mark.thorough
def test_a_child_that_dies_at_once_is_started_ever_more_slowly(child, said):
    broken = child([sys.executable, "-c", "raise SystemExit(3)"])

    wait_until(lambda: (keep(broken), len(said) >= 2)[1])

    assert said[:2] == [
        "sleeper ended (exit code 3); starting it again in 0.5 s",
        "sleeper ended (exit code 3); starting it again in 1 s",
    ]


@pytest.mark.thorough
def test_a_child_that_ignores_the_asking_is_killed_after_the_grace(child, tmp_path):
    deaf = child([*DEAF, str(tmp_path / "ready")])
    deaf.start()
    wait_until((tmp_path / "ready").exists)
    pid, started = deaf.pid, time.monotonic()

    stop_all([deaf], grace=0.5, hurry=lambda: False)

    assert time.monotonic() - started >= 0.5
    assert not is_alive(pid)


def test_a_second_signal_kills_at_once(child, tmp_path):
    deaf = child([*DEAF, str(tmp_path / "ready")])
    deaf.start()
    wait_until((tmp_path / "ready").exists)
    pid = deaf.pid

    stop_all([deaf], grace=600, hurry=lambda: True)

    assert not is_alive(pid)


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's signal to orphans is Linux's")
def test_children_of_a_killed_parent_end(programs):
    parent = programs.start(
        "import sys, time; from waymark.child import Child;"
        f"child = Child('sleeper', {SLEEP!r}, print); child.start(); print(child.pid, flush=True);"
        "time.sleep(600)"
    )
    pid = int(parent.stdout.readline())

    kill(parent)

    wait_until(lambda: not is_alive(pid))
