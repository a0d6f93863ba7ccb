"""What our own pages in Wagtail's admin share: who may come in, their head, lists in parts."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from wagtail.permission_policies import ModelPermissionPolicy

from .models import Service

EDITS = ModelPermissionPolicy(Service)
MOST = 50  # of what waits, on one page
View = Callable[..., HttpResponse]


def for_editors(view: View) -> View:
    """For who may edit services; Wagtail itself asks only whether somebody may come in."""

    @wraps(view)
    def allowed(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not EDITS.user_has_permission(request.user, "publish"):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return allowed


def editor_page(request: HttpRequest, name: str, title: str, **context: Any) -> HttpResponse:
    """A page of ours with the head that Wagtail's pages have."""
    crumbs = [{"url": reverse("wagtailadmin_home"), "label": "Home"}]
    context |= HEADER | {
        "page_title": title,
        "header_title": title,
        "breadcrumbs_items": [*crumbs, {"url": "", "label": title}],
    }
    return render(request, f"cms/directory/editor/{name}.html", context)


def page_of(request: HttpRequest, rows: QuerySet[Any]) -> Page[Any]:
    """The part of what waits that the address asks for; the first for what is no number."""
    return Paginator(rows, MOST).get_page(request.GET.get("page"))


def edit_url(row: Model) -> str:
    """Where an editor changes it."""
    return reverse(f"wagtailsnippets_cms_{row._meta.model_name}:edit", args=[row.pk])


# What the head of a page of Wagtail's wants to be told besides.
HEADER: dict[str, Any] = dict.fromkeys(
    ("side_panels", "history_url", "index_results_url", "search_form", "filters", "page_subtitle")
) | {"header_icon": "download", "header_buttons": []}
