"""Waymark as granian serves it for a benchmark: with a plain view that is public."""

from django.conf import settings

from accounts import public

public.PUBLIC = public.PUBLIC | {"plain"}  # before the middleware reads it

from waymark.wsgi import application  # noqa: E402  so late for that reason

settings.ROOT_URLCONF = "waymark.bench.plain_urls"
settings.NAMES_KEPT_SECONDS = 5  # as wherever queries are not counted
__all__ = ["application"]
