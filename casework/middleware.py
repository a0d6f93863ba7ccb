from collections.abc import Callable
from typing import Any, cast

from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.models import User
from accounts.typed import given_back

from .models.notes import Band
from .timeline import since
from .workflow import Conflict


class LostRaceMiddleware:
    """Shows the 409 page for a `Conflict`, outside the transaction that it ended."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if _is_used_key(exception):  # a form's own key, that somebody else's row has already
            context = {"case": None, "typed": _words(request)}
            return render(request, "errors/409.html", context, status=409)
        if not isinstance(exception, Conflict):
            return None
        user = cast(User, request.user)
        cases = cast(Any, type(exception.case)._default_manager).visible_to(user)
        seen = cases.filter(pk=exception.case.pk).first()
        # Who reads it without working on it is not told by this page what its own keeps from them.
        on_team = seen is not None and Band.TEAM in seen.bands_for(user)
        return render(
            request,
            "errors/409.html",
            {
                "case": seen,
                "on_team": on_team,
                "entries": since(seen, by=user) if on_team else [],
                "typed": _words(request),
            },
            status=409,
        )


def _words(request: HttpRequest) -> list[str]:
    """What somebody had typed in sentences: it is not lost with the move that came too late."""
    return [value for _, value in given_back(request)["fields"] if " " in value.strip()]


def _is_used_key(exception: Exception) -> bool:
    if not isinstance(exception, IntegrityError):
        return False
    broken = getattr(getattr(exception.__cause__, "diag", None), "constraint_name", None)
    return "submit_key" in (broken or "")
