"""Forms that are sent twice count once (security reference §5, idempotent submit)."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, cast

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect

from accounts.clock import now
from accounts.models import Submission, User

KEPT = timedelta(days=7)
View = Callable[..., HttpResponse]


class SentOnce:
    """For a form that makes something: a hidden key, by which `once` knows a repeat.

    A form that changes what is there carries none: changed twice it is changed once.
    """

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        instance = getattr(self, "instance", None)
        if instance is None or instance._state.adding:
            self.fields["submit_key"] = forms.UUIDField(
                widget=forms.HiddenInput, required=False, initial=uuid.uuid4
            )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data  # type: ignore[misc, attr-defined]
        data.pop("submit_key", None)
        return data


def once(view: View) -> View:
    """A view with such a form: sent once more it leads where it led, and nothing is made. A second
    submit that comes meanwhile waits for the first; one that was refused can be sent again."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        key = _key(request)
        if key is None:
            return view(request, *args, **kwargs)
        with transaction.atomic():
            user = cast(User, request.user)
            row, is_first = Submission.objects.get_or_create(user=user, key=key)
            if not is_first:
                return redirect(row.led_to)
            response = view(request, *args, **kwargs)
            if isinstance(response, HttpResponseRedirect):
                row.led_to = response.url
                row.save(update_fields=["led_to"])
            else:
                row.delete()
        return response

    return answer


def _key(request: HttpRequest) -> uuid.UUID | None:
    try:
        return uuid.UUID(request.POST["submit_key"])
    except (KeyError, ValueError):
        return None


def forget() -> int:
    """Delete what was sent over a week ago."""
    deleted, _ = Submission.objects.filter(at__lt=now() - KEPT).delete()
    return deleted
