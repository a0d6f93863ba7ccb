"""The stage is built once per run, in a database that each worker clones; each test on it is rolled back."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from wagtail.models import Site

from tests import databases
from tests.access.stage import Stage


@pytest.fixture(scope="session")
def built_stage(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[str, Stage]]:
    with django_db_blocker.unblock():
        name, said = databases.once("stage", lambda: Stage.build().names())
    yield name, Stage.of(said)


@pytest.fixture
def stage(built_stage: tuple[str, Stage], django_db_blocker: Any) -> Iterator[Stage]:
    name, stage = built_stage
    with django_db_blocker.unblock():
        before = databases.use(name, keep=True)
        Site.clear_site_root_paths_cache()
        try:
            with transaction.atomic():
                yield stage
                transaction.set_rollback(True)
        finally:
            databases.use(before, keep=True)
