"""Whether the web pages that services name still open: each is asked for once a day at most, a few
at a time. Not known is not broken: some servers answer no programs."""

import logging
import time
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import F, Q

from accounts import letters
from accounts.clock import now

from .fetching import Client, Refused, Rules, Unreachable
from .freshness import to_check
from .models import LinkCheck, Service

log = logging.getLogger("waymark.directory")
MOST = 100  # at once
SECONDS = 40.0  # for all of them: a task has a minute
EACH = 8.0
OFTEN = timedelta(hours=20)
BLOCKED = {401, 403, 405, 406, 429}  # it is there, and not for programs
RULES = Rules(allows_http=True, seconds=EACH, accept="*/*", wants_body=False)
UNREACHABLE = 0


def check_some() -> int:
    """The next ones. The addresses of a demo are invented, so nobody is asked."""
    return 0 if settings.DEMO else check(Client(f"Waymark (+{letters.link_to('/')})"))


def check(client: Client, rules: Rules = RULES) -> int:
    """Ask for what has waited longest, and keep what was answered. Counts it."""
    until = time.monotonic() + SECONDS
    answers: list[tuple[Service, int | None]] = []
    for service in _due():
        if time.monotonic() > until:
            break
        answers.append((service, ask(client, service.url, rules)))
    if not any(answer for _, answer in answers):  # then it is our own way out that is closed
        log.warning("links_not_checked asked=%d", len(answers))
        return 0
    _keep(answers)
    return len(answers)


def _due() -> Iterable[Service]:
    waiting = Q(link_check=None) | ~Q(link_check__url=F("url"))
    old = Q(link_check__checked_at__lte=now() - OFTEN)
    rows = to_check().exclude(url="").filter(waiting | old).select_related("link_check")
    return rows.order_by(F("link_check__checked_at").asc(nulls_first=True), "pk")[:MOST]


def ask(client: Client, url: str, rules: Rules = RULES) -> int | None:
    """The status of the page; 0 if no server answers there, None if we may not or cannot tell."""
    status: int | None = None
    for method in ("HEAD", "GET"):
        try:
            status = client.fetch(url, rules.by(method)).status
        except Unreachable:
            status = UNREACHABLE
        except Refused:
            status = None
        if status and status < 400:
            break
    return status


def _keep(answers: Iterable[tuple[Service, int | None]]) -> None:
    for service, status in answers:
        before = getattr(service, "link_check", None)
        fails = before.fails if before and before.url == service.url else 0
        has_failed = status is not None and status not in BLOCKED and not 0 < status < 400
        known: dict[str, Any] = {
            "url": service.url,
            "checked_at": now(),
            "fails": min(fails + 1, 999) if has_failed else 0,
            "words": _words(status),
        }
        LinkCheck.objects.update_or_create(service=service, defaults=known)


def _words(status: int | None) -> str:
    if status is None or status in BLOCKED:
        return "Not known"
    if status == UNREACHABLE:
        return "No server answers"
    return "Opens" if status < 400 else f"Does not open ({status})"
