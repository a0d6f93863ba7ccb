"""What a session remembers: when it began, was last used, and last saw the password typed."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.backends.base import SessionBase
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

from accounts.clock import now

STARTED, SEEN, CONFIRMED = "started_at", "seen_at", "confirmed_at"
WRITE_EVERY = timedelta(minutes=1)
FRESH = timedelta(minutes=10)
FILLING_IN = timedelta(minutes=20)

# Why somebody is at the door again.
WHY = {
    "idle": "You were signed out because nothing happened for 30 minutes.",
    "absolute": "You were signed out because you had been signed in for 10 hours.",
    "ended": "Your session has ended: you signed out in another window, a password was changed, or "
    "your account was closed.",
    "asked": "You have signed out.",
    "password": "Your password has been changed. Sign in with the new one.",
    "joined": "Your password is set. Sign in with it.",
    "email": "Your email address has been changed. Sign in with the new one.",
}


@receiver(user_logged_in)
def begin(request: HttpRequest, **kwargs: Any) -> None:
    moment = now().timestamp()
    for mark in (STARTED, SEEN, CONFIRMED):
        request.session[mark] = moment


def is_signed_in(session: SessionBase) -> bool:
    return SESSION_KEY in session


def over(session: SessionBase) -> str:
    """Why the session is over ("idle", "absolute"), or nothing. A session without marks is over."""
    moment = now()
    if moment - _mark(session, STARTED) > timedelta(seconds=settings.SESSION_ABSOLUTE_SECONDS):
        return "absolute"
    if moment - _mark(session, SEEN) > timedelta(seconds=settings.SESSION_IDLE_SECONDS):
        return "idle"
    return ""


def touch(session: SessionBase) -> None:
    """Remember that it was used: at most one write a minute."""
    moment = now()
    if moment - _mark(session, SEEN) > WRITE_EVERY:
        session[SEEN] = moment.timestamp()


def confirm(session: SessionBase) -> None:
    """The password has just been typed."""
    session[CONFIRMED] = now().timestamp()


def fresh(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view that asks for the password again when it was last typed over ten minutes ago.

    It asks before the form is filled in, not after: a form that was fetched within the ten minutes
    may be sent for twenty more, lest what was typed be lost. Later than that the page says so.
    """

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        is_sent = request.method == "POST"
        good_for = FRESH + FILLING_IN if is_sent else FRESH
        if now() - _mark(request.session, CONFIRMED) > good_for:
            if is_sent:
                messages.warning(
                    request, "What you sent was not saved. Type your password, then send it again."
                )
            return redirect(with_next("accounts:confirm", request.path))
        return view(request, *args, **kwargs)

    return inner


def with_next(name: str, path: str, **query: str) -> str:
    """The URL of a door with the page to go on to."""
    return f"{reverse(name)}?{urlencode({'next': path, **query})}"


def signed_out_url(why: str) -> str:
    """Sign-in, with a sentence about what has just happened."""
    return f"{reverse('accounts:sign_in')}?{urlencode({'why': why})}"


def where_next(request: HttpRequest, default: str) -> str:
    """The page asked for in `next`, if it is one of ours, else the default URL or URL name."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    ours = wanted.startswith("/") and url_has_allowed_host_and_scheme(
        wanted, allowed_hosts=None, require_https=request.is_secure()
    )
    return wanted if ours else reverse(default)


def _mark(session: SessionBase, name: str) -> datetime:
    return datetime.fromtimestamp(float(session.get(name, 0)), UTC)
