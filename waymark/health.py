"""/health/: whether Waymark can work at all, and figures of how well it does.

The public part is one word; it is 503 only for the database or missing migrations, since a balancer
would take a server out for that. The figures (counts and ages in seconds, None for never or none)
go to administrators and programme managers, to a monitor with the token WAYMARK_MONITOR, and in
demo mode to all. A bad figure is an alarm in words, never a 503.
"""

import os
import secrets
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Max, Min
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_q.conf import Conf
from django_q.models import OrmQ, Task

from accounts import roles
from accounts.models import User
from accounts.policies import administers
from casework import calendar, checks
from casework.models import Message
from casework.views import failed_for
from waymark import __version__

LOST_KEPT = 300  # seconds that nobody_lost is kept, which asks every open case
NAMED = 3  # lost cases that an alarm names
LATE = 300  # seconds after which waiting work is an alarm
RELAY = "casework.tasks.relay"
# A waiting row's `lock` is when it was put there; a claimed one's is this much after its claim. A
# stalled cluster claims rows and then does nothing with them.
CLAIM = timedelta(seconds=Conf.RETRY)


@never_cache
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    if trouble := _trouble():
        return JsonResponse({"status": trouble}, status=503)
    answer: dict[str, Any] = {"status": "ok"}
    if _may_see_figures(request):
        answer["figures"] = figures()
        answer["alarms"] = alarms()
    return JsonResponse(answer)


def figures() -> dict[str, Any]:
    """How far behind the queue and the outbox are; a banner on every page costs one look."""
    return cache.get_or_set("health.figures", _figures, settings.ALARMS_KEPT_SECONDS) or {}


def alarms(user: User | None = None) -> list[str]:
    """What staff should know, one sentence each; empty when all is well. Of cases, somebody who is
    not an administrator learns only about those that they see or answer for; a monitor is told no
    reference."""
    now, lost = figures(), _lost()
    failed = now["outbox_failed"]
    if user and not administers(user):
        lost = checks.answered_by(user, lost)
        failed = failed_for(user).count() if failed else 0
    named = checks.nameable(lost) if user and administers(user) else lost
    which = f" ({_some(named)})" if user and named else ""
    found = {
        "Background work is standing still; letters and reminders are late.": _over(
            now["queue_oldest_seconds"], now["outbox_oldest_seconds"]
        ),
        f"Letters that could not be sent: {failed}.": failed,
        f"Open cases that have nobody, or no date for the next step: {len(lost)}{which}.": lost,
    }
    return [words for words, is_so in found.items() if is_so]


def _lost() -> list[checks.Lost]:
    """References and areas, as they are kept for whoever asks; whose sight they come in is asked
    each time."""
    return cache.get_or_set("health.lost", checks.nobody_lost, LOST_KEPT) or []


def _some(lost: list[checks.Lost]) -> str:
    """The first few by their references, so that somebody can look them up."""
    references = list(dict.fromkeys(each.reference for each in lost))
    more = ["and more"] if len(references) > NAMED else []
    return ", ".join(references[:NAMED] + more)


def _figures() -> dict[str, Any]:
    # django-q2 and its rows keep the machine's time; letters keep the engine's, which can be set.
    waiting = OrmQ.objects.filter(lock__lte=timezone.now())
    claimed = OrmQ.objects.filter(lock__gt=timezone.now())
    due = Message.objects.filter(state=Message.State.DUE, next_at__lte=calendar.now())
    return {
        "version": __version__,
        "queue_waiting": waiting.count(),
        "queue_claimed": claimed.count(),
        "queue_oldest_seconds": _oldest(
            _age(waiting.aggregate(at=Min("lock"))["at"]),
            _age(claimed.aggregate(at=Min("lock") - CLAIM)["at"]),
        ),
        "queue_last_done_seconds": _age(Task.objects.aggregate(at=Max("stopped"))["at"]),
        "relay_last_seconds": _age(
            Task.objects.filter(func=RELAY, success=True).aggregate(at=Max("stopped"))["at"]
        ),
        "outbox_due": due.count(),
        "outbox_oldest_seconds": _age(due.aggregate(at=Min("next_at"))["at"], calendar.now()),
        "outbox_failed": Message.objects.filter(state=Message.State.FAILED).count(),
        "lost": len(_lost()),
    }


def _age(moment: datetime | None, now: datetime | None = None) -> int | None:
    return round(((now or timezone.now()) - moment).total_seconds()) if moment else None


def _oldest(*ages: int | None) -> int | None:
    return max((age for age in ages if age is not None), default=None)


def _over(*ages: int | None) -> bool:
    return any(age is not None and age > LATE for age in ages)


def _trouble() -> str:
    """The reason for a 503, or nothing."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return "" if _is_migrated() else "migrations are missing"
    except DatabaseError:
        return "the database does not answer"


def _is_migrated() -> bool:
    """Asked of the database until it is so: applied migrations stay applied."""
    if cache.get("health.migrated"):
        return True
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if not missing:
        cache.set("health.migrated", True, None)
    return not missing


def _may_see_figures(request: HttpRequest) -> bool:
    if settings.DEMO:
        return True
    token = os.environ.get("WAYMARK_MONITOR", "")
    said = request.headers.get("Authorization", "")
    if token and secrets.compare_digest(said.encode(), f"Bearer {token}".encode()):
        return True
    user: Any = request.user
    return bool(
        user.is_authenticated
        and user.is_verified()
        and user.holds(roles.Administrator, roles.ProgrammeManager)
    )
