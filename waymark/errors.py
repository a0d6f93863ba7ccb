"""Pages for what went wrong. They say what happened, that nothing was lost, and what to do."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import get_template


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "errors/400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "errors/403.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "errors/404.html", status=404)


def csrf(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "errors/403.html", {"is_stale_form": True}, status=403)


def broken(request: HttpRequest) -> HttpResponse:
    """Drawn without a database and without context: what broke may be either."""
    template: Any = get_template("errors/500.html")
    return HttpResponse(template.render(), status=500)
