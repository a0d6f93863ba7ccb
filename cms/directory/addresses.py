"""Addresses of searches: one search has one address, with nothing empty in it."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

# Those between `age` and `open` are facets; `chosen` is what is on the reader's list so far.
ORDER = (
    *("q", "exact", "place", "within", "age"),
    *("need", "type", "tier", "route", "cost", "how", "ask", "day"),
    *("send", "language", "access", "area"),
    *("open", "nearby", "sort", "view", "chosen", "page"),
)


def search_url(**wanted: Any) -> str:
    """The directory with these filters. Lists repeat the name, True is 1, empty is left out."""
    query = urlencode(list(_pairs(wanted)))
    return f"{reverse('directory:search')}{'?' + query if query else ''}"


def list_url(slugs: Iterable[str]) -> str:
    """The reader's list of these services. The list is in its address and nowhere else."""
    query = urlencode([("service", slug) for slug in slugs])
    return f"{reverse('directory:shortlist')}{'?' + query if query else ''}"


def _pairs(wanted: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    for name in ORDER:
        value = wanted.get(name)
        for one in value if isinstance(value, list | tuple) else [value]:
            if one is True:
                yield name, "1"
            elif one not in (None, False, ""):
                yield name, str(one)
