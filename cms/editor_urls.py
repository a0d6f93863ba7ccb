"""Wagtail's admin at `/editor/`, without its own doors: people come in by our sign-in only.

Nobody manages users, groups, passwords or accounts here, whatever rights they hold.
"""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import include, path, re_path, reverse
from wagtail.admin.urls import urlpatterns as wagtail_urlpatterns

CLOSED = (
    "account",
    "users",
    "groups",
    "password_reset",
    "collections",
    "sites",
    "locales",
    "images",
    "documents",
    "redirects",
    "api/main/images",
    "api/main/documents",
    "failwhale",
    "test404",
    "bulk/accounts",
    "bulk/auth",
)


def closed(request: HttpRequest, **_: str) -> HttpResponse:
    raise Http404


def sign_in(request: HttpRequest) -> HttpResponse:
    return HttpResponseRedirect(reverse("accounts:sign_in"))


def account(request: HttpRequest) -> HttpResponse:
    """Wagtail's links to its account page lead here, and on to ours."""
    return HttpResponseRedirect(reverse("accounts:account"))


def sign_out(request: HttpRequest) -> HttpResponse:
    """Wagtail's button posts here; the same POST goes to our own sign-out."""
    return HttpResponseRedirect(reverse("accounts:sign_out"), preserve_request=True)


urlpatterns = [
    path("login/", sign_in),
    path("logout/", sign_out),
    path("my-account/", account),
    re_path(rf"^(?:{'|'.join(CLOSED)})(?:/.*)?$", closed),
    path("", include(wagtail_urlpatterns)),
    # Wagtail answers every address, so this one is never reached; the last of a name is the one
    # that links are made from.
    path("my-account/", account, name="wagtailadmin_account"),
]
