import os
import sys
from datetime import timedelta

from django.apps import AppConfig
from django.conf import settings


class KillsConfig(AppConfig):
    name = "tests.kills"

    def ready(self) -> None:
        from casework import outbox

        from . import points

        outbox.LEASE = timedelta(seconds=settings.LEASE_SECONDS)
        if "qcluster" in sys.argv:
            points.install_in_worker()
        elif "manage.py" not in sys.argv[0] and "WAYMARK_KILLS_DRIVER" not in os.environ:
            points.install_in_web()
