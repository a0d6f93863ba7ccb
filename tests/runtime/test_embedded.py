"""The PostgreSQL of the wheel: joined, left, killed and found again.

Each test makes a server of its own (about a second), since it must be free to kill it.
"""

import os
import signal
from pathlib import Path

import psycopg
import pytest

from tests.runtime.conftest import kill, leave, wait_until
from waymark import embedded, unprivileged

pytestmark = [pytest.mark.slow, pytest.mark.thorough]


@pytest.fixture
def server(folder):
    """The server of the folder that `programs` use, looked at from outside."""
    return embedded.Server(folder / "postgres")


def test_a_process_starts_the_server_and_the_last_one_stops_it(programs, server):
    first = programs.use_the_database()
    second = programs.use_the_database()

    leave(first)
    assert server.is_ready()
    leave(second)
    assert not server.is_ready()
    assert server.pid() is None


def test_a_killed_process_does_not_keep_the_server_for_ever(programs, server):
    killed = programs.use_the_database()
    kill(killed)
    assert server.is_ready()

    leave(programs.use_the_database())

    assert server.pid() is None


def test_the_server_of_a_killed_postmaster_starts_again_with_its_rows(programs, server):
    user = programs.use_the_database()
    with server.connect("scratch") as connection:
        connection.execute("CREATE TABLE kept (word text)")
        connection.execute("INSERT INTO kept VALUES ('here')")
    os.kill(server.pid(), signal.SIGKILL)
    wait_until(lambda: not server.is_ready())

    server.start()

    with server.connect("scratch") as connection:
        assert connection.execute("SELECT word FROM kept").fetchall() == [("here",)]
    leave(user)


def test_a_process_id_that_now_is_another_programs_is_pruned(programs, server):
    leave(programs.use_the_database())
    note = server.data / "postmaster.pid"
    note.write_text(
        f"{os.getpid()}\n{server.data}\n0\n5432\n{server.socket_folder}\n\n0 0\nready\n"
    )

    user = programs.use_the_database()

    assert server.pid() not in (None, os.getpid())
    leave(user)


def test_a_database_that_was_broken_off_half_made_is_made_again(programs, server):
    half = server.folder / "data.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    (half / "postmaster.pid").write_text("-4321\n")

    leave(programs.use_the_database())

    assert (server.data / "PG_VERSION").exists()
    assert not half.exists()


def test_only_its_owner_may_enter_and_no_port_is_open(programs, server):
    user = programs.use_the_database()

    assert server.folder.stat().st_mode & 0o077 == 0
    assert server.socket_folder.stat().st_mode & 0o077 == 0
    with server.connect() as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
        assert connection.execute("SHOW fsync").fetchone() == ("on",)
    leave(user)


def test_a_refused_row_leaves_none_of_its_values_in_the_log(programs, server):
    user = programs.use_the_database()
    with server.connect("scratch") as connection:
        connection.execute("CREATE TABLE child (name text UNIQUE)")
        connection.execute("INSERT INTO child VALUES ('Canary Byrd')")
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("INSERT INTO child VALUES ('Canary Byrd')")

    leave(user)

    assert "duplicate key value" in server.log.read_text()
    assert "Canary" not in server.log.read_text()


def test_several_start_at_once_and_one_server_runs(programs, server):
    users = [programs.start(PROGRAM) for _ in range(4)]

    for user in users:
        output, _ = user.communicate()
        assert user.returncode == 0
        assert output == "18\n"
    assert server.pid() is None


PROGRAM = """
import psycopg
from waymark import embedded
with psycopg.connect(embedded.database_url("together")) as connection:
    print(connection.info.server_version // 10000)
"""


@pytest.mark.parametrize("folder", ["/srv/" + "long/" * 30, "/srv/with space", "/srv/a,b"])
def test_a_path_that_a_socket_cannot_have_gets_a_short_one(folder):
    server = embedded.Server(Path(folder))

    path = os.fsencode(server.socket_folder / embedded.SOCKET)

    assert not path.startswith(b"/srv")
    assert len(path) <= embedded.SOCKET_LIMIT


def test_a_name_that_is_no_database_name_is_refused():
    with pytest.raises(embedded.EmbeddedError, match="use lower-case letters"):
        embedded.database_url('x"; DROP DATABASE postgres')


def test_folders_opened_for_the_server_are_closed_again(tmp_path):
    private, public = tmp_path / "private", tmp_path / "public"
    for folder, mode in ((private, 0o700), (public, 0o755)):
        folder.mkdir()
        folder.chmod(mode)
    note = tmp_path / "opened.json"

    unprivileged.open_folders([private, public], note)
    assert private.stat().st_mode & 0o777 == 0o701
    unprivileged.close_folders(note)

    assert private.stat().st_mode & 0o777 == 0o700
    assert public.stat().st_mode & 0o777 == 0o755
    assert not note.exists()
