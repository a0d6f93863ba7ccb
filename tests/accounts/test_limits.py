from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connections
from django.test import Client, RequestFactory

from accounts import limits, visitors
from accounts.clock import at
from accounts.models import Tally
from tests.accounts.doors import knock

NOON = datetime(2026, 5, 4, 12, 20, tzinfo=UTC)


def test_a_limit_is_reached_and_is_new_in_the_next_hour(db):
    with at(NOON):
        answers = [limits.too_many("thing", "somebody", most=3) for _ in range(5)]
        assert answers == [False, False, False, True, True]
        assert limits.reached("thing", "somebody", most=3)
        assert not limits.too_many("thing", "somebody else", most=3)
        assert not limits.too_many("other thing", "somebody", most=3)
    with at(NOON + timedelta(minutes=40)):
        assert not limits.reached("thing", "somebody", most=3)


def test_what_is_counted_does_not_say_who(db):
    limits.too_many("thing", "203.0.113.7", most=3)

    assert "203" not in Tally.objects.get().key
    assert len(Tally.objects.get().key) == 64


def test_counts_of_yesterday_are_forgotten(db):
    with at(NOON):
        limits.too_many("thing", "somebody", most=3)
    with at(NOON + timedelta(days=2)):
        limits.too_many("thing", "somebody", most=3)
        assert limits.forget() == 1
    assert Tally.objects.count() == 1


def test_none_is_lost_when_many_count_at_once(committing):
    def count(_):
        try:
            return limits.too_many("thing", "somebody", most=1000)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(count, range(40)))

    assert sum(Tally.objects.values_list("count", flat=True)) == 40


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, "198.51.100.9", "203.0.113.7"),
        (1, "198.51.100.9", "198.51.100.9"),
        (1, "1.2.3.4, 198.51.100.9", "198.51.100.9"),
        (2, "1.2.3.4, 198.51.100.9, 10.0.0.1", "198.51.100.9"),
        (2, "198.51.100.9", "203.0.113.7"),
        (1, "", "203.0.113.7"),
        (1, "<script>", visitors.UNKNOWN),
        (1, "2001:db8::1", "2001:db8::1"),
    ],
)
def test_the_visitor_is_who_our_own_proxies_say(settings, proxies, forwarded, expected):
    settings.WAYMARK_PROXIES = proxies
    request = RequestFactory().get(
        "/", REMOTE_ADDR="203.0.113.7", headers={"X-Forwarded-For": forwarded}
    )

    assert visitors.address(request) == expected


def test_a_written_address_does_not_dodge_the_lock(world):
    client = Client()
    for number in range(10):
        response = client.post(
            "/sign-in/",
            {"username": "alex@example.org", "password": "wrong"},
            headers={"X-Forwarded-For": f"1.2.3.{number}"},
        )

    assert response.status_code == 429


def test_the_lock_holds_behind_proxies_and_for_one_visitor_only(world, settings):
    settings.WAYMARK_PROXIES = 1
    for number in range(10):
        Client().post(
            "/sign-in/",
            {"username": "alex@example.org", "password": "wrong"},
            headers={"X-Forwarded-For": f"9.9.9.{number}, 198.51.100.9"},
        )

    locked = knock("alex@example.org", client=Client(headers={"X-Forwarded-For": "198.51.100.9"}))
    free = knock("alex@example.org", client=Client(headers={"X-Forwarded-For": "198.51.100.10"}))
    assert (locked.status_code, free.status_code) == (429, 302)


def test_a_burst_of_resets_is_answered_429_and_then_recovers(world):
    def ask():
        return Client().post("/reset-password/", {"email": "nobody@example.org"}).status_code

    with at(NOON):
        codes = [ask() for _ in range(31)]
    with at(NOON + timedelta(hours=1)):
        later = ask()

    assert codes == [302] * 30 + [429]
    assert later == 302
