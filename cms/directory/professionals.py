"""What people who work with young people read in the directory besides what anybody may read."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from accounts import policies
from accounts.middleware import second_factor_due

from . import wording
from .models import Service, TrackRecord

FORM = "/referrals/new/"  # of the package above, which none of ours may import


def is_professional(request: HttpRequest) -> bool:
    """Whether a professional asks, wholly signed in. The pages are public, so nobody else has seen
    to that; without the cookie of a session nobody is asked for, and the page may be cached."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return False
    user: Any = request.user
    return (
        user.is_authenticated
        and not second_factor_due(request)
        and policies.reads_as_professional(user)
    )


def part_of_page(
    request: HttpRequest, service: Service, record: TrackRecord | None
) -> dict[str, Any]:
    """How to refer somebody to a service, and how that has gone."""
    user: Any = request.user
    steps = [line for line in service.how_to_refer.splitlines() if line.strip()]
    url = FORM if service.is_referred_here and policies.refers(user) else ""
    return {
        "referring": steps,
        "form_url": url,
        "waiting": service.waiting_time,
        "accepted": wording.accepted(record),
    }
