"""Our settings on a PostgreSQL of the suite's own, in `var/postgres-tests`.

Nothing of it waits for the disk: what it holds is made anew by the next run. So a run neither
waits for the server of `make run` nor keeps it waiting. With DATABASE_URL, on that one.
"""

import os

from waymark import embedded

QUICK = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "wal_init_zero": "off",
    "checkpoint_timeout": "1h",
    "autovacuum": "off",
    "plan_cache_mode": "force_generic_plan",  # planned once, whatever is asked for
}
if given := os.environ.get("DATABASE_URL"):
    url = given
else:
    name = os.environ.get("WAYMARK_DB_NAME") or "waymark"
    server = embedded.ensure_server(embedded.var() / "postgres-tests", **QUICK)
    server.create_database(name)
    url = server.url(name)

os.environ["DATABASE_URL"] = url
from waymark.settings import *  # noqa: E402, F403  it reads the environment

DATABASES["default"]["ENGINE"] = "tests.postgres"  # noqa: F405
WHITENOISE_AUTOREFRESH = True  # each new test client would look through all files first
if not given:
    del os.environ["DATABASE_URL"]  # programs that tests start have servers of their own
