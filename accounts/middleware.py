"""Sign-in, second factor, session limits and private pages: for every page, Wagtail's included."""

import re
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware, get_user
from django.contrib.auth.signals import user_logged_out
from django.core.exceptions import PermissionDenied
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponseBadRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp.middleware import OTPMiddleware

from accounts import access, policies, sessions
from accounts.models import Authenticator
from accounts.public import BEFORE_SECOND_FACTOR, PUBLIC, WITHOUT_ROLE
from accounts.typed import given_back

GetResponse = Callable[[HttpRequest], HttpResponseBase]
EDITOR = "/editor/"


def route(request: HttpRequest) -> str:
    """The name of the URL that matched; empty when none did or it has no name."""
    match = request.resolver_match
    return (match.view_name or "") if match else ""


class ReadableQueryMiddleware:
    """Reads a NUL in an address's query as a space: the database refuses one, and any page may look
    for what an address names. A form in anything but UTF-8 is refused: no browser sends one."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        query = request.META.get("QUERY_STRING", "")
        request.META["QUERY_STRING"] = re.sub(r"%00|\0", "+", query)
        charset = (request.content_params or {}).get("charset", "utf-8")
        if charset.lower().replace("-", "") != "utf8":  # "hex" and its like are no text at all
            return HttpResponseBadRequest("Send forms in UTF-8.", content_type="text/plain")
        return self.get_response(request)


class SecondFactorMiddleware(OTPMiddleware):
    """django-otp's, but without a query: the person came with their confirmed devices."""

    def _verify_user_sync(self, request: HttpRequest, user: Any) -> Any:
        user = get_user(request)  # not the lazy object around it
        self._init_user_fields(user)
        if user.is_authenticated:
            shown = request.session.get(DEVICE_ID_SESSION_KEY)
            device = next((each for each in user.devices if each.persistent_id == shown), None)
            user.otp_device = self._finalize_device(request, user, device)
        return user


class SessionLimitsMiddleware:
    """Ends a session that was idle too long or is too old, and remembers why for the next page."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.signed_out_because = ""  # type: ignore[attr-defined]
        # Without a cookie nobody is signed in, and a cached public page must not vary by cookie.
        if settings.SESSION_COOKIE_NAME in request.COOKIES and sessions.is_signed_in(
            request.session
        ):
            if why := sessions.over(request.session):
                request.signed_out_because = why  # type: ignore[attr-defined]
                logout(request)
            else:
                sessions.touch(request.session)
        return self.get_response(request)


class SignInMiddleware(LoginRequiredMiddleware):
    """Lets through what is on the public list; asks everybody else to sign in and to prove it.

    The list rules, not decorators on views: Wagtail's and ninja's views cannot carry one.
    """

    def process_view(
        self, request: HttpRequest, view_func: Any, view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        name = route(request)
        if name in PUBLIC:
            return None
        if not request.user.is_authenticated:
            return self.handle_no_permission(request, view_func)
        # Not the lazy object around the person, through which each question would go.
        user: Any = get_user(request)
        request.user = user
        if name in BEFORE_SECOND_FACTOR:
            return None
        if door := second_factor_due(request):
            return redirect(sessions.with_next(door, _way_back(request)))
        if not user.standing and name not in WITHOUT_ROLE:
            return render(request, "accounts/no_role.html", status=403)
        if request.path_info.startswith(EDITOR) and not policies.edits_directory(user):
            raise PermissionDenied
        return None

    def handle_no_permission(  # type: ignore[override]
        self, request: HttpRequest, view_func: Any
    ) -> HttpResponseBase:
        """A redirect to the door; what a form brought is given back. 401 for a program, which could
        not read a form."""
        if not request.accepts("text/html"):
            return JsonResponse({"error": "Sign in first."}, status=401)
        why = request.signed_out_because  # type: ignore[attr-defined]
        if request.method == "POST" and request.POST:
            context = {"why": sessions.WHY.get(why, ""), "door": reverse("accounts:sign_in")}
            context |= given_back(request)
            return render(request, "accounts/signed_out.html", context, status=401)
        if not why and settings.SESSION_COOKIE_NAME in request.COOKIES:
            why = "ended"
        query = {"why": why} if why else {}
        return redirect(sessions.with_next("accounts:sign_in", _way_back(request), **query))


def second_factor_due(request: HttpRequest) -> str:
    """The door to go through first: to verify, to enrol, or none."""
    user: Any = request.user
    if user.is_verified():
        return ""
    if Authenticator.objects.filter(user=user, confirmed=True).exists():
        return "accounts:verify"
    return "accounts:enrol" if user.needs_second_factor else ""


def _way_back(request: HttpRequest) -> str:
    return request.get_full_path() if request.method in {"GET", "HEAD"} else request.path


class PrivatePagesMiddleware:
    """Nothing that a signed-in person saw is kept by a browser or a proxy; refusals are logged."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        has_cookie = settings.SESSION_COOKIE_NAME in request.COOKIES
        if has_cookie or route(request) not in PUBLIC or request.session.modified:
            response.headers["Cache-Control"] = "no-store, private"
        if getattr(request, "signed_out", False):
            response.headers["Clear-Site-Data"] = '"cache", "storage"'
        if has_cookie and response.status_code in {403, 404} and request.user.is_authenticated:
            access.record(
                "refused", user=request.user, route=route(request), status=response.status_code
            )
        return response


@receiver(user_logged_out)
def _mark_signed_out(request: HttpRequest, **kwargs: Any) -> None:
    """Whichever page signed somebody out, Wagtail's own included."""
    request.signed_out = True  # type: ignore[attr-defined]
