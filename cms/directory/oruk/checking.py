"""The nightly check of our own feed, before the national site does its own: every page of every
list, some details of each, what refers to what, and how errors answer."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import ceil
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from django.conf import settings
from django.http import HttpResponseBase
from django.test import RequestFactory
from django.urls import resolve
from pydantic import ValidationError

from . import official, schemas
from .resources import BY_NAME

SAMPLE = 20  # details of each list
PAGE = 100
MOST_FAULTS = 50
MOST_WHOLE_PAGES = 20
# Fields that name something by its id, or hold it: in which list it must stand.
REFERENCES = {
    "organization_id": "organizations",
    "service_id": "services",
    "service_at_location_id": "service_at_locations",
    "taxonomy_id": "taxonomies",
    "taxonomy_term_id": "taxonomy_terms",
    "parent_id": "taxonomy_terms",
}
NESTED = {
    "organization": "organizations",
    "service_at_locations": "service_at_locations",
    "taxonomy_term": "taxonomy_terms",
}


@dataclass
class Report:
    """How many rules held, and a sentence for each that did not."""

    passed: int = 0
    faults: list[str] = field(default_factory=list)
    services: int = 0
    schemas: official.Official | None = None

    def expect(self, holds: bool, fault: str) -> None:
        if holds:
            self.passed += 1
        elif len(self.faults) < MOST_FAULTS:
            self.faults.append(fault)


def check() -> Report:
    """Read the whole feed as a stranger would, without a network."""
    report = Report()
    report.schemas = official.read(report.faults)
    _root(report)
    lists = {name: _crawl(name, report) for name in schemas.OF}
    report.services = len(lists["services"])
    for name, items in lists.items():
        _details(name, items, report)
        _errors(name, report)
    _references(lists, report)
    return report


def _ask(path: str, **query: Any) -> tuple[HttpResponseBase, Any]:
    """The answer of our own view, and its JSON; None when it is none."""
    host = urlsplit(settings.WAGTAILADMIN_BASE_URL).netloc
    request = RequestFactory(REMOTE_ADDR="").get(f"/oruk/v3{path}", query, headers={"host": host})
    match = resolve(request.path_info)
    response = match.func(request, *match.args, **match.kwargs)
    try:
        return response, json.loads(response.content)
    except ValueError:
        return response, None


def _root(report: Report) -> None:
    _, body = _ask("")
    version = body.get("version") if isinstance(body, dict) else None
    report.expect(version == "HSDS-UK-3.0", f"The root says version {version}.")
    _, document = _ask("/openapi.json")
    paths = document.get("paths", {}) if isinstance(document, dict) else {}
    report.expect(len(paths) > 2 * len(schemas.OF), f"The document names {len(paths)} paths.")


def _crawl(name: str, report: Report) -> dict[str, dict[str, Any]]:
    """Every item of a list, by its id."""
    found: dict[str, dict[str, Any]] = {}
    number, pages, total, rows = 1, 1, 0, 0
    while number <= pages:
        response, page = _ask(f"/{name}", page=number, per_page=PAGE)
        if not isinstance(page, dict) or "contents" not in page:
            report.expect(False, f"{name}, page {number}: answers {response.status_code}.")
            break
        pages, total = page["total_pages"], page["total_items"]
        _is_official(report, f"/{name}", page, f"{name}, page {number}")
        is_readable = response.headers.get("Access-Control-Allow-Origin") == "*"
        report.expect(is_readable, f"{name}, page {number}: other sites cannot read it.")
        is_last = page["last_page"] == (number >= pages)
        report.expect(is_last, f"{name}, page {number}: last_page is wrong.")
        rows += len(page["contents"])
        found |= {item["id"]: item for item in page["contents"]}
        number += 1
    report.expect(rows == len(found) == total, f"{name}: {rows} of {total}, {len(found)} ids.")
    for key, item in found.items():
        _fits(schemas.OF[name][0], item, f"{name}, item {key}", report)
    return found


def _details(name: str, items: dict[str, dict[str, Any]], report: Report) -> None:
    keys = list(items)
    for key in keys[:: max(len(keys) // SAMPLE, 1)]:
        response, body = _ask(f"/{name}/{key}")
        if response.status_code != 200 or not isinstance(body, dict):
            report.expect(False, f"{name}/{key}: answers {response.status_code}.")
            continue
        _fits(schemas.OF[name][1], body, f"{name}/{key}", report)
        _is_official(report, f"/{name}/{{id}}", body, f"{name}/{key}")
        own = {each: body.get(each) for each in ("id", "name", "status")}
        listed = {each: items[key].get(each) for each in own}
        report.expect(own == listed, f"{name}/{key}: the list says {listed}, the detail {own}.")


def _fits(shape: type[schemas.Shape], body: dict[str, Any], where: str, report: Report) -> None:
    try:
        shape.model_validate(body)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        report.expect(False, f"{where}: {place}: {first['msg']}")
    else:
        report.expect(True, "")
    blank = next(_empty(body), "")
    report.expect(not blank, f"{where}: {blank} is empty.")


def _is_official(report: Report, path: str, body: Any, where: str) -> None:
    """Against the official schema of the path, where those are at hand."""
    if report.schemas:
        fault = report.schemas.fault(path, body)
        report.expect(not fault, f"{where}, by the official schema: {fault}")


def _empty(value: Any, path: str = "") -> Iterator[str]:
    """Where something is null or empty, which the standard wants left out."""
    if value in (None, "", [], {}):
        yield path.removeprefix(".")
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from _empty(inner, f"{path}.{name}")
    elif isinstance(value, list):
        for inner in value:
            yield from _empty(inner, path)


def _errors(name: str, report: Report) -> None:
    for path, query, status in (
        (f"/{name}/{uuid4()}", {}, 404),
        (f"/{name}", {"no_such_parameter": "1"}, 422),
        (f"/{name}", {"page": "999999"}, 200),
    ):
        response, body = _ask(path, **query)
        is_right = response.status_code == status and isinstance(body, dict)
        report.expect(is_right, f"{path} {query}: answers {response.status_code}, not {status}.")


def _references(lists: dict[str, dict[str, Any]], report: Report) -> None:
    """Whatever an item names by its id, at any depth, is itself listed."""
    for name, items in lists.items():
        lost: dict[tuple[str, str], set[str]] = {}
        for item in (*items.values(), *_whole(name, len(items))):
            for own, of, key in _named(item):
                found = lost.setdefault((own, of), set())
                if key not in lists[of]:
                    found.add(key)
        for (own, of), keys in lost.items():
            some = ", ".join(sorted(keys)[:3])
            report.expect(not keys, f"{name}: {own} {some} is not in {of}.")


def _whole(name: str, many: int) -> Iterator[dict[str, Any]]:
    """Items with everything that is nested in them, where a list gives them; of a large one some
    pages from its beginning to its end."""
    if "full" not in BY_NAME[name].parameters:
        return
    pages = ceil(many / PAGE)
    for number in range(1, pages + 1, max(pages // MOST_WHOLE_PAGES, 1)):
        _, page = _ask(f"/{name}", full="true", page=number, per_page=PAGE)
        if isinstance(page, dict):
            yield from page.get("contents", [])


def _named(value: Any) -> Iterator[tuple[str, str, str]]:
    """What is named by an id: by which field, of which list, and the id."""
    for name, inner in value.items() if isinstance(value, dict) else ():
        if name in REFERENCES and isinstance(inner, str):
            yield name, REFERENCES[name], inner
        for each in inner if isinstance(inner, list) else [inner]:
            if isinstance(each, dict):
                if name in NESTED:
                    yield f"{name}.id", NESTED[name], str(each.get("id"))
                yield from _named(each)
