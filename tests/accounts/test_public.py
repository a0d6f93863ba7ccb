from collections.abc import Iterator
from contextlib import suppress
from itertools import product

import pytest
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, resolve, reverse

from accounts.public import BEFORE_SECOND_FACTOR, PUBLIC, WITHOUT_ROLE
from tests.thorough import some

THE_LIST = {
    "accounts:sign_in",
    "accounts:sign_out",
    "accounts:ask_reset",
    "accounts:reset_asked",
    "accounts:open_reset",
    "accounts:reset_password",
    "accounts:open_invitation",
    "accounts:accept_invitation",
    "directory:search",
    "directory:service",
    "directory:provider",
    "directory:shortlist",
    "directory:missing",
    "directory:missing_told",
    "directory:embed_builder",
    "directory:need",
    "directory:place",
    "embed",
    "directory:still_right",
    "directory:suggest",
    "directory:suggested",
    "directory:claim",
    "directory:claimed",
    "directory:useful",
    "directory:useful_told",
    "robots",
    "sitemap",
    "django.contrib.sitemaps.views.sitemap",
    "oruk:root",
    "oruk:openapi",
    "oruk:list",
    "oruk:detail",
    "oruk:status",
    "oruk:nothing",
    "wagtail_serve",
    "health",
    "style",
}


def names(resolver: URLResolver, spaces: tuple[str, ...] = ()) -> Iterator[str]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from names(entry, (*spaces, entry.namespace) if entry.namespace else spaces)
        elif isinstance(entry, URLPattern) and entry.name:
            yield ":".join([*spaces, entry.name])


def test_what_is_public_is_this_and_nothing_else():
    assert set(PUBLIC) == THE_LIST


def test_every_name_on_the_lists_is_a_url():
    known = set(names(get_resolver()))

    assert PUBLIC - known == set()
    assert known >= BEFORE_SECOND_FACTOR | WITHOUT_ROLE


def test_nothing_is_on_two_lists():
    assert not PUBLIC & BEFORE_SECOND_FACTOR
    assert not PUBLIC & WITHOUT_ROLE


def test_what_is_not_on_the_list_asks_a_stranger_to_sign_in(db):
    client = Client()
    asked = 0
    for name in sorted(set(names(get_resolver())) - PUBLIC):
        url = path_of(name)
        if url is None or resolve(url).view_name in PUBLIC:  # another name was quicker
            continue
        for method in some(("get", "post", "head", "options", "put", "delete"), of=5):
            response = getattr(client, method)(url)
            assert response.status_code == 302, (name, method)
            assert response.headers["Location"].startswith("/sign-in/?next="), name
        asked += 1

    assert asked > 100


SAMPLES = ("1", "word", "K7M-2QF", "00000000-0000-4000-8000-000000000001")


def path_of(name):
    """Some address of that name, or None when no sample fits its arguments."""
    for count in range(4):
        for arguments in product(SAMPLES, repeat=count):
            with suppress(NoReverseMatch, ValueError, KeyError):
                return reverse(name, args=arguments)
    return None


def test_a_program_is_told_without_a_page(db):
    response = Client().get("/account/", headers={"Accept": "application/json"})

    assert response.status_code == 401
    assert response.json() == {"error": "Sign in first."}


@pytest.mark.parametrize("charset", ["hex", "undefined", "idna", "utf-16", "zzz"])
def test_a_form_in_another_alphabet_is_refused(db, charset):
    body = b'--x\r\nContent-Disposition: form-data; name="q"\r\n\r\nabc\r\n--x--\r\n'
    kind = f"multipart/form-data; boundary=x; charset={charset}"

    answer = Client().generic("POST", "/sign-in/", body, content_type=kind)

    assert answer.status_code == 400
