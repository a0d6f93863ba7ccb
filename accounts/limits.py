"""How often something may happen: counted in PostgreSQL, so that all processes count together."""

from datetime import UTC, datetime, timedelta

from django.utils.crypto import salted_hmac

from accounts.clock import now
from accounts.models import Tally

HOUR = timedelta(hours=1)


def too_many(what: str, who: str, *, most: int, per: timedelta = HOUR) -> bool:
    """Count one more `what` by `who` (an address, an id) and say whether that is over the limit.

    Windows are fixed (each hour starts anew), so up to twice `most` may pass around a boundary.
    """
    return Tally.objects.add_one(key=_key(what, who), since=_start(per)) > most


def reached(what: str, who: str, *, most: int, per: timedelta = HOUR) -> bool:
    """Whether the limit is used up, without counting."""
    counted = Tally.objects.filter(key=_key(what, who), since=_start(per), count__gte=most)
    return counted.exists()


def _key(what: str, who: str) -> str:
    return salted_hmac("accounts.limits", f"{what}:{who}", algorithm="sha256").hexdigest()


def _start(per: timedelta) -> datetime:
    moment = now()
    epoch = datetime(2000, 1, 1, tzinfo=UTC)
    return moment - (moment - epoch) % per


def forget() -> int:
    """Delete the counts of yesterday and before."""
    deleted, _ = Tally.objects.filter(since__lt=now() - timedelta(days=1)).delete()
    return deleted
