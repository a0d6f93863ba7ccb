"""/health/ says to all whether Waymark works, and to a few how well."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.utils import timezone
from django_q.models import OrmQ

from tests import databases
from waymark import health


@pytest.fixture(autouse=True)
def _fresh() -> None:
    cache.clear()


def test_a_stranger_learns_only_that_it_works(client, world):
    response = client.get("/health/")

    assert response.status_code == 200
    assert response.json() == {"status": "ok"}
    assert "no-store" in response.headers["Cache-Control"]


def test_a_monitor_with_the_token_gets_figures(client, world, monkeypatch):
    monkeypatch.setenv("WAYMARK_MONITOR", "said-by-the-monitor")

    answer = client.get("/health/", headers={"Authorization": "Bearer said-by-the-monitor"}).json()

    assert answer["figures"]["queue_waiting"] == 0
    assert answer["figures"]["lost"] == 0
    assert answer["alarms"] == []


@pytest.mark.parametrize("said", ["Bearer wrong", "Bearer ", "", "Bearer said-by-the-monitorx"])
def test_a_wrong_token_gets_none(client, world, monkeypatch, said):
    monkeypatch.setenv("WAYMARK_MONITOR", "said-by-the-monitor")

    assert client.get("/health/", headers={"Authorization": said}).json() == {"status": "ok"}


def test_no_token_set_opens_nothing(client, world, monkeypatch):
    monkeypatch.delenv("WAYMARK_MONITOR", raising=False)

    assert client.get("/health/", headers={"Authorization": "Bearer "}).json() == {"status": "ok"}


@pytest.mark.parametrize(
    ("name", "sees"),
    [("adam", True), ("pru", True), ("cora", False), ("alex", False), ("ivy", False)],
)
def test_figures_are_for_those_who_look_after_the_system(world, sign_in, name, sees):
    answer = sign_in(getattr(world, name)).get("/health/").json()

    assert ("figures" in answer) is sees


def test_a_queue_that_stands_still_is_an_alarm_and_no_503(world, sign_in):
    hour_ago = timezone.now() - timedelta(hours=1)
    OrmQ.objects.create(key="waymark", payload="", lock=hour_ago)

    response = sign_in(world.adam).get("/health/")

    assert response.status_code == 200
    assert response.json()["figures"]["queue_oldest_seconds"] >= 3600
    assert response.json()["alarms"] == [
        "Background work is standing still; letters and reminders are late."
    ]


def test_a_task_that_was_claimed_and_never_done_counts_as_waiting(world, sign_in):
    claimed_at = timezone.now() - timedelta(seconds=500)
    OrmQ.objects.create(key="waymark", payload="", lock=claimed_at + health.CLAIM)

    figures = sign_in(world.adam).get("/health/").json()["figures"]

    assert (figures["queue_waiting"], figures["queue_claimed"]) == (0, 1)
    assert 500 <= figures["queue_oldest_seconds"] < 560


def test_a_missing_migration_is_a_503(client, world):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'casework'")

    response = client.get("/health/")

    assert response.status_code == 503
    assert response.json() == {"status": "migrations are missing"}


@pytest.mark.slow  # it takes a database of its own away
def test_a_database_that_does_not_answer_is_a_503(client, committing):
    before = databases.use("wm_no_such_database")

    response = client.get("/health/")

    databases.use(before)
    assert response.status_code == 503
    assert response.json() == {"status": "the database does not answer"}
