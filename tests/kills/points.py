"""The points of security §5: before commit, after commit, after claim, after send, before ack.

A point does nothing until it is armed with a file that says whom to kill; whoever takes the file
away first carries it out. Installed in the processes themselves, around the project's own code, so
that a death comes between two lines and not at some moment near them.
"""

import os
import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.signals import post_save

IN_WEB = ("before_commit", "after_commit")
IN_WORKER = ("before_commit", "after_claim", "after_send", "after_commit", "before_ack")
WEB, WORKER = "web", "worker"
SELF, BACKEND, POSTMASTER = "self", "backend", "postmaster"

_place = ""  # web or worker, once installed
_under_way = threading.local()  # `counts`: whether this thread's transaction is one that matters


def file_of(place: str, point: str) -> Path:
    return Path(settings.VAR) / "kills" / f"{place}.{point}"


def reach(point: str) -> None:
    """Carry out what this point is armed with, once."""
    armed = file_of(_place, point) if _place else None
    if armed is None or not armed.exists():
        return
    with suppress(FileNotFoundError):
        whom = armed.read_text()
        armed.unlink()  # whoever is second finds nothing to take away
        _kill(whom)


def _kill(whom: str) -> None:
    if whom == SELF:
        os.kill(os.getpid(), signal.SIGKILL)
    elif whom == BACKEND:
        connection.ensure_connection()
        os.kill(connection.connection.info.backend_pid, signal.SIGKILL)
    else:
        os.kill(postmaster(), signal.SIGKILL)


def postmaster() -> int:
    pid_file = Path(settings.VAR) / "postgres" / "data" / "postmaster.pid"
    return int(pid_file.read_text().split()[0])


def install_in_web() -> None:
    """Around the commit of every transaction that writes an Event."""
    global _place
    _place = WEB
    from casework.models import Event

    post_save.connect(_it_counts, sender=Event, weak=False)
    _surround_commits()


def install_in_worker() -> None:
    """Around the claim of a batch, its commit, the mark of what was sent, and the queue's ack."""
    global _place
    _place = WORKER
    from django_q.brokers.orm import ORM

    from casework import outbox

    _surround_commits()
    claim, mark, acknowledge = outbox.claim, outbox._mark, ORM.acknowledge

    def claiming() -> Any:
        _it_counts()
        batch = claim()
        if batch:
            reach("after_claim")
        return batch

    def marking(*args: Any, **values: Any) -> bool:
        marked = mark(*args, **values)
        reach("after_commit")
        return marked

    def acknowledging(self: Any, task_id: Any) -> Any:
        reach("before_ack")
        return acknowledge(self, task_id)

    outbox.claim, outbox._mark = claiming, marking
    ORM.acknowledge = acknowledging


def _it_counts(**kwargs: Any) -> None:
    _under_way.counts = True


def _surround_commits() -> None:
    commit: Callable[[Any], None] = BaseDatabaseWrapper.commit

    def surrounded(self: Any) -> None:
        counts, _under_way.counts = getattr(_under_way, "counts", False), False
        if counts:
            reach("before_commit")
        commit(self)
        if counts and _place == WEB:
            reach("after_commit")

    BaseDatabaseWrapper.commit = surrounded  # type: ignore[method-assign]
