"""`outbox`: letters through relay and worker, beside bare tasks through the same worker; and what a
killed worker loses or doubles. `make kills` looks at every point where one can die."""

import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path

import psutil
from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django_q.models import OrmQ
from django_q.tasks import async_task

from accounts.models import User
from casework import outbox
from casework.calendar import now
from casework.models import Message
from referrals.models import Referral
from waymark.bootstrap import ROOT

from . import rows
from .measuring import alternate
from .setting import Setting

LETTERS = 1_000
LONGEST = 600.0  # seconds to wait for a thousand


class Provider(BaseEmailBackend):
    """Takes every mail and writes down its key."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        with _mails().open("a") as file:
            for message in email_messages:
                file.write(f"{message.extra_headers['X-Waymark-Key']}\n")
        return len(email_messages)


def _mails() -> Path:
    return Path(settings.VAR) / "bench-mails"


def nothing() -> None:
    """The bare task."""


def run(setting: Setting) -> list[rows.Row]:
    with setting.written(setting.sizes[0]) as name:
        OrmQ.objects.all().delete()
        with _cluster(name):
            measured = alternate(
                partial(_rate, _write_letters, _unsent), partial(_rate, _queue_tasks, _queued)
            )
        lost, doubled = _killed(name)
    row = rows.of(
        *("outbox", measured),
        unit="letters/s",
        better="higher",
        goal=0.7,
        floor=0.3,
        n=LETTERS,
        remark=f"bare tasks {measured.limit:.0f}/s, spread {measured.spread:.0%}",
    )
    return [row, _zero("outbox_lost", lost), _zero("outbox_doubled", doubled)]


def _zero(name: str, found: int) -> rows.Row:
    return rows.Row(
        name, found, f"of_{LETTERS}", found, goal=0, floor=0, better="lower", n=LETTERS, rounds=1
    )


@contextmanager
def _cluster(database: str) -> Iterator["subprocess.Popen[bytes]"]:
    process = subprocess.Popen(
        [sys.executable, "manage.py", "qcluster"],
        cwd=ROOT,
        env=os.environ
        | {"WAYMARK_DB_NAME": database, "DJANGO_SETTINGS_MODULE": "waymark.bench.settings"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


def _rate(begin: Callable[[], None], left: Callable[[], int]) -> float:
    """How many a second, from the moment that they are all there."""
    _wait(_queued)
    begin()
    began = time.perf_counter()
    _wait(left)
    return LETTERS / (time.perf_counter() - began)


def _wait(left: Callable[[], int]) -> None:
    end = time.monotonic() + LONGEST
    while left():
        if time.monotonic() > end:
            raise TimeoutError(f"{left()} of {LETTERS} are still left after {LONGEST:g} s.")
        time.sleep(0.01)


def _unsent() -> int:
    return Message.objects.filter(state=Message.State.DUE).count()


def _queued() -> int:
    return OrmQ.objects.count()


@transaction.atomic
def _queue_tasks() -> None:
    for _ in range(LETTERS):
        async_task("waymark.bench.outbox.nothing")


@transaction.atomic
def _write_letters() -> None:
    """Letters as a move leaves them, each with its wake-up."""
    case = Referral.objects.exclude(status=Referral.State.DRAFT).order_by("pk")[0]
    to = User.objects.get(email="cora@example.org")
    Message.objects.bulk_create(
        Message(
            dedup_key=f"bench:{uuid.uuid4()}",
            letter="referral.accept",
            case_kind=case.KIND,
            case_id=case.pk,
            recipient=to,
            created_at=now(),
            next_at=now(),
        )
        for _ in range(LETTERS)
    )
    for _ in range(LETTERS):
        async_task("casework.tasks.relay")


def _killed(database: str) -> tuple[int, int]:
    """Letters lost and mails without a letter of their own, after half of the workers and then the
    whole cluster were killed on the way. A repeat with the same key is not a double."""
    mails = _mails()
    mails.unlink(missing_ok=True)
    with _cluster(database) as cluster:
        _wait(_queued)
        _write_letters()
        due = Message.objects.filter(state=Message.State.DUE)
        written = {str(pk) for pk in due.values_list("pk", flat=True)}
        time.sleep(0.5)
        for child in psutil.Process(cluster.pid).children(recursive=True)[::2]:
            child.kill()
        os.killpg(cluster.pid, signal.SIGKILL)
    Message.objects.filter(claimed_at__isnull=False).update(claimed_at=now() - 2 * outbox.LEASE)
    OrmQ.objects.all().update(lock=now() - timedelta(minutes=1))
    with _cluster(database):
        _wait(_unsent)
    sent = set(mails.read_text().split())
    return len(written - sent), len(sent - written)
