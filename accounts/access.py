"""The log of doors: who came in, who did not, what was refused. Ids and routes only, never a name,
an address or a path (a path may hold a reference)."""

import logging
from typing import TYPE_CHECKING, Any

from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver

if TYPE_CHECKING:
    from django.http import HttpRequest

    from accounts.models import User

log = logging.getLogger("waymark.access")


def record(event: str, *, user: "User | None" = None, **codes: object) -> None:
    """One line: what, whose id, and codes such as `route` or `by`."""
    who = user.pk if user is not None and user.pk else "-"
    rest = "".join(f" {key}={value}" for key, value in codes.items())
    log.info("%s user=%s%s", event, who, rest)


@receiver(user_logged_in)
def _signed_in(user: "User", **kwargs: Any) -> None:
    record("signed_in", user=user)


@receiver(user_logged_out)
def _signed_out(user: "User | None", request: "HttpRequest", **kwargs: Any) -> None:
    record("signed_out", user=user, why=getattr(request, "signed_out_because", "asked"))


@receiver(user_login_failed)
def _failed(**kwargs: Any) -> None:
    # Whether the address is known is not looked up: it would take time that a stranger can measure.
    record("sign_in_failed")
