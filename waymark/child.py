"""A child process that is started again when it dies, and leaves nothing behind when it is stopped.

A child leads a process group of its own: a Ctrl-C at the terminal reaches only its parent, and what
its death leaves over is killed with the group. On Linux the kernel sends it SIGTERM should the
parent be killed.
"""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

BACK_OFF = (0.5, 1.0, 2.0, 5.0, 10.0, 30.0)  # seconds before the nth restart in a row
HEALTHY = 60.0  # seconds of life after which the back-off starts again
PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36  # from Linux's <sys/prctl.h>

_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def adopt_orphans() -> None:
    """Make this process the parent of orphaned grandchildren, so that reap() can clear them."""
    if _libc:
        _libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def reap(children: "list[Child]") -> None:
    """Clear ended orphans away; the ends of `children` are theirs to see."""
    ours = {child.pid for child in children}
    with suppress(ChildProcessError):
        while ended := os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT):
            if ended.si_pid in ours:
                return
            os.waitpid(ended.si_pid, 0)


def _die_with_parent() -> None:
    if _libc:
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)


@dataclass
class Child:
    """`say` gets one sentence for each thing that happens to it."""

    name: str
    command: list[str]
    say: Callable[[str], None]
    environment: dict[str, str] = field(default_factory=dict)
    before_start: Callable[[], None] | None = None
    started_at: float = 0.0
    starts: int = 0
    _process: subprocess.Popen[bytes] | None = None
    _deaths: int = 0
    _next_start: float = 0.0

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    @property
    def age(self) -> float:
        """Seconds since it was last started; 0 if it is not running."""
        return time.monotonic() - self.started_at if self._process else 0.0

    def start(self) -> None:
        if self.before_start:
            self.before_start()
        self._process = subprocess.Popen(
            self.command,
            env=os.environ | self.environment,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=_die_with_parent,  # the parent has one thread
        )
        self.started_at = time.monotonic()
        self.starts += 1

    def keep_alive(self) -> None:
        """Start it if it has not been, or has died; after repeated deaths only after a while."""
        code = self.take_end()
        if code is not None:
            self._deaths = 1 if time.monotonic() - self.started_at > HEALTHY else self._deaths + 1
            wait = BACK_OFF[min(self._deaths, len(BACK_OFF)) - 1]
            self._next_start = time.monotonic() + wait
            self.say(f"{self.name} ended ({_reason(code)}); starting it again in {wait:g} s")
        if self._process is None and time.monotonic() >= self._next_start:
            self.start()

    def take_end(self) -> int | None:
        """Its exit code if it has ended since the last look; the rest of its group is killed."""
        if self._process is None:
            return None
        flags = os.WEXITED | os.WNOHANG | os.WNOWAIT
        if os.waitid(os.P_PID, self._process.pid, flags) is None:
            return None
        self.kill()  # before it is reaped: until then nobody else can have the group's number
        process, self._process = self._process, None
        return process.wait()

    def terminate(self) -> None:
        self._signal(signal.SIGTERM)

    def kill(self) -> None:
        """Kill it and all of its group."""
        if self._process:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)

    def _signal(self, number: signal.Signals) -> None:
        if self._process:
            with suppress(ProcessLookupError):
                self._process.send_signal(number)


def stop_all(children: list[Child], *, grace: float, hurry: Callable[[], bool]) -> None:
    """Ask all to end; after `grace` seconds, or once `hurry()`, kill what is left."""
    for child in children:
        child.terminate()
    deadline = time.monotonic() + grace
    while any(child.pid for child in children):
        for child in children:
            if time.monotonic() > deadline or hurry():
                child.kill()
            child.take_end()
        time.sleep(0.02)


def _reason(code: int) -> str:
    return signal.Signals(-code).name if code < 0 else f"exit code {code}"
