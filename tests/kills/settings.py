"""Waymark with points at which a process can be killed, and mail that is written to a file."""

from waymark.settings import *  # noqa: F403
from waymark.settings import INSTALLED_APPS, LOGGING, Q_CLUSTER

INSTALLED_APPS = [*INSTALLED_APPS, "tests.kills.apps.KillsConfig"]
EMAIL_BACKEND = "tests.kills.provider.Provider"
# What a death leaves behind is taken up again in seconds instead of minutes.
Q_CLUSTER = {**Q_CLUSTER, "timeout": 5, "retry": 8, "poll": 0.2}
LOGGING = {**LOGGING, "loggers": {"waymark": {"level": "ERROR"}, "axes": {"level": "ERROR"}}}
