"""Read audit: opening a case leaves a row in the transaction of the page."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from .models import Case, Viewing

if TYPE_CHECKING:
    from accounts.models import User


def looked(case: Case, *, by: "User", what: str = "page") -> None:
    """Record that `by` looked at `what` of this case. Call it before the words are fetched."""
    Viewing.objects.create(
        viewer=by,
        case_kind=case.KIND,
        case_id=case.pk,
        what=what,
        is_owner=case.is_owned_by(by),
    )


def shown(
    request: HttpRequest,
    template: str | Sequence[str],
    context: dict[str, Any],
    *cases: Case,
    what: str = "form",
) -> HttpResponse:
    """Draw a page with words of these cases, and record in one transaction that somebody looked."""
    with transaction.atomic():
        for case in cases:
            looked(case, by=request.user, what=what)  # type: ignore[arg-type]
        return render(request, template, context)
