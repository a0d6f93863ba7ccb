"""Whether our feed keeps to the standard: the nightly check, its history, and the page that shows
it to whoever reads the feed."""

from datetime import timedelta
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.clock import now

from .models import FeedCheck, Run, Service, Source, SourceRecord
from .oruk import answers, checking, official

HISTORY = timedelta(days=90)


def check_feed() -> FeedCheck:
    """Check the feed, keep what was found, and forget what is too old to be shown."""
    found = checking.check()
    FeedCheck.objects.filter(checked_at__lt=now() - HISTORY).delete()
    return FeedCheck.objects.create(
        passed=found.passed, faults=found.faults, services=found.services
    )


def alarm() -> str:
    """A sentence for the editors while the last check found a fault."""
    last = FeedCheck.objects.first()
    if last is None or not last.faults:
        return ""
    many = len(last.faults)
    return (
        f"The public feed broke {many} rule{'s' if many > 1 else ''} at the last check: see "
        "/oruk/status."
    )


def _sources() -> QuerySet[Source]:
    """With `last`: when its feed was last read to its end, or a file of it was brought."""
    whole = Run.objects.filter(source=OuterRef("pk"), state=Run.State.COMPLETE, is_dry=False)
    brought = SourceRecord.objects.filter(source=OuterRef("pk"), source__url="")
    return Source.objects.order_by("name").annotate(
        last=Coalesce(
            Subquery(whole.order_by("-ended_at").values("ended_at")[:1]),
            Subquery(brought.order_by("-fetched_at").values("fetched_at")[:1]),
        )
    )


@require_safe
def status(request: HttpRequest) -> HttpResponse:
    """`/oruk/status`: the last check, 90 days of them, how large the feed is and how to read it."""
    week = now() - timedelta(days=7)
    changed = Service.objects.filter(last_modified__gte=week)
    checks = list(FeedCheck.objects.filter(checked_at__gte=now() - HISTORY))
    context: dict[str, Any] = {
        "checks": checks,
        "last": checks[0] if checks else None,
        "size": Service.objects.in_feed().count(),
        "changed": changed.in_feed().count(),
        "gone": changed.gone().count(),
        "sources": _sources(),
        "by": official.in_words(),
        "most": f"{answers.MOST_A_MINUTE:,}",
        "stub": request.build_absolute_uri("/oruk/v3"),
    }
    return render(request, "cms/directory/feed_status.html", context)
