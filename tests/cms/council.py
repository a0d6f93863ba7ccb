"""A council's directory as a feed on this machine, page by page."""

import json
from typing import Any
from urllib.parse import urlsplit

from cms.directory.feeds import Crawl
from cms.directory.fetching import Rules
from cms.directory.runs import Open
from cms.models import SourceRecord
from tests.cms.asked import Server, open_client
from tests.conftest import SHARED

FILE = SHARED / "data" / "feeds" / "bristol_services_oruk3.json"
ITEM = ("id", "name", "status", "description", "last_modified", "organization")
ROOT = {"version": "HSDS-UK-3.0", "profile": "x", "openapi_url": "x"}


def offer(server: Server) -> list[dict[str, Any]]:
    """Every service of the dump, as its publisher offers it: short in lists, whole by its id."""
    records: list[dict[str, Any]] = json.loads(FILE.read_text(encoding="utf-8"))
    short = [{name: each[name] for name in ITEM if name in each} for each in records]

    def listed(_: Any, handler: Any, query: dict[str, str]) -> dict[str, Any]:
        number, size = int(query["page"]), int(query["per_page"])
        pages = -(-len(records) // size)
        contents = short[(number - 1) * size : number * size]
        return {
            "total_items": len(records), "total_pages": pages, "page_number": number,
            "first_page": number == 1, "last_page": number >= pages, "contents": contents,
        }  # fmt: skip

    server.says("/", ROOT)
    server.says("", ROOT)
    server.says("/services", listed)
    for each in records:
        server.says(f"/services/{each['id']}", each)
    return records


def opened(url: str) -> Open:
    """Reads the feed at this address of this machine, from where its run stands."""
    port = urlsplit(url).port or 80

    def open_feed(run: Any, known: Any) -> Crawl:
        seen = SourceRecord.objects.filter(seen_in=run).values_list("source_key", flat=True)
        return Crawl(
            url,
            client=open_client(),
            rules=Rules(allows_http=True, ports=frozenset({port})),
            known=known,
            done=run.page,
            seen=set(seen),
            items=run.items,
            wait=lambda seconds: None,
        )

    return open_feed
