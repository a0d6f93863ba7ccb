"""Pages for what went wrong. They say what happened, that nothing was lost, and what to do."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import REASON_BAD_ORIGIN
from django.shortcuts import render
from django.template.loader import get_template

from accounts.typed import given_back

ELSEWHERE = REASON_BAD_ORIGIN.partition(" - ")[0]


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "errors/400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "errors/403.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "errors/404.html", status=404)


def csrf(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without its token, or with an old one. To somebody signed in who sent it from a page
    of ours what they typed is given back: the browser says whence it came, and what comes from
    elsewhere has another reason."""
    is_ours = "Origin" in request.headers and not reason.startswith(ELSEWHERE)
    is_back = is_ours and request.user.is_authenticated
    context = {"is_stale_form": True, **(given_back(request) if is_back else {})}
    return render(request, "errors/403.html", context, status=403)


def broken(request: HttpRequest) -> HttpResponse:
    """Drawn without a database and without context: what broke may be either."""
    template: Any = get_template("errors/500.html")
    return HttpResponse(template.render(), status=500)
