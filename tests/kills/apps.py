import os
import sys
from datetime import timedelta

from django.apps import AppConfig

LEASE = timedelta(seconds=4)  # what a death leaves claimed is free again in seconds, not minutes


class KillsConfig(AppConfig):
    name = "tests.kills"

    def ready(self) -> None:
        from casework import outbox

        from . import points

        outbox.LEASE = LEASE
        if "qcluster" in sys.argv:
            points.install_in_worker()
        elif "manage.py" not in sys.argv[0] and "WAYMARK_KILLS_DRIVER" not in os.environ:
            points.install_in_web()
