"""What is wrong, or will be within a fortnight: in the head of every page of staff who can do
something about it."""

from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

from accounts import policies, readiness, roles
from accounts.models import User
from cms import broken_paths
from cms.directory import feed_status, runs

from . import health

ROTA_ROLES = (roles.SafeguardingLead, roles.ProgrammeManager, roles.Administrator)
_ANSWER_FOR_IT = (roles.Administrator, roles.ProgrammeManager, roles.Coordinator)


def in_head(request: HttpRequest) -> str:
    """For whoever has come in by every door."""
    user: Any = getattr(request, "user", None)
    if not settings.ALARMS_KEPT_SECONDS or not getattr(user, "is_authenticated", False):
        return ""
    return words(user) if user.is_verified() or not user.needs_second_factor else ""


def words(user: User) -> str:
    """All sentences for this person in one. What is kept of them meanwhile says nothing about
    anybody; whom it concerns is asked anew."""
    said = health.alarms(user) if user.holds(*_ANSWER_FOR_IT) else []
    if policies.edits_directory(user):
        said += _kept("directory")
    if user.holds(*ROTA_ROLES):
        said += _kept("rota")
    return " ".join(said)


def _kept(name: str) -> list[str]:
    return cache.get_or_set(f"alarms.{name}", _FOUND[name], settings.ALARMS_KEPT_SECONDS) or []


def _of_directory() -> list[str]:
    return [*filter(None, (feed_status.alarm(), runs.alarm(), broken_paths.alarm()))]


_FOUND = {"directory": _of_directory, "rota": readiness.soon_missing}
