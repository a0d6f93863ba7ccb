"""The demo's public site, built once per run on a clone of the world; each test rolls back."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests import databases


def build() -> None:
    from accounts.places import built_in
    from cms import demo
    from waymark.demo import making

    notts = making.Area.objects.get(code="NOTTS")
    for row in built_in("districts.csv"):
        if not making.Area.objects.filter(code=row["code"]).exists():
            kind = making.Area.Kind.DISTRICT
            making.area(row["code"], row["name"], kind, notts, row["thresholds"])
    demo.build()


@pytest.fixture(scope="session")
def site_database(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    with django_db_blocker.unblock():
        name, _ = databases.once("site", build)
    yield name


@pytest.fixture
def site(site_database: str, django_db_blocker: Any) -> Iterator[Any]:
    """The world with the demo's public site."""
    from tests.world import World

    with django_db_blocker.unblock(), databases.standing_on(site_database):
        yield World()
