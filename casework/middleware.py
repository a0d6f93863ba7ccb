from collections.abc import Callable
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.models import User

from .timeline import since
from .workflow import Conflict


class LostRaceMiddleware:
    """Shows the 409 page for a `Conflict`, outside the transaction that it ended."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Conflict):
            return None
        user = cast(User, request.user)
        cases = cast(Any, type(exception.case)._default_manager).visible_to(user)
        seen = cases.filter(pk=exception.case.pk).first()
        return render(
            request,
            "errors/409.html",
            {"case": seen, "entries": since(seen, by=user) if seen else []},
            status=409,
        )
