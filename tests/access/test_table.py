"""Everybody asks for everything, as the access table says (issue 2, item 11; security §8, 1 and 5)."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import URLResolver, get_resolver

from tests.access.probe import walk
from tests.access.stage import EVERYBODY
from tests.access.table import TABLE

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

    assert there - rows == set(), "URLs without a row in tests/access/table.py"
    assert rows - there == set(), "rows of tests/access/table.py without a URL"


@pytest.mark.slow  # one person's walk is hundreds of requests
@pytest.mark.parametrize("who", EVERYBODY)
def test_the_table_holds_for(stage, who):
    violations = walk(stage, who, TABLE)

    assert not violations, "\n".join(violations)
