"""The database as Django's, but with less said for each request."""

import select
from datetime import UTC

import pytest
from django.db import OperationalError, connection, transaction

from accounts.models import User
from waymark.generate import databases


def test_moments_are_in_universal_time(world):
    assert {user.created_at.tzinfo for user in User.objects.all()} == {UTC}


@pytest.mark.parametrize("inside", [True, False])
def test_a_long_list_comes_in_parts_in_and_out_of_a_transaction(committing, inside):
    names = sorted(User.objects.values_list("name", flat=True))

    if inside:
        with transaction.atomic():
            found = [user.name for user in User.objects.iterator(chunk_size=2)]
    else:
        found = [user.name for user in User.objects.iterator(chunk_size=2)]

    assert sorted(found) == names


def test_a_connection_whose_server_has_gone_is_known_by_its_socket(committing):
    connection.ensure_connection()
    assert connection.is_usable()
    with databases.server() as server:
        backend = connection.connection.info.backend_pid
        server.execute("SELECT pg_terminate_backend(%s, 5000)", [backend])

    assert not connection.is_usable()
    with pytest.raises(OperationalError):
        User.objects.count()
    connection.close()
    assert User.objects.count()


def test_a_word_from_the_server_is_no_end(committing):
    connection.cursor().execute("LISTEN anybody")
    other = connection.copy()
    other.cursor().execute("NOTIFY anybody")
    other.close()

    assert select.select([connection.connection.pgconn.socket], [], [], 5)[0]  # it has come
    assert connection.is_usable()
    assert User.objects.count()


def test_a_connection_with_something_under_way_is_not_used_again(committing):
    connection.ensure_connection()
    pgconn = connection.connection.pgconn

    pgconn.exec_(b"BEGIN")
    pgconn.exec_(b"SELECT 1 / 0")
    assert not connection.is_usable()

    pgconn.exec_(b"ROLLBACK")
    assert connection.is_usable()
