"""How `/oruk/` answers: JSON always, errors too, readable from any web page."""

import hashlib
import json
import logging
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import wraps
from itertools import chain
from typing import Any

from django.core.cache import caches
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    JsonResponse,
    StreamingHttpResponse,
)
from django.utils.cache import get_conditional_response
from django.utils.http import http_date

from accounts import visitors

log = logging.getLogger("waymark.oruk")
CACHED_FOR = "public, max-age=300"
MOST_A_MINUTE = 3_000  # of one address: validators ask five at once, and each details one by one


class Refused(Exception):
    """A request that the standard or we cannot answer; the message says what to change."""

    def __init__(self, message: str, *, status: int = 422, parameter: str = "") -> None:
        super().__init__(message)
        self.status, self.parameter = status, parameter


def endpoint(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """GET only, no credentials, no HTML: every outcome is JSON with the CORS header."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = _answer(view, request, *args, **kwargs)
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Expose-Headers"] = "ETag, Last-Modified, X-Total-Count"
        return response

    return answered


def _answer(
    view: Callable[..., HttpResponseBase], request: HttpRequest, *args: Any, **kwargs: Any
) -> HttpResponseBase:
    if request.method == "OPTIONS":
        response = HttpResponse(status=204)
        response["Access-Control-Allow-Methods"] = response["Allow"] = "GET, HEAD, OPTIONS"
        response["Access-Control-Allow-Headers"] = "*"
        return response
    if request.method not in ("GET", "HEAD"):
        return error("This feed can only be read: use GET.", 405, allow="GET, HEAD, OPTIONS")
    if wait := _wait(request):
        response = error("You ask too often. Please go on after the wait.", 429)
        response["Retry-After"] = str(wait)
        return response
    try:
        return view(request, *args, **kwargs)
    except Refused as refusal:
        return error(str(refusal), refusal.status, parameter=refusal.parameter)
    except Http404 as missing:
        return error(str(missing) or "There is nothing at this address.", 404)
    except Exception:
        log.exception("oruk %s failed", request.path)
        return error("Something went wrong here. Please try again later.", 500)


def _wait(request: HttpRequest) -> int:
    """How many seconds whoever asks far too often has to wait. Counted in the memory of each
    process: a count in the database would cost as much as most answers."""
    who = visitors.address(request)
    if who == visitors.UNKNOWN:  # ourselves, or everybody behind a proxy that we are not told of
        return 0
    minute, second = divmod(int(time.time()), 60)
    key = f"oruk:{who}:{minute}"
    counts = caches["default"]
    counts.add(key, 0, 120)
    try:
        many = counts.incr(key)
    except ValueError:  # it has just gone, for want of room
        return 0
    return 60 - second if many > MOST_A_MINUTE else 0


def error(message: str, status: int, *, parameter: str = "", allow: str = "") -> JsonResponse:
    body = {"status": status, "error": message}
    response = JsonResponse(body | ({"parameter": parameter} if parameter else {}), status=status)
    if allow:
        response["Allow"] = allow
    return response


def answer(request: HttpRequest, body: Any, modified: datetime | None = None) -> HttpResponseBase:
    """200 with ETag and Last-Modified, or 304 when the reader has it already."""
    content = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    response = HttpResponse(content, content_type="application/json; charset=utf-8")
    response["ETag"] = etag
    response["Cache-Control"] = CACHED_FOR
    seconds = int(modified.timestamp()) if modified else None
    if seconds is not None:
        response["Last-Modified"] = http_date(seconds)
    return get_conditional_response(request, etag, seconds, response) or response


def table(rows: Iterable[str], name: str) -> StreamingHttpResponse:
    """A CSV file to keep, streamed; begun with the mark by which spreadsheets know UTF-8."""
    body = (row.encode() for row in chain(["\ufeff"], rows))
    response = StreamingHttpResponse(body, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = CACHED_FOR
    return response


def lines(rows: Iterable[Mapping[str, Any]], total: int) -> StreamingHttpResponse:
    """One JSON object per line, streamed."""
    body = (json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in rows)
    response = StreamingHttpResponse(body, content_type="application/x-ndjson; charset=utf-8")
    response["X-Total-Count"] = str(total)
    response["Cache-Control"] = CACHED_FOR
    return response
