"""What django-q2 calls. Each may run twice; none holds a rule."""

from . import services


def expire_drafts() -> int:
    return services.expire_drafts()
