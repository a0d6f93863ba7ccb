"""The stage is built once per worker, in a database of its own; each test on it is rolled back."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from tests import databases
from tests.access.stage import Stage


@pytest.fixture(scope="session")
def built_stage(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[str, Stage]]:
    from tests.world import World

    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    name = f"wm_access_{databases.run_id()}_{worker}"
    databases.clone(f"wm_world_{databases.run_id()}", name)
    with django_db_blocker.unblock():
        before = databases.use(name)
        try:
            stage = Stage(World())
        finally:
            databases.use(before)
    yield name, stage
    with django_db_blocker.unblock():
        databases.drop(name)


@pytest.fixture
def stage(built_stage: tuple[str, Stage], django_db_blocker: Any) -> Iterator[Stage]:
    name, stage = built_stage
    with django_db_blocker.unblock():
        before = databases.use(name)
        try:
            with transaction.atomic():
                yield stage
                transaction.set_rollback(True)
        finally:
            databases.use(before)
