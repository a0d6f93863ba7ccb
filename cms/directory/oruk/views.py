from collections.abc import Callable, Iterator
from math import ceil
from typing import Any
from uuid import UUID

from django.db.models import Max, QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase, QueryDict

from cms.directory import spreadsheets
from cms.directory.models import Service

from . import shapes
from .answers import Refused, answer, endpoint, lines, table
from .document import describe
from .params import Params
from .resources import BY_NAME, SERVICES, Resource, kept_since

VERSION = "HSDS-UK-3.0"
PROFILE = "https://github.com/OpenReferralUK/uk-profile/blob/main/docs/index.md"
CHUNK = 200
ALL = 5_000  # rows on the one page of `minimal`


@endpoint
def root(request: HttpRequest) -> HttpResponseBase:
    Params(request.GET, [])
    stub = request.build_absolute_uri("/oruk/v3")
    return answer(
        request,
        {"version": VERSION, "profile": PROFILE, "openapi_url": f"{stub}/openapi.json"},
    )


@endpoint
def openapi(request: HttpRequest) -> HttpResponseBase:
    Params(request.GET, [])
    return answer(request, describe(request.build_absolute_uri("/oruk/v3")))


@endpoint
def listing(request: HttpRequest, name: str) -> HttpResponseBase:
    resource = _resource(name)
    params = Params(request.GET, resource.parameters)
    is_minimal = "minimal" in resource.parameters and params.flag("minimal")
    is_full = "full" in resource.parameters and params.flag("full")
    rows = resource.rows(params)
    if (form := params.form(resource.forms)) != "json":
        every = _stream(resource, resource.whole(rows))
        if form == "csv":
            return table(spreadsheets.lines(every), "services.csv")
        return lines(every, rows.count())
    page: list[Any]
    shape: Callable[[Any], dict[str, Any]]
    if is_minimal:
        number, size = params.page(most=ALL, usual=ALL)
        total, begin = rows.count(), (number - 1) * size
        page = list(rows.only("pk", "last_modified")[begin : begin + size])
        shape = shapes.minimal
    else:
        number, size = params.page()
        page, total = resource.page(params, number, size, is_whole=is_full)
        shape = resource.detail if is_full else resource.item
    # The other lists hold rows that keep no date of their last change: those have their ETag alone.
    changed = _latest() if resource is SERVICES else None
    return answer(request, _envelope([shape(row) for row in page], number, size, total), changed)


@endpoint
def detail(request: HttpRequest, name: str, key: str) -> HttpResponseBase:
    resource = _resource(name)
    Params(request.GET, [])
    try:
        wanted = UUID(key)
    except ValueError:
        raise Refused(f"The id of a {resource.noun} is a UUID.", parameter="id") from None
    everything = resource.rows(Params(QueryDict(), []))
    row = resource.whole(everything.filter(**{resource.key: wanted})).first()
    if row is None and resource is SERVICES:
        row = _gone(wanted)
    if row is None:
        raise Http404(f"There is no {resource.noun} with this id.")
    return answer(request, resource.detail(row), getattr(row, "last_modified", None))


def _gone(wanted: UUID) -> Service | None:
    """A service that was in the feed within the last year; 410 when it was there before."""
    gone = Service.objects.gone().select_related("provider", "source_record__source")
    row = gone.filter(pk=wanted).first()
    if row and (row.last_modified is None or row.last_modified < kept_since()):
        raise Refused("This service went more than a year ago.", status=410)
    return row


@endpoint
def nothing(request: HttpRequest, **_: Any) -> HttpResponseBase:
    raise Http404


def _resource(name: str) -> Resource:
    if name not in BY_NAME:
        raise Http404(f"There are: {', '.join(BY_NAME)}.")
    return BY_NAME[name]


def _stream(resource: Resource, rows: QuerySet[Any]) -> Iterator[shapes.Shape]:
    for row in rows.iterator(chunk_size=CHUNK):
        yield resource.detail(row)


def _envelope(contents: list[Any], number: int, size: int, total: int) -> dict[str, Any]:
    pages = max(ceil(total / size), 1)
    return {
        "total_items": total,
        "total_pages": pages,
        "page_number": number,
        "size": len(contents),
        "first_page": number == 1,
        "last_page": number >= pages,
        "empty": not contents,
        "contents": contents,
    }


def _latest() -> Any:
    """The last change of any service, also of one that has just been taken off."""
    return Service.objects.aggregate(latest=Max("last_modified"))["latest"]
