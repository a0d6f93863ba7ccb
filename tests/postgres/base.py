"""Django's PostgreSQL backend, with what it has planned kept from test to test.

psycopg forgets at every ROLLBACK which statements a connection has prepared, for the tables they
ask may have gone with it, and it keeps a hundred. All tests end with a ROLLBACK and none takes a
table with it, so that each would plan everything anew: here ROLLBACK passes psycopg by.
"""

from typing import Any

from psycopg import pq

from waymark.postgresql import base

KEPT = 5_000  # statements: more than all tests ask


class DatabaseWrapper(base.DatabaseWrapper):
    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        made = super().get_new_connection(conn_params)
        made.prepare_threshold, made.prepared_max = 1, KEPT
        return made

    def _rollback(self) -> None:
        if self.connection is not None:
            self._execute_unnoticed("ROLLBACK")

    def _savepoint_rollback(self, sid: str) -> None:
        self._execute_unnoticed(self.ops.savepoint_rollback_sql(sid))

    def _execute_unnoticed(self, command: str) -> None:
        with self.wrap_database_errors:
            result = self.connection.pgconn.exec_(command.encode())
            if result.status != pq.ExecStatus.COMMAND_OK:
                raise base.Database.OperationalError(result.get_error_message())
