"""Django's PostgreSQL, but without what it does in Python for each request, cursor and moment."""

import select
from typing import Any

import psycopg
from django.db.backends.postgresql import base
from psycopg.types.datetime import TimestamptzLoader


class DatabaseWrapper(base.DatabaseWrapper):
    def get_new_connection(self, conn_params: Any) -> Any:
        """Reads moments with psycopg's own loader, which is compiled: Django's sets a time zone
        after it, which the connection has already."""
        connection = super().get_new_connection(conn_params)
        connection.adapters.register_loader("timestamptz", TimestamptzLoader)
        return connection

    def create_cursor(self, name: str | None = None) -> Any:
        """Django's would ask each time whether the loader's time zone is still the right one. For
        `server_side_binding` only, which is our setting."""
        if not name:
            return self.connection.cursor()
        stays = self.connection.autocommit  # beyond the transaction that it would else end with
        return self.connection.cursor(name, scrollable=False, withhold=stays)

    def is_usable(self) -> bool:
        """Whether the server has closed nothing and nothing is under way since the last request:
        what a `SELECT 1` would find out, without the way there and back."""
        if self.connection is None:
            return False
        pgconn = self.connection.pgconn
        socket = select.poll()
        try:
            socket.register(pgconn.socket, select.POLLIN)
            while socket.poll(0):  # a word from the server, or its end
                pgconn.consume_input()
        except (psycopg.Error, OSError):
            return False
        is_open = pgconn.status == psycopg.pq.ConnStatus.OK
        return bool(is_open and pgconn.transaction_status == psycopg.pq.TransactionStatus.IDLE)
