"""Runs Waymark on one machine: PostgreSQL, web server and worker, each restarted when it dies.

`make run` becomes this process. SIGINT (Ctrl-C), SIGTERM and SIGHUP stop everything; a second one
stops it at once. PostgreSQL stops when the last process that uses it has left (`waymark.embedded`).
Web and worker connect as the role that cannot change the audit tables (`waymark.app_role`).

django-q2 can live on and do nothing (a killed idle worker keeps the lock of the queue), and a web
server can hang: a watchdog reads the figures of /health/ and restarts whichever stands still.
"""

import fcntl
import http.client
import json
import os
import secrets
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import Any

import psycopg

from waymark import app_role, bootstrap, embedded
from waymark.child import Child, adopt_orphans, reap, stop_all

TICK = 0.2  # seconds between two looks at the children
GRACE = 10.0  # seconds from asking to killing
WATCH = 15.0  # seconds between two looks at /health/
STALLED = 120.0  # seconds that a task may wait while none is finished
UNSENT = 300.0  # seconds that a letter may be due while no relay ran
SILENT = 4  # looks without an answer after which the web server is restarted
STARTING = 60.0  # seconds that a process may take to start before the watchdog judges it


def main() -> int:
    try:
        host, port = bootstrap.address()
        with only_one(host, port):
            bootstrap.check_port((host, port))
            return Supervisor(host, port).run()
    except (bootstrap.BootstrapError, embedded.EmbeddedError) as error:
        print(f"\n{error}", file=sys.stderr)
        return 1


def say(words: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {words}", flush=True)


def url_of(host: str, port: int) -> str:
    name = "localhost" if host in ("127.0.0.1", "0.0.0.0") else host  # noqa: S104  compared, not bound
    return f"http://{name}:{port}/"


@contextmanager
def only_one(host: str, port: int) -> Iterator[None]:
    """Hold the lock of this folder, with a note of who holds it; refuse if another does."""
    path = bootstrap.VAR / "supervisor.lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(0.5)  # the other may only have been asking whether anybody runs
            bootstrap.check_not_running()
            fcntl.flock(lock, fcntl.LOCK_EX)
        lock.truncate(0)
        lock.write(json.dumps({"pid": os.getpid(), "url": url_of(host, port)}))
        lock.flush()
        yield
        lock.truncate(0)


@dataclass
class Answer:
    """What the web server said at /health/; `figures` is empty where it does not trust us."""

    status: int
    figures: dict[str, Any]


class Supervisor:
    def __init__(self, host: str, port: int) -> None:
        self.host, self.port = host, port
        self.signals = 0
        self.announced = False
        self.silent = 0
        self.next_watch = 0.0
        self.server: embedded.Server | None = None
        os.environ.setdefault("WAYMARK_BASE_URL", url_of(host, port).rstrip("/"))
        os.environ.setdefault("PYTHONUNBUFFERED", "1")
        # The watchdog asks as a monitor does.
        os.environ.setdefault("WAYMARK_MONITOR", secrets.token_urlsafe())
        role = {} if os.environ.get("DATABASE_URL") else {"WAYMARK_DB_ROLE": app_role.NAME}
        self.web = Child("web server", web_command(host, port), say, role)
        manage = [sys.executable, str(bootstrap.ROOT / "manage.py")]
        self.worker = Child("worker", [*manage, "qcluster"], say, role, self._release_tasks)
        # The two do not need each other, and there are two cores or more.
        self.preparations = [Child(name, [*manage, name], say) for name in ("prepare", "collect")]
        self.children = [self.web, self.worker, *self.preparations]

    def run(self) -> int:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)
        adopt_orphans()
        try:
            code = self._prepare()
            if code:
                say("Preparing failed; the lines above say why.")
            while code == 0 and not self.signals:
                self._tick()
                time.sleep(TICK)
        finally:
            self._stop()
        return code

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self.signals += 1

    def _prepare(self) -> int:
        """Start PostgreSQL; bring database, static files and demo world up to date if need be."""
        self._keep_database()
        stamp, wanted = bootstrap.VAR / "postgres" / "prepared", inputs_of_preparation()
        results = [bootstrap.VAR / "static", bootstrap.VAR / "demo-sign-ins.txt", stamp]
        if all(path.exists() for path in results) and stamp.read_text() == wanted:
            return 0
        for preparation in self.preparations:
            preparation.start()
        while not self.signals and any(each.pid for each in self.preparations):
            for preparation in self.preparations:
                if code := preparation.take_end():
                    return code
            time.sleep(TICK / 4)
        if self.server and not self.signals:
            stamp.write_text(wanted)
        return 0

    def _tick(self) -> None:
        self._keep_database()
        self.web.keep_alive()
        # The worker waits for the first page, so that a start on two cores is quick.
        if self.announced or self.web.age > STARTING:
            self.worker.keep_alive()
        reap(self.children)
        if not self.announced:
            self._announce()
        elif time.monotonic() >= self.next_watch:
            self.next_watch = time.monotonic() + WATCH
            if self.server:
                self.server.open_parents()
            self._watch(self._ask())

    def _keep_database(self) -> None:
        if os.environ.get("DATABASE_URL"):
            return
        if self.server is None:
            self.server = embedded.ensure_server(embedded.var() / "postgres")
        elif self.server.pid() is None:
            say("PostgreSQL ended; starting it again")
            self.server.start()

    def _release_tasks(self) -> None:
        """Give back what a dead worker had claimed: django-q2 would leave it for `retry` seconds.

        Only with the embedded server, where no other cluster can be at work on it.
        """
        if self.server is None:
            return
        name = os.environ.get("WAYMARK_DB_NAME") or "waymark"
        try:
            with self.server.connect(name) as connection:
                connection.execute("UPDATE django_q_ormq SET lock = now() WHERE lock > now()")
        except psycopg.Error as error:
            say(f"claimed tasks wait for their time ({type(error).__name__})")

    def _announce(self) -> None:
        """Say where Waymark is, once it answers."""
        if self.web.pid and self._ask(timeout=1.0):
            self.announced = True
            self.next_watch = time.monotonic() + WATCH
            print(f"\nWaymark runs at {url_of(self.host, self.port)} (Ctrl-C stops it)\n")
            sign_ins = bootstrap.VAR / "demo-sign-ins.txt"
            if sign_ins.exists() and os.environ.get("WAYMARK_MODE") == "demo":
                print(sign_ins.read_text())
            sys.stdout.flush()

    # -- the watchdog

    def _ask(self, timeout: float = 3.0) -> Answer | None:
        """What /health/ says; None if nothing answers."""
        host = "127.0.0.1" if self.host == "0.0.0.0" else self.host  # noqa: S104  compared, not bound
        connection = http.client.HTTPConnection(host, self.port, timeout=timeout)
        headers = {"Authorization": f"Bearer {os.environ['WAYMARK_MONITOR']}"}
        try:
            connection.request("GET", "/health/", headers=headers)
            response = connection.getresponse()
            body = response.read(100_000)
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()
        try:
            figures = json.loads(body).get("figures") or {}
        except (ValueError, AttributeError):
            figures = {}
        return Answer(response.status, figures)

    def _watch(self, answer: Answer | None) -> None:
        if answer is None:
            self.silent += 1
            if self.silent >= SILENT and self.web.age > STARTING:
                say("web server gives no answer; ending it")
                self.web.kill()
                self.silent = 0
            return
        self.silent = 0
        if self.worker.age > STALLED and is_stalled(answer.figures):
            say("worker stands still; ending it")
            self.worker.kill()

    def _stop(self) -> None:
        say("Stopping …")
        seen = self.signals
        stop_all(self.children, grace=GRACE, hurry=lambda: self.signals > max(seen, 1))
        if self.server:
            embedded.leave(self.server.folder)
        reap([])
        say("Stopped.")


def inputs_of_preparation() -> str:
    """A digest of all that the preparations work from; kept beside the data they prepared."""
    root = bootstrap.ROOT
    packages = [root / name for name in bootstrap.PACKAGES if name != "tests"]
    found = (path for each in packages for kind in ("*.py", "data/*") for path in each.rglob(kind))
    files = [path for path in found if path.is_file() and "node_modules" not in path.parts]
    files += [*root.glob("waymark/frontend/node_modules/.built"), root / "requirements.lock"]
    kept = [os.environ.get(name, "") for name in ("WAYMARK_MODE", "WAYMARK_DB_NAME")]
    return bootstrap.digest(sorted(files), *kept)


def web_command(host: str, port: int) -> list[str]:
    """granian; without an access log, for paths hold references and tokens."""
    cores = os.cpu_count() or 1
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws"),
        *("--host", host, "--port", str(port), "--log-level", "warning"),
        *("--workers", str(min(cores, 4)), "--blocking-threads", str(min(2 * cores, 8))),
        *("--respawn-failed-workers", "--respawn-interval", "0.5"),
        *("--workers-kill-timeout", "5", "--working-dir", str(bootstrap.ROOT)),
        "waymark.wsgi:application",
    ]


def is_stalled(figures: dict[str, Any]) -> bool:
    """Whether work waits while none is done. Ages in seconds; None is never or nothing."""

    def age(name: str, otherwise: float) -> float:
        value = figures.get(name)
        return otherwise if value is None else float(value)

    never = float("inf")
    waits = age("queue_oldest_seconds", 0) > STALLED
    unsent = age("outbox_oldest_seconds", 0) > UNSENT
    return (waits and age("queue_last_done_seconds", never) > STALLED) or (
        unsent and age("relay_last_seconds", never) > UNSENT
    )


if __name__ == "__main__":
    sys.exit(main())
