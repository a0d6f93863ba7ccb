"""Django's sessions in the database, but each is read together with the person whose it is."""

from typing import Any, cast

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.utils import timezone

from accounts.models import Session, standing


class SessionStore(db.SessionStore):
    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        session = cast(Session, super().create_model_instance(data))
        session.user_id = data.get(SESSION_KEY)
        return session

    def load(self) -> dict[str, Any]:
        """What the session remembers; who came with it waits for `StandingBackend`."""
        found = standing.arrival(self.session_key, timezone.now())
        if found is None:
            self._session_key = None
            return {}
        return self.decode(found)
