from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, reverse
from wagtail import hooks
from wagtail.snippets.models import register_snippet

from .directory import imports, merging, reviewing, state, unmet
from .editor import DirectoryGroup

register_snippet(DirectoryGroup)


@hooks.register("register_admin_urls")
def state_urls() -> list[URLPattern]:
    return state.urls() + reviewing.urls()


@hooks.register("register_reports_menu_item")
def state_menu_item() -> state.StateMenuItem:
    return state.StateMenuItem(
        state.StateView.page_title, reverse("directory_state"), icon_name="date", order=100
    )


@hooks.register("register_admin_urls")
def unmet_urls() -> list[URLPattern]:
    return unmet.urls()


@hooks.register("register_reports_menu_item")
def unmet_menu_item() -> unmet.NotFoundMenuItem:
    return unmet.NotFoundMenuItem(
        unmet.NotFoundView.page_title, reverse("directory_unmet"), icon_name="search", order=110
    )


@hooks.register("register_admin_urls")
def imports_urls() -> list[URLPattern]:
    return imports.urls() + merging.urls()


@hooks.register("register_reports_menu_item")
def imports_menu_item() -> imports.ImportsMenuItem:
    return imports.ImportsMenuItem(
        "Imports", reverse("directory_imports"), icon_name="download", order=120
    )


@hooks.register("register_reports_menu_item")
def merging_menu_item() -> imports.ImportsMenuItem:
    return imports.ImportsMenuItem(
        "Services that may be one", reverse("directory_duplicates"), icon_name="copy", order=130
    )


@hooks.register("register_reports_menu_item")
def waiting_menu_item() -> reviewing.WaitingMenuItem:
    return reviewing.WaitingMenuItem(
        reviewing.WaitingView.page_title,
        reverse("directory_waiting"),
        icon_name="clipboard-list",
        order=90,
    )


@hooks.register("construct_help_menu")
def only_our_help(request: HttpRequest, items: list[Any]) -> None:
    """Wagtail's news and its manual's home lead editors away from this site; its keys stay."""
    items[:] = [item for item in items if item.name == "keyboard-shortcuts-trigger"]
