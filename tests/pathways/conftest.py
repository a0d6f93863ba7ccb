"""A database of its own, with a few supported young people made once: making one
takes longer than most tests. Each test on it is rolled back."""

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from tests import databases
from tests.conftest import signed_in
from tests.pathways.cast import PathwayCast

SPARE = 4


def build() -> list[uuid.UUID]:
    from tests.world import World

    cast = PathwayCast(World())
    return [cast.active().pk for _ in range(SPARE)]


@pytest.fixture(scope="session")
def supported(
    django_db_setup: None, django_db_blocker: Any
) -> Iterator[tuple[str, list[uuid.UUID]]]:
    """The database's name and the keys of referrals with max as mentor and ada as adviser."""
    with django_db_blocker.unblock():
        name, keys = databases.once("pathways", build)
    yield name, [uuid.UUID(key) for key in keys]


@pytest.fixture(scope="module")
def on_supported(
    supported: tuple[str, list[uuid.UUID]], django_db_blocker: Any
) -> Iterator[list[uuid.UUID]]:
    """Connected to that database while a module runs: a connection costs as much as a test."""
    name, keys = supported
    with django_db_blocker.unblock():
        before = databases.use(name, keep=True)
        try:
            yield keys
        finally:
            databases.use(before, keep=True)


@pytest.fixture
def cast(on_supported: list[uuid.UUID], django_db_blocker: Any) -> Iterator[PathwayCast]:
    from tests.world import World

    with django_db_blocker.unblock(), transaction.atomic():
        yield PathwayCast(World(), spare=list(on_supported))
        transaction.set_rollback(True)


@pytest.fixture
def client_of(cast):
    return lambda who: signed_in(cast.by(who))
