"""Fixtures for all tests. Ordinary tests roll back on this worker's clone of the world; a test that
commits (`committing`) gets a clone of its own. Nothing ever flushes."""

import os
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests import databases

SHARED = Path(__file__).resolve().parent.parent.parent / "shared"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests of ../shared are left out, and counted, where that folder is not there."""
    if SHARED.exists():
        return
    left_out = [item for item in items if item.get_closest_marker("shared")]
    items[:] = [item for item in items if item not in left_out]
    config.hook.pytest_deselected(items=left_out)


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
        databases.drop(name)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """The run's world goes when the run does (on the controller, or without workers)."""
    if os.environ.get("PYTEST_XDIST_WORKER"):
        return
    testrun = getattr(session.config, "workerinput", {}).get("testrunuid")
    plugin = session.config.pluginmanager.getplugin("dsession")
    run = testrun or (plugin.nodemanager.testrunuid if plugin and plugin.nodemanager else None)
    world = f"wm_world_{(run or f'p{os.getpid()}')[:12]}"
    if "django.conf" in __import__("sys").modules:
        databases.drop(world)


@pytest.fixture
def world(db: None) -> Any:
    """People by first name, and what they have made."""
    from tests.world import World

    return World()


@pytest.fixture
def committing(django_db_setup: None, django_db_blocker: Any) -> Iterator[Any]:
    """The world in a database of this test's own, where transactions really commit."""
    from tests.world import World

    name = f"wm_own_{uuid.uuid4().hex[:12]}"
    databases.clone(f"wm_world_{databases.run_id()}", name)
    with django_db_blocker.unblock():
        before = databases.use(name)
        try:
            yield World()
        finally:
            databases.use(before)
            databases.drop(name)


@pytest.fixture
def sign_in() -> Callable[[Any], Client]:
    """A client with somebody signed in, second factor shown where their roles need one."""
    return signed_in


def signed_in(user: Any) -> Client:
    from accounts.services import second_factor

    client = Client()
    client.force_login(user, backend="accounts.backends.StandingBackend")
    session = client.session
    if user.needs_second_factor:
        device = second_factor.authenticator(user) or second_factor.give(user=user)
        session["otp_device_id"] = device.persistent_id
    session.save()
    return client


@contextmanager
def clock_at(moment: Any) -> Iterator[None]:
    from casework.calendar import at

    with at(moment):
        yield
