"""Waymark with a mail provider that keeps a file: for the benchmark of the outbox."""

from waymark.settings import *  # noqa: F403
from waymark.settings import Q_CLUSTER

EMAIL_BACKEND = "waymark.bench.outbox.Provider"
Q_CLUSTER = {**Q_CLUSTER, "poll": 0.1}
