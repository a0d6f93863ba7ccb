"""A process that goes on with whatever import runs, for a test that kills it:
`python -m tests.cms.reader <database> <address of the feed>`."""

import sys

import django
from django.db import connections


def read(database: str, url: str) -> None:
    connections.settings["default"]["NAME"] = database
    from cms.directory import runs
    from cms.models import Run
    from tests.cms.council import opened

    runs.go_on(Run.objects.get(state=Run.State.RUNNING), opened(url), seconds=600)


if __name__ == "__main__":
    django.setup()
    read(*sys.argv[1:])
