"""Finished public pages: kept for some seconds, so that what many people look at is drawn once, and
compressed."""

import re
from typing import Any

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse
from django.middleware.cache import CacheMiddleware
from django.middleware.gzip import GZipMiddleware

from accounts.middleware import route

PAGES = ("search", "service", "provider", "need", "place")
KEPT = {*(f"directory:{page}" for page in PAGES), "embed", "wagtail_serve"}
FEED = re.compile(r"/oruk/v3(?:/|$)")
TYPED = re.compile(r"(?:^|&)(?:q|place)=[^&]")  # words and places that somebody typed


class PublicPageCache(CacheMiddleware):
    """Django's cache of whole answers, for public pages that say the same to everybody.

    Nothing is kept of a request that brings a cookie, and nothing that holds what somebody typed.
    It stands before all other middleware, so what it keeps has its security headers; a page with
    a form to send has a cookie for it, and is not kept (Django sees to that).
    """

    def __init__(self, get_response: Any) -> None:
        seconds: int = settings.PAGES_KEPT_SECONDS
        if not seconds:
            raise MiddlewareNotUsed
        super().__init__(get_response, cache_timeout=seconds, cache_alias="pages")

    def process_request(self, request: HttpRequest) -> HttpResponse | None:
        if request.META.get("HTTP_COOKIE") or TYPED.search(request.META.get("QUERY_STRING", "")):
            request._cache_update_cache = False  # type: ignore[attr-defined]
            return None
        return super().process_request(request)

    def process_response(self, request: HttpRequest, response: Any) -> Any:
        if route(request) not in KEPT:
            request._cache_update_cache = False  # type: ignore[attr-defined]
        return super().process_response(request, response)


class PublicPageGZip(GZipMiddleware):
    """Compresses public pages for people without a cookie: where there is no secret beside what was
    typed, its length tells nothing (the BREACH attack). The feed says the same to everybody, and
    asks for no cookie. It stands after the cache, which keeps what comes out."""

    def process_response(self, request: HttpRequest, response: Any) -> Any:
        if FEED.match(request.path_info):
            return super().process_response(request, response)
        has_secret = request.META.get("HTTP_COOKIE") or response.cookies
        if has_secret or route(request) not in KEPT:
            return response
        return super().process_response(request, response)
