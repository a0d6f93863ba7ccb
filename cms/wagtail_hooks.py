from typing import Any

from django.http import HttpRequest
from wagtail import hooks
from wagtail.snippets.models import register_snippet

from .editor import DirectoryGroup

register_snippet(DirectoryGroup)


@hooks.register("construct_help_menu")
def only_our_help(request: HttpRequest, items: list[Any]) -> None:
    """Wagtail's news and its manual's home lead editors away from this site; its keys stay."""
    items[:] = [item for item in items if item.name == "keyboard-shortcuts-trigger"]
