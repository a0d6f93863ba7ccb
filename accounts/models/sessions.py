from typing import Any, ClassVar

from django.conf import settings
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models


class Session(AbstractBaseSession):
    """A session and whose it is, so that both are read in one statement (`standing`)."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="sessions"
    )

    class Privacy:
        subject = "user"
        why = "Keeps somebody signed in."
        keep = "until it is over: ten hours at most"
        fields: ClassVar = {
            "session_key": "credential management withhold",
            "session_data": "credential management withhold",
            "expire_date": "personal management give",
            "user": "personal management give",
        }

    @classmethod
    def get_session_store_class(cls) -> Any:
        from accounts.session_store import SessionStore

        return SessionStore
