import uuid
from typing import Any

from django.contrib.auth.backends import ModelBackend

from accounts.models import User, standing


class StandingBackend(ModelBackend):
    """Django's own, but whoever comes with a session is read with their roles and devices at
    once."""

    def get_user(self, user_id: Any) -> User | None:
        user = standing.arrived(uuid.UUID(str(user_id)))
        return user if self.user_can_authenticate(user) else None
