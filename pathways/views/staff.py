"""What every page of pathways begins with."""

from collections.abc import Iterable
from typing import Any, cast

from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import BaseForm
from django.http import HttpRequest
from django.utils.http import urlencode

from accounts.models import User
from casework.queue import Page, Queue, page_of
from pathways import policies


def reader(request: HttpRequest) -> User:
    """Somebody who has the pages of pathways; what they show is each model's `visible_to`."""
    user = cast(User, request.user)
    if not policies.sees_pathways(user):
        raise PermissionDenied
    return user


def frame(
    page: Page[Any], queue: Queue | None, queues: Iterable[Queue], user: User, all_label: str
) -> dict[str, Any]:
    """What stands around a list: its queues as tabs, the count, the pages before and after."""
    chosen = {"queue": queue.code} if queue else {}
    tabs = [{"label": all_label, "url": "?", "current": queue is None}]
    tabs += [
        {
            "label": each.label,
            "url": f"?{urlencode({'queue': each.code})}",
            "current": each is queue,
        }
        for each in queues
        if user.holds(*each.roles)
    ]
    return {
        "queue": queue,
        "tabs": tabs,
        "count": page.count,
        "newer_url": page.newer and f"?{urlencode({**chosen, 'before': page.newer})}",
        "older_url": page.older and f"?{urlencode({**chosen, 'after': page.older})}",
    }


def typed(request: HttpRequest) -> Any:
    """What a form is bound to: everything that was posted, nothing at all included."""
    return request.POST if request.method == "POST" else None


def page(request: HttpRequest, rows: Any, *, by: str = "-created_at") -> Page[Any]:
    """The page of a list that the link asks for."""
    return page_of(rows, after=request.GET.get("after"), before=request.GET.get("before"), by=by)


def show(error: ValidationError, form: BaseForm) -> None:
    """What a service found wrong, next to the field it is about, or on top."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, found in error.error_dict.items():
        form.add_error(name if name in form.fields else None, found)
