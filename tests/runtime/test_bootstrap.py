"""What `make` says and does before there is anything but Python."""

import ast
import fcntl
import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from waymark import bootstrap

SOURCE = Path(bootstrap.__file__)


def run_as_python_39(path: Path) -> subprocess.CompletedProcess[str]:
    """Run the module in a Python that believes to be 3.9, with only `path` to find others on."""
    program = (
        "import runpy, sys; sys.version_info = (3, 9, 18, 'final', 0);"
        "sys.argv = ['bootstrap', 'run'];"
        "runpy.run_module('waymark.bootstrap', run_name='__main__')"
    )
    return subprocess.run(
        [sys.executable, "-c", program],
        cwd=bootstrap.ROOT,
        env={"PATH": str(path)},
        capture_output=True,
        text=True,
    )


def test_an_old_python_is_told_what_is_needed(tmp_path):
    result = run_as_python_39(tmp_path)

    assert result.returncode == 1
    assert result.stderr.strip() == (
        "Waymark needs Python 3.11 or newer and this is 3.9: install a newer one, "
        "or say which to use: make run PYTHON=/path/to/python3."
    )


def test_an_old_python_hands_over_to_a_newer_one_beside_it(tmp_path):
    newer = tmp_path / "python3.12"
    newer.write_text('#!/bin/sh\n[ "$1" = -c ] || echo "$@"\n')
    newer.chmod(0o755)

    result = run_as_python_39(tmp_path)

    assert result.stdout.strip() == "-m waymark.bootstrap run"


def test_an_old_python_can_read_as_far_as_that_sentence():
    for path in (SOURCE, SOURCE.with_name("__init__.py")):
        ast.parse(path.read_text(), feature_version=(3, 7))


def test_a_taken_port_is_one_sentence_with_a_way_out():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        with pytest.raises(bootstrap.BootstrapError) as refusal:
            bootstrap.check_port(("127.0.0.1", port))

    assert f"Port {port} is in use by another program: choose another" in str(refusal.value)
    assert "make run PORT=" in str(refusal.value)


def test_a_free_port_is_accepted():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

    bootstrap.check_port(("127.0.0.1", port))


@pytest.mark.parametrize("port", ["abc", "0", "65536", "-1", "80 80"])
def test_a_port_that_is_none_is_named(monkeypatch, port):
    monkeypatch.setenv("PORT", port)

    with pytest.raises(bootstrap.BootstrapError, match=f"PORT is “{port}”"):
        bootstrap.address()


def test_a_second_start_names_the_first(monkeypatch, tmp_path):
    monkeypatch.setattr(bootstrap, "VAR", tmp_path)
    with (tmp_path / "supervisor.lock").open("w") as note:
        fcntl.flock(note, fcntl.LOCK_EX)
        note.write(json.dumps({"pid": 4321, "url": "http://localhost:8000/"}))
        note.flush()

        with pytest.raises(bootstrap.BootstrapError) as refusal:
            bootstrap.check_not_running()

    assert "(process 4321) at http://localhost:8000/" in str(refusal.value)


def test_the_note_of_a_killed_supervisor_stops_nobody(monkeypatch, tmp_path):
    monkeypatch.setattr(bootstrap, "VAR", tmp_path)
    (tmp_path / "supervisor.lock").write_text('{"pid": 4321, "url": "http://localhost:8000/"}')

    bootstrap.check_not_running()


@pytest.fixture
def venv(monkeypatch, tmp_path) -> Path:
    """A .venv whose Python only writes down what it is asked to do."""
    binaries = tmp_path / ".venv" / "bin"
    binaries.mkdir(parents=True)
    (binaries / "python").write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/asked\n')
    (binaries / "python").chmod(0o755)
    monkeypatch.setattr(bootstrap, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(bootstrap, "VAR", tmp_path / "var")
    return tmp_path / ".venv"


def test_packages_are_installed_once_by_their_hashes(venv, tmp_path):
    bootstrap.build_venv("run")
    bootstrap.build_venv("run")

    installs = [line for line in (tmp_path / "asked").read_text().splitlines() if "install" in line]
    assert len(installs) == 1
    assert "--require-hashes" in installs[0]
    assert installs[0].endswith("requirements.lock")


def test_a_changed_lock_is_installed_again(venv, tmp_path, monkeypatch):
    bootstrap.build_venv("run")
    changed = tmp_path / "requirements.lock"
    changed.write_text("another==1")
    monkeypatch.setitem(bootstrap.LOCKS, "run", changed)

    bootstrap.build_venv("run")

    assert (tmp_path / "asked").read_text().count("pip install") == 2


def test_a_failed_install_is_tried_again(venv):
    (venv / "bin" / "python").write_text(
        '#!/bin/sh\n[ "$1" = -c ] || { echo no network; exit 1; }\n'
    )

    for _ in range(2):
        with pytest.raises(bootstrap.BootstrapError, match="no network\nCould not install"):
            bootstrap.build_venv("run")


def test_a_missing_venv_module_is_one_sentence(venv, monkeypatch):
    (venv / "bin" / "python").unlink()
    monkeypatch.setitem(sys.modules, "ensurepip", None)

    with pytest.raises(bootstrap.BootstrapError) as refusal:
        bootstrap.build_venv("run")

    assert "sudo apt-get install python3-venv" in str(refusal.value)


def test_a_word_that_is_no_command_gets_the_list_of_commands(capsys):
    assert bootstrap.main(["fly"]) == 2
    assert capsys.readouterr().err.startswith("usage: make run | ")


def test_continuous_integration_runs_the_check():
    script = bootstrap.ROOT / ".ci" / "run"

    assert "make check" in script.read_text()
    assert os.access(script, os.X_OK)
