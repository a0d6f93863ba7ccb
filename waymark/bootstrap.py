"""What the Makefile calls, with nothing but Python's own library: builds, then hands over.

Each build step keeps a stamp of its inputs and is left out while they are unchanged. What a step
prints goes to var/log/build.log; the person sees one line a step, and on failure its last lines.
Written so that an old Python can read as far as the sentence that tells its owner what to do.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036  the reason this check exists is an older Python
    import os as _os
    import subprocess as _subprocess

    for _newer in ("python3.14", "python3.13", "python3.12", "python3.11"):
        try:
            _works = _subprocess.call([_newer, "-c", ""], stderr=_subprocess.DEVNULL) == 0
        except OSError:
            _works = False
        if _works:
            _os.execvp(_newer, [_newer, "-m", "waymark.bootstrap"] + sys.argv[1:])  # noqa: RUF005, S606
    sys.exit(
        "Waymark needs Python 3.11 or newer and this is %d.%d: install a newer one, "  # noqa: UP031
        "or say which to use: make run PYTHON=/path/to/python3." % sys.version_info[:2]
    )

import errno
import fcntl
import hashlib
import importlib.util
import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
FRONTEND = ROOT / "waymark" / "frontend"
LIGHTHOUSE = ROOT / "tests" / "browser" / "lighthouse"
VAR = Path(os.environ.get("WAYMARK_VAR") or ROOT / "var").resolve()
LOCKS = {"run": ROOT / "requirements.lock", "dev": ROOT / "requirements-dev.lock"}
DEMO_KEEPS = 7  # days after which its dates are out of season
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
PACKAGES = [
    *("waymark", "insight", "mentoring", "pathways", "referrals", "casework", "cms", "accounts"),
    "tests",
]


class BootstrapError(Exception):
    """Nothing can go on; the message is one sentence for the person at the terminal."""


def main(arguments: list[str]) -> int:
    commands = {each.__name__: each for each in (run, build, demo, test, check, bench, kills, lock)}
    if len(arguments) != 1 or arguments[0] not in commands:
        print("usage: make " + " | ".join(commands), file=sys.stderr)
        return 2
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # each process would compile all code anew
    try:
        return commands[arguments[0]]()
    except BootstrapError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return 130


# -- the commands


def run() -> int:
    """Build what is missing, then become the supervisor (so that Ctrl-C reaches it alone)."""
    check_not_running()
    check_port(address())
    build_venv("run")
    build_frontend()
    os.environ.setdefault("WAYMARK_MODE", "demo")
    if demo_days() > DEMO_KEEPS:
        print(f"The demo is {demo_days()} days old: `make demo` builds it anew, up to today.")
    sys.stdout.flush()
    os.chdir(ROOT)
    os.execv(python(), [python(), "-m", "waymark.supervisor"])  # noqa: S606


def build() -> int:
    """What a live server needs besides its settings (docs/operations.md)."""
    build_venv("run")
    build_frontend()
    return 0


def demo() -> int:
    """Build the demo world anew; nothing may be using it meanwhile."""
    check_not_running()
    build_venv("run")
    build_frontend()
    return tool("manage.py", "demo", WAYMARK_MODE="demo")


def demo_days() -> int:
    """How many days ago the demo world was built; 0 when there is none."""
    try:
        return int((time.time() - (VAR / "demo-sign-ins.txt").stat().st_mtime) / 86_400)
    except FileNotFoundError:
        return 0


def test() -> int:
    build_venv("dev")
    build_frontend()
    install_packages("Lighthouse", LIGHTHOUSE)
    return run_tests(find_browser())


def check() -> int:
    build_venv("dev")
    build_frontend()
    install_packages("Lighthouse", LIGHTHOUSE)
    browser = find_browser()
    failed = [name for name, code in static_checks() if code]
    if run_tests(browser, WAYMARK_THOROUGH="1"):
        failed.append("tests")
    if failed:
        raise BootstrapError("Failed: " + ", ".join(failed) + ".")
    return 0


def bench() -> int:
    build_venv("dev")
    build_frontend()
    environment = {"WAYMARK_DB_NAME": os.environ.get("WAYMARK_DB_NAME", "waymark_bench")}
    return tool("manage.py", "bench", **environment)


def kills() -> int:
    """Kill every part of a Waymark of its own while people work, and count what is lost."""
    build_venv("dev")
    build_frontend()
    return tool("-m", "tests.kills.run")


def lock() -> int:
    """Make both locks anew, for every Python from 3.11.0; no address of a registry gets in."""
    build_venv("dev")
    compile_ = [
        *("-m", "uv", "pip", "compile", "--quiet", "--native-tls", "--universal"),
        *("--python-version", "3.11", "--fork-strategy", "fewest", "--generate-hashes"),
        *("--only-binary", ":all:", "--no-header", "--no-annotate", "pyproject.toml"),
        *os.environ.get("ARGS", "").split(),
    ]
    run_lock, dev_lock = LOCKS["run"].name, LOCKS["dev"].name
    return tool(*compile_, "-o", run_lock) or tool(
        *compile_, "--extra", "dev", "-c", run_lock, "-o", dev_lock
    )


# -- checks and tests


def static_checks() -> Iterable[tuple[str, int]]:
    """Each check's name and exit code; all run, so that one look shows all that is wrong."""
    packages = [name for name in PACKAGES if (ROOT / name / "__init__.py").exists()]
    live = {
        "WAYMARK_MODE": "live",
        "DATABASE_URL": "postgresql://nobody@127.0.0.1:9/nothing",
        "SECRET_KEY": hashlib.sha256(os.urandom(32)).hexdigest(),
        "WAYMARK_HOSTS": "waymark.example",
    }
    yield "ruff check", tool("-m", "ruff", "check", *packages, "manage.py")
    yield "ruff format", tool("-m", "ruff", "format", "--check", *packages, "manage.py")
    yield "mypy", tool("-m", "mypy")
    yield "imports", tool(str(VENV / "bin" / "lint-imports"))
    yield "migrations", tool("manage.py", "makemigrations", "--check", "--dry-run")
    yield "deploy", tool("manage.py", "check", "--deploy", "--fail-level", "WARNING", **live)
    yield "docs", tool("manage.py", "docs", "--check")


def run_tests(browser: str, **environment: str) -> int:
    """The whole suite; `browser` is the path of Chromium, empty for Playwright's own."""
    workers = str(min(os.cpu_count() or 1, 4))
    more = os.environ.get("ARGS", "").split()
    if browser:
        environment["WAYMARK_CHROMIUM"] = browser
    return tool("-m", "pytest", "-n", workers, "--dist", "loadfile", *more, **environment)


def find_browser() -> str:
    """The path of Chromium, or empty where Playwright has its own; installs one if need be."""
    found = os.environ.get("WAYMARK_CHROMIUM") or _chromium()
    if found:
        return found
    if os.geteuid() == 0 and shutil.which("apt-get"):
        install = ["apt-get", "install", "-y", "--no-install-recommends", "chromium"]
        os.environ["DEBIAN_FRONTEND"] = "noninteractive"
        with_step(
            "Installing Chromium", lambda: _try(install) or _try(["apt-get", "update"], install)
        )
        if _chromium():
            return _chromium()
    if with_step(
        "Fetching Chromium", lambda: _try([python(), "-m", "playwright", "install", "chromium"])
    ):
        return ""
    raise BootstrapError(
        "The browser tests need Chromium: install it (Debian: `sudo apt-get install chromium`) "
        "or set WAYMARK_CHROMIUM to its path."
    )


def _chromium() -> str:
    return next((path for path in map(shutil.which, CHROMIUM) if path), "")


# -- where to serve


def address() -> tuple[str, int]:
    """Host and port from WAYMARK_BIND (127.0.0.1) and PORT (8000)."""
    port = os.environ.get("PORT") or "8000"
    if not port.isdecimal() or not 0 < int(port) < 65536:
        raise BootstrapError(f"PORT is “{port}”: give a number from 1 to 65535.")
    return os.environ.get("WAYMARK_BIND") or "127.0.0.1", int(port)


def check_not_running() -> None:
    """Refuse with a sentence if Waymark runs from this folder already."""
    running = running_supervisor()
    if running:
        raise BootstrapError(
            f"Waymark already runs from this folder (process {running['pid']}) at "
            f"{running['url']}: use that, or stop it with Ctrl-C first."
        )


def check_port(where: tuple[str, int]) -> None:
    """Refuse with a sentence if another program has the port, or nobody may open it."""
    host, port = where
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(where)
        except OSError as error:
            why = "is in use by another program"
            if error.errno == errno.EACCES:
                why = "is reserved for root"
            elif error.errno != errno.EADDRINUSE:
                why = f"cannot be opened on {host}"
            raise BootstrapError(
                f"Port {port} {why}: choose another, as in `make run PORT={port % 60000 + 1}`."
            ) from None


def running_supervisor() -> dict[str, str]:
    """What the supervisor of this folder wrote about itself; empty if none runs."""
    try:
        with (VAR / "supervisor.lock").open() as note:
            try:
                fcntl.flock(note, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return {"pid": "?", "url": "?"} | json.loads(note.read() or "{}")
    except (OSError, ValueError):
        pass
    return {}


# -- the build steps


def build_venv(kind: str) -> None:
    """`.venv` with exactly the locked packages; the development lock holds those of running too."""
    if not LOCKS[kind].exists():
        raise BootstrapError(f"{LOCKS[kind].name} is missing: restore it from git.")
    wanted = {
        name: digest([path], sys.version, ROOT) for name, path in LOCKS.items() if path.exists()
    }
    stamps = {name: VENV / f"installed-{name}" for name in LOCKS}
    if _read(stamps[kind]) == wanted[kind] and Path(python()).exists():
        return
    with_step("Installing Python packages (the first time takes a minute)", lambda: _install(kind))
    for name in ["run", "dev"] if kind == "dev" else ["run"]:
        stamps[name].write_text(wanted[name])


def _install(kind: str) -> None:
    moved = _read(VENV / "made-in") not in ("", str(ROOT))
    if moved or not _try([python(), "-c", "import pip"]):
        if not all(importlib.util.find_spec(name) for name in ("venv", "ensurepip")):
            raise BootstrapError(
                "Python's venv module is missing: install it "
                "(Debian and Ubuntu: `sudo apt-get install python3-venv`) and try again."
            )
        sh([sys.executable, "-m", "venv", "--clear", str(VENV)], "Could not make .venv")
    (VENV / "made-in").write_text(str(ROOT))
    sh(
        [
            *(python(), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"),
            *("--no-input", "--require-hashes", "--no-deps", "--only-binary", ":all:"),
            *("--no-compile", "-r", str(LOCKS[kind])),
        ],
        "Could not install the Python packages; is this machine online?",
    )


def build_frontend() -> None:
    """`waymark/frontend/build`, by the npm that comes as a Python package."""
    install_packages("front-end packages", FRONTEND)
    modules, built = FRONTEND / "node_modules", digest(_sources())
    if _read(modules / ".built") != built or not (FRONTEND / "build").exists():
        make = [str(VENV / "bin" / "npm"), "run", "build"]
        with_step(
            "Building the front end", lambda: sh(make, "Could not build the front end", FRONTEND)
        )
        (modules / ".built").write_text(built)


def install_packages(what: str, folder: Path) -> None:
    """The folder's `node_modules`, exactly as its lock says."""
    os.environ["PATH"] = f"{VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    npm, installed = str(VENV / "bin" / "npm"), digest([folder / "package-lock.json"])
    stamp = folder / "node_modules" / ".installed"
    if _read(stamp) != installed:
        fetch = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
        sorry = f"Could not install {what}; is this machine online?"
        with_step(f"Installing {what}", lambda: sh(fetch, sorry, folder))
        stamp.write_text(installed)


def _sources() -> list[Path]:
    made = {FRONTEND / "node_modules", FRONTEND / "build"}
    files = (path for path in FRONTEND.rglob("*") if path.is_file())
    return sorted(path for path in files if not made & set(path.parents))


# -- running programs


def python() -> str:
    return str(VENV / "bin" / "python")


def tool(*arguments: str, **environment: str) -> int:
    """Run one of the development tools, its output shown; the mode is test unless given."""
    print(f"\n$ {' '.join(arguments)[:200]}", flush=True)
    command = list(arguments) if arguments[0].startswith("/") else [python(), *arguments]
    mode = {"WAYMARK_MODE": "test"}
    return subprocess.call(command, cwd=ROOT, env=os.environ | mode | environment)


def sh(command: list[str], sorry: str, folder: Path = ROOT) -> None:
    """Run a build step, its output in the log; raise `sorry` with its last lines if it fails."""
    path = VAR / "log" / "build.log"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as log:
        code = subprocess.call(
            command, cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT
        )
    if code:
        last = "\n".join(path.read_text(errors="replace").splitlines()[-15:])
        raise BootstrapError(f"{last}\n{sorry} (all it said: {path})")


def with_step(title: str, work: Callable[[], object]) -> object:
    print(f"{title} … ", end="", flush=True)
    started = time.monotonic()
    result = work()
    print(f"{time.monotonic() - started:.0f} s", flush=True)
    return result


def _try(*commands: list[str]) -> bool:
    try:
        for command in commands:
            subprocess.run(command, check=True, capture_output=True, stdin=subprocess.DEVNULL)
    except (OSError, subprocess.CalledProcessError):
        return False
    return True


def digest(files: Iterable[Path], *more: object) -> str:
    """Of the files' names and contents, and of `more`."""
    checksum = hashlib.sha256(repr(more).encode())
    for path in files:
        checksum.update(f"{path.name}:".encode() + path.read_bytes())
    return checksum.hexdigest()


def _read(path: Path) -> str:
    return path.read_text() if path.exists() else ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
