"""The access table covers every URL (issue 2, item 11; security §8, 1)."""

from collections.abc import Iterator
from typing import Any

from django.urls import URLResolver, get_resolver
from wagtail import hooks

from accounts.public import PUBLIC
from referrals.views import tabs
from tests.access.everything import TABLE
from tests.access.sample import asks
from tests.access.stage import EVERYBODY
from tests.access.table import TABS
from tests.access.table_public import NOBODY

EDITOR = "editor/"


def names(resolver: Any = None, spaces: tuple[str, ...] = (), route: str = "") -> Iterator[str]:
    """Every URL of ours by name; a nameless one by its route, and Wagtail's admin as one."""
    for pattern in (resolver or get_resolver()).url_patterns:
        path = route + str(pattern.pattern)
        if path.startswith(EDITOR):
            yield EDITOR
        elif isinstance(pattern, URLResolver):
            space = (pattern.namespace,) if pattern.namespace else ()
            yield from names(pattern, (*spaces, *space), path)
        else:
            yield ":".join([*spaces, pattern.name]) if pattern.name else path


def test_every_url_has_a_row_and_every_row_a_url():
    there, rows = set(names()), {row.name for row in TABLE}

    assert sorted(there - rows) == [], "URLs without a row: see tests/access/table.py"
    assert sorted(rows - there) == [], "rows without a URL"


def in_the_editor(patterns: Any, route: str = "") -> Iterator[str]:
    """The addresses of Wagtail's admin that are ours."""
    for pattern in patterns:
        path = route + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from in_the_editor(pattern.url_patterns, path)
        else:
            view = getattr(pattern.callback, "view_class", pattern.callback)
            if view.__module__.startswith("cms."):
                yield f"/editor/{path}".replace("<uuid:pk>", NOBODY)


def test_every_page_of_ours_in_the_editor_has_a_row():
    registered = [urls() for urls in hooks.get_hooks("register_admin_urls")]
    there = {path for urls in registered for path in in_the_editor(urls)}
    rows = {row.path for row in TABLE if row.name == EDITOR}

    assert len(there) > 15
    assert sorted(there - rows) == []


def test_a_url_without_a_row_is_found():
    """The control."""
    rows = {row.name for row in TABLE} - {"referrals:summary"}

    assert set(names()) - rows == {"referrals:summary"}


def test_every_tab_of_a_referral_is_asked_for():
    assert {tab.code for tab in tabs._tabs} == {*TABS} - {"nonsense"}


def test_what_the_table_calls_public_is_the_public_list():
    # Wagtail's doors stand behind the pages' own pattern, which is public and answers 404 for them.
    behind = {"wagtailcore_login", "wagtailcore_authenticate_with_password"}

    assert {row.name for row in TABLE if row.public} - behind == set(PUBLIC)


def test_no_row_is_left_out_of_the_sample():
    for row in TABLE:
        for method in row.cells:
            asked = [ask for who in EVERYBODY for ask in asks([row], who, method)]
            assert asked, f"nobody asks {method} {row.label}"
