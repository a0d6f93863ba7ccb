"""Waymark as granian serves it for a benchmark: with a plain view that is public, and an address
that answers before Django is asked."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings

from accounts import public

public.PUBLIC = public.PUBLIC | {"plain"}  # before the middleware reads it
settings.ROOT_URLCONF = "waymark.bench.plain_urls"
settings.NAMES_KEPT_SECONDS, settings.PAGES_KEPT_SECONDS = 5, 10
settings.ALARMS_KEPT_SECONDS = 10  # as wherever people look

from waymark.wsgi import application as waymark  # noqa: E402  so late for that reason

RAW = b"Nothing but WSGI. " * 2048  # about as long as a page of the directory


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    if environ["PATH_INFO"] != "/raw/":
        return waymark(environ, start_response)
    start_response("200 OK", [("Content-Length", str(len(RAW)))])
    return [RAW]
