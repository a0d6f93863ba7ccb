from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.snippets.models import register_snippet

from . import broken_paths, number_checks
from .directory import accepting, changed, imports, merging, reviewing, state, unmet
from .editor import DirectoryGroup

register_snippet(DirectoryGroup)

# Of our own reports: what they are called, their address, icon, and who may read them.
REPORTS = [
    ("Waiting for review", "directory_waiting", "clipboard-list", "cms.publish_service"),
    ("State of the directory", "directory_state", "date", "cms.change_service"),
    ("State by provider", "directory_providers", "group", "cms.change_service"),
    ("Searches that found nothing", "directory_unmet", "search", "cms.change_synonym"),
    ("Imports", "directory_imports", "download", "cms.publish_service"),
    ("Services that may be one", "directory_duplicates", "copy", "cms.publish_service"),
    ("Safeguarding numbers", "safeguarding_numbers", "warning", "cms.change_sitesettings"),
    ("Broken paths", "broken_paths", "warning", "cms.change_service"),
]


@hooks.register("register_admin_urls")
def our_urls() -> list[URLPattern]:
    parts = (
        *(accepting, state, unmet, reviewing, changed, imports, merging),
        *(broken_paths, number_checks),
    )
    return [pattern for part in parts for pattern in part.urls()]


@hooks.register("register_log_actions")
def our_actions(actions: Any) -> None:
    for name, formatter in merging.ACTIONS.items():
        actions.register_action(name)(formatter)


@hooks.register("construct_reports_menu")
def our_reports(request: HttpRequest, items: list[Any]) -> None:
    """Before Wagtail's own, in the order in which they want work."""
    for order, (label, name, icon, permission) in enumerate(REPORTS):
        if request.user.has_perm(permission):
            items.append(MenuItem(label, reverse(name), icon_name=icon, order=order))


@hooks.register("construct_help_menu")
def only_our_help(request: HttpRequest, items: list[Any]) -> None:
    """Wagtail's news and its manual's home lead editors away from this site; its keys stay."""
    items[:] = [item for item in items if item.name == "keyboard-shortcuts-trigger"]
