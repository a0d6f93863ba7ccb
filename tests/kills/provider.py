"""A mail provider: a file with one line for each mail that it has taken, by key."""

import os
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from . import points


class Provider(BaseEmailBackend):
    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            take(message.extra_headers.get("X-Waymark-Key", "none"))
        points.reach("after_send")
        return len(email_messages)


def mails() -> Path:
    return Path(settings.VAR) / "mails"


def take(key: str) -> None:
    """Written and on disk before anybody is told that it was taken."""
    file = os.open(mails(), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.write(file, f"{key}\n".encode())
    os.fsync(file)
    os.close(file)


def taken() -> list[str]:
    return mails().read_text().split() if mails().exists() else []
