"""Fixtures for all tests. Ordinary tests roll back on this worker's clone of the world; a test that
commits (`committing`) gets a clone of its own. Nothing ever flushes."""

import gc
import os
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.template import Template
from django.test import Client
from django.test.utils import instrumented_test_render
from wagtail import signal_handlers

from tests import databases
from tests.thorough import THOROUGH

# A folder with a world of its own, which is handed out whole: its tests share what it builds.
BUILD_A_WORLD = ("tests/access", "tests/mentoring", "tests/pathways")
# These are handed out first, so that all workers end at about the same time.
LONGEST = (
    "tests/runtime/test_supervisor.py",
    *BUILD_A_WORLD,
    "tests/cms",
    "tests/waymark/test_generate.py",
    "tests/runtime/test_embedded.py",
    "tests/referrals/test_machine.py",
    "tests/referrals/test_walk.py",
    "tests/waymark/test_setup.py",
    "tests/waymark/test_work.py",
)
SHARED = Path(__file__).resolve().parent.parent.parent / "shared"


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """By what is built together: a folder with a world of its own, else a file. In a thorough run,
    which walks for longer than it builds, the walks of the access table one by one."""
    from xdist.scheduler import LoadScopeScheduling

    class Files(LoadScopeScheduling):  # type: ignore[misc]
        def _split_scope(self, nodeid: str) -> str:
            file, _, name = nodeid.partition("::")
            if THOROUGH and "_the_table_holds_for" in name:
                return nodeid
            folder, _, _ = file.rpartition("/")
            return folder if folder in BUILD_A_WORLD and not THOROUGH else file

    config.option.loadscopereorder = False  # by the number of tests, which says little
    return Files(config, log)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """What tests have measured, such as a pass rate (`record_property`)."""
    for report in terminalreporter.stats.get("passed", []):
        for name, value in getattr(report, "user_properties", ()):
            terminalreporter.write_line(f"{name}: {value}")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests of ../shared are left out, and counted, where that folder is not there; those that are
    thorough in a plain run."""
    items.sort(key=_order)
    left_out = [item for item in items if _is_left_out(item)]
    items[:] = [item for item in items if item not in left_out]
    config.hook.pytest_deselected(items=left_out)


def _order(item: pytest.Item) -> int:
    path = item.location[0]
    named = (place for place, name in enumerate(LONGEST) if path.startswith(name))
    return next(named, len(LONGEST))


def _is_left_out(item: pytest.Item) -> bool:
    if item.get_closest_marker("shared") and not SHARED.exists():
        return True
    return bool(item.get_closest_marker("thorough")) and not THOROUGH


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any) -> Iterator[None]:
    from tests.world import build

    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    name = f"wm_test_{databases.run_id()}_{worker}"
    with django_db_blocker.unblock():
        world = databases.prepared(build)
        databases.clone(world, name)
        before = databases.use(name)
        yield
        databases.use(before)


def pytest_sessionstart(session: pytest.Session) -> None:
    if not is_worker():
        databases.sweep()


def pytest_collection_finish(session: pytest.Session) -> None:
    """What is imported now stays: the collector need not look through it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """What the run has made goes when the run does (on the controller, or without workers).

    Not before: PostgreSQL writes all that it holds to disk before it drops a database.
    """
    if is_worker():
        return
    plugin = session.config.pluginmanager.getplugin("dsession")
    run = plugin.nodemanager.testrunuid if plugin and plugin.nodemanager else f"p{os.getpid()}"
    databases.drop_all_of(run)


def is_worker() -> bool:
    return "PYTEST_XDIST_WORKER" in os.environ


@pytest.fixture(scope="session", autouse=True)
def plain_rendering(django_test_environment: None) -> None:
    """Without what Django's test client asks of every template and every part of one: a copy of
    its context. A test that reads `response.context` takes `contexts`."""
    Template._render = lambda self, context: self.nodelist.render(context)


@pytest.fixture(scope="session", autouse=True)
def no_reference_index(django_test_environment: None) -> None:
    """Wagtail's notes of what refers to what, for its pages of usage: no test reads them."""
    signal_handlers.disconnect_reference_index_signal_handlers()


@pytest.fixture
def contexts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Responses say with what they were rendered."""
    monkeypatch.setattr(Template, "_render", instrumented_test_render)


@pytest.fixture
def world(db: None) -> Any:
    """People by first name, and what they have made."""
    from tests.world import World

    return World()


@pytest.fixture
def ground(django_db_setup: None) -> str:
    """The database that a test which commits gets a clone of."""
    return f"wm_world_{databases.run_id()}"


@pytest.fixture
def committing(ground: str, django_db_blocker: Any) -> Iterator[Any]:
    """The world in a database of this test's own, where transactions really commit."""
    from tests.world import World

    name = f"wm_own_{databases.run_id()}_{uuid.uuid4().hex[:12]}"
    databases.clone(ground, name)
    with django_db_blocker.unblock():
        before = databases.use(name, keep=True)
        try:
            yield World()
        finally:
            databases.use(before)


@pytest.fixture
def sign_in() -> Callable[[Any], Client]:
    """A client with somebody signed in, second factor shown where their roles need one."""
    return signed_in


def signed_in(user: Any) -> Client:
    """The session that signing in leaves, written at once: to come in by the door takes sixteen
    statements, for most tests of the suite."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    from accounts import sessions
    from accounts.services import second_factor
    from accounts.session_store import SessionStore

    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "accounts.backends.StandingBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    sessions.begin(SimpleNamespace(session=session))
    if user.needs_second_factor:
        device = second_factor.authenticator(user) or second_factor.give(user=user)
        session["otp_device_id"] = device.persistent_id
    session.create()
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    return client


@contextmanager
def clock_at(moment: Any) -> Iterator[None]:
    from casework.calendar import at

    with at(moment):
        yield
