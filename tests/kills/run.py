"""`make kills`: a Waymark of its own in a folder of its own, killed sixty times while people work.

Prints what was acknowledged and what is found. Ends with 1 when anything was lost or doubled, when
a kill did not happen, or when the counting overlooks a planted loss or double.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

from waymark.bootstrap import ROOT

UP, KILLED, DRAINED = 600.0, 60.0, 120.0  # seconds to wait for each
MOVERS = 4

# place, point, whom, how often
PLAN = [
    ("web", "before_commit", "self", 8),
    ("web", "after_commit", "self", 10),
    ("web", "", "whole", 2),
    ("worker", "before_commit", "self", 3),
    ("worker", "after_claim", "self", 4),
    ("worker", "after_send", "self", 5),
    ("worker", "after_commit", "self", 3),
    ("worker", "before_ack", "self", 3),
    ("worker", "", "whole", 2),
    ("web", "before_commit", "backend", 2),
    ("web", "after_commit", "backend", 3),
    ("web", "before_commit", "postmaster", 2),
    ("web", "after_commit", "postmaster", 3),
    ("worker", "before_commit", "backend", 2),
    ("worker", "after_claim", "postmaster", 2),
    ("worker", "after_send", "backend", 2),
    ("worker", "after_commit", "postmaster", 2),
    ("worker", "before_ack", "backend", 2),
]
WORDS = {"web": "granian", "worker": "qcluster"}


def main() -> int:
    folder = Path(tempfile.mkdtemp(prefix="waymark-kills-"))
    try:
        with _waymark(folder) as (supervisor, port):
            _set_up_django()
            return Run(folder, supervisor, port).all()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def say(words: str) -> None:
    sys.stdout.write(f"{time.strftime('%H:%M:%S')} {words}\n")
    sys.stdout.flush()


@contextmanager
def _waymark(folder: Path) -> Iterator[tuple[psutil.Process, int]]:
    """The supervisor with all that it runs, on data of its own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    os.environ.update(
        WAYMARK_VAR=str(folder),
        WAYMARK_MODE="test",
        WAYMARK_DB_NAME="waymark",
        DJANGO_SETTINGS_MODULE="tests.kills.settings",
    )
    with (folder / "said").open("w") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "waymark.supervisor"],
            cwd=ROOT,
            env=os.environ | {"PORT": str(port)},
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
        )
    supervisor = psutil.Process(process.pid)
    try:
        say(f"Starting in {folder}")
        wait_for(lambda: part(supervisor, "qcluster") is not None, UP, "Waymark did not start")
        yield supervisor, port
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def part(supervisor: psutil.Process, words: str) -> psutil.Process | None:
    """The supervisor's child whose command line holds the words."""
    for child in supervisor.children():
        with suppress(psutil.Error):
            if words in " ".join(child.cmdline()):
                return child
    return None


def wait_for(happens: Callable[[], bool], seconds: float, otherwise: str) -> float:
    """Seconds that it took."""
    began = time.monotonic()
    while not happens():
        if time.monotonic() - began > seconds:
            raise TimeoutError(f"{otherwise} within {seconds:g} s.")
        time.sleep(0.02)
    return time.monotonic() - began


def _set_up_django() -> None:
    os.environ["WAYMARK_KILLS_DRIVER"] = "1"
    import django

    django.setup()


class Run:
    """One run: the world, people at work, the kills, the count and its control."""

    def __init__(self, folder: Path, supervisor: psutil.Process, port: int) -> None:
        from . import scene
        from .counting import Tally

        self.folder, self.supervisor, self.port = folder, supervisor, port
        self.kills: Counter[str] = Counter()
        self.tally = Tally()
        say("Making people and referrals")
        self.scene = scene.make(port, self.tally, MOVERS)
        (folder / "kills").mkdir()

    def all(self) -> int:
        from . import control
        from .clients import Crowd
        from .counting import count
        from .provider import taken

        crowd = Crowd(self.scene.acts)
        crowd.start()
        try:
            wait_for(lambda: len(self.tally.moves) > 20, KILLED, "Nobody could work")
            for place, point, whom, times in PLAN:
                for _ in range(times):
                    self._kill(place, point, whom)
                    crowd.check()
        finally:
            crowd.stop()
        self._drain()
        counts = count(self.tally, taken())
        say(", ".join(f"{name} {number}" for name, number in sorted(self.kills.items())))
        say(counts.line() + f", broken chains {counts.broken_links}")
        faults = control.overlooked(self.tally, taken())
        say(
            "control: " + (f"OVERLOOKED {faults}" if faults else "planted losses and doubles found")
        )
        return 0 if counts.is_clean and not faults else 1

    def _kill(self, place: str, point: str, whom: str) -> None:
        """One death, and a few answers in between so that the next finds people at work."""
        if whom == "whole":
            self._kill_whole(place)
        else:
            file = self.folder / "kills" / f"{place}.{point}"
            (self.folder / "arming").write_text(whom)
            (self.folder / "arming").rename(file)
            took = wait_for(lambda: not file.exists(), KILLED, f"No kill {point} in {place}")
            victim = place if whom == "self" else "postgresql"
            self.kills[victim] += 1
            say(f"killed {victim} ({whom}) {point} in {place} after {took:.1f} s")
        before = len(self.tally.moves)
        wait_for(lambda: len(self.tally.moves) > before + 3, 2 * KILLED, "Nobody works again")

    def _kill_whole(self, place: str) -> None:
        """The process that the supervisor started, from outside, wherever it is."""
        wait_for(lambda: part(self.supervisor, WORDS[place]) is not None, KILLED, "Not there")
        process = part(self.supervisor, WORDS[place])
        if process:
            process.kill()
            self.kills[place] += 1
            say(f"killed the whole {place} process {process.pid}")

    def _drain(self) -> None:
        from . import scene

        say("Waiting until every letter is sent")
        wait_for(lambda: scene.unsent() == 0, DRAINED, f"{scene.unsent()} letters are unsent")


if __name__ == "__main__":
    sys.exit(main())
