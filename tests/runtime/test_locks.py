"""What is installed is exactly what was pinned, and nothing committed says from where."""

import json
import re
import subprocess
import tomllib
from urllib.parse import urlsplit

import pytest
from pip._internal.configuration import Configuration
from pip._internal.models.index import PyPI

from waymark import bootstrap

ROOT = bootstrap.ROOT
PACKAGE_LOCK = ROOT / "waymark" / "frontend" / "package-lock.json"


def requirements(kind: str) -> dict[str, list[str]]:
    """Each requirement's name and all that the lock says of it, once for each kind of Python."""
    text = bootstrap.LOCKS[kind].read_text().replace("\\\n", " ")
    found: dict[str, list[str]] = {}
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            found.setdefault(re.split(r"[=\s\[]", line, maxsplit=1)[0], []).append(line)
    return found


def normalise(requirement: str) -> str:
    name = re.split(r"[\[~=<>;\s]", requirement, maxsplit=1)[0]
    return re.sub(r"[-_.]+", "-", name).lower()


def registry_hosts() -> set[str]:
    """The hosts this machine installs from, as its own tools have them."""
    pip = Configuration(isolated=False)
    pip.load()
    said = [PyPI.url, f"//{PyPI.file_storage_domain}"]
    said += [value for key, value in pip.items() if key.endswith(("index-url", "find-links"))]
    npm = [str(bootstrap.VENV / "bin" / "npm"), "config", "get", "registry"]
    said.append(subprocess.run(npm, capture_output=True, text=True).stdout.strip())
    return {host for url in " ".join(said).split() if (host := urlsplit(url).hostname)}


@pytest.mark.parametrize("kind", ["run", "dev"])
def test_a_lock_pins_each_package_by_hash_and_names_no_source(kind):
    text = bootstrap.LOCKS[kind].read_text()

    assert "://" not in text
    assert not re.search(r"^\s*-", text.replace("--hash", ""), re.MULTILINE)
    for name, lines in requirements(kind).items():
        for line in lines:
            assert re.match(rf"{re.escape(name)}==[^\s;]+ +(; .+ )?--hash=", line), line
            assert re.search(r"--hash=sha256:[0-9a-f]{64}\b", line), line


def test_the_development_lock_has_the_same_pins_as_the_running_one():
    running, development = requirements("run"), requirements("dev")

    assert {name: development.get(name) for name in running} == running


def test_the_locks_hold_all_that_the_project_names():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    named = {normalise(line) for line in project["dependencies"]}
    tools = {normalise(line) for line in project["optional-dependencies"]["dev"]}

    assert named <= requirements("run").keys()
    assert tools <= requirements("dev").keys()


def test_every_dependency_has_its_reason():
    text = (ROOT / "pyproject.toml").read_text().split("[tool.", 1)[0]
    entries = [line for line in text.splitlines() if re.match(r'    "[^"]+",', line)]

    assert len(entries) > 30
    assert [line for line in entries if not re.search(r"#\s+\S{2,}", line)] == []


def test_the_front_ends_lock_pins_by_hash_and_names_no_source():
    packages = json.loads(PACKAGE_LOCK.read_text())["packages"]

    assert "resolved" not in PACKAGE_LOCK.read_text()
    assert [name for name, entry in packages.items() if name and "integrity" not in entry] == []


@pytest.mark.slow  # npm takes its time to say where it installs from
def test_no_committed_file_names_a_registry():
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    files = [ROOT / name for name in listed.stdout.decode().split("\0") if name]
    hosts = [host.encode() for host in registry_hosts()]

    assert len(hosts) >= 3
    assert files
    found = [
        path.name for path in files if path.is_file() and any(h in path.read_bytes() for h in hosts)
    ]
    assert found == []
