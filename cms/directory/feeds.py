"""Reading a feed of Open Referral UK, 3.0 or 1.0, from its address: page by page, and bounded.

Addresses are built from the feed's own beginning; what a feed says that its next page is, or where
a service lies, is never followed.
"""

import hashlib
import json
import re
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from django.db.models import QuerySet

from accounts import letters

from . import legacy, runs
from .fetching import Client, Fetched, Refused, Rules, read_json
from .models import Run, SourceRecord
from .runs import CannotRead
from .said import text

PER_PAGE = 20
MOST_PAGES = 2_000
TRIES = 3
LONGEST_WAIT = 20.0  # seconds, whatever a server asks for
PAUSE = 0.1  # seconds between two requests
PATIENCE = 20.0  # seconds for one page: what is not read of it by then, the next call reads
NAME_OF_VERSION = re.compile(r"HSDS-UK-|V")
BUSY = {429, 500, 502, 503, 504}


@dataclass
class Page:
    number: int
    total: int | None
    items: int | None = None
    listed: dict[str, str] = field(default_factory=dict)
    records: list[dict[str, Any]] = field(default_factory=list)
    problems: list[tuple[str, str]] = field(default_factory=list)
    is_whole: bool = True


@dataclass(frozen=True, slots=True)
class Shape:
    """What is different between feeds: where a page's services stand, and the first number."""

    is_old: bool
    first: int


class Crawl:
    """The pages of a feed after so many. `why`: what made it less than the whole."""

    def __init__(
        self,
        stub: str,
        *,
        client: Client,
        rules: Rules,
        known: Mapping[str, str],
        done: int = 0,
        seen: Collection[str] = (),
        items: int | None = None,
        wait: Callable[[float], object] = time.sleep,
        patience: float = PATIENCE,
    ) -> None:
        self.stub, self.client, self.rules = stub.rstrip("/"), client, rules
        self.known, self.done, self.seen, self.wait = known, done, set(seen), wait
        self.patience = patience
        self.why = ""
        self.requests = 0
        self.items = items  # as the last page counted them

    def __iter__(self) -> Iterator[Page]:
        version, first = self._version(), self._first()
        shape = _shape(first, version)
        empty, number = 0, self.done
        pages = _pages(first)
        if number and pages is not None and number >= pages:
            return  # stopped after its last page, and before that was said
        while not self.why:
            number += 1
            if number > MOST_PAGES:
                self.why = f"The feed has more than {MOST_PAGES:,} pages."
                return
            found = self._list(number, shape, first)
            if found is None:
                return
            rows = _rows(found)
            page = self._page(number, found, rows, shape)
            empty = 0 if rows else empty + 1
            yield page
            if not page.is_whole:
                return
            if empty == 2 or not _goes_on(found, number, rows):
                return

    def _version(self) -> float | None:
        """Which version its root says it is, as the national validator reads it; None where the
        root fails or says none. Asked once: the first page tells as well."""
        self.wait(PAUSE)
        try:
            found = read_json(self.client.fetch(self.stub, self.rules))
        except Refused:
            return None
        said = text(found.get("version")) if isinstance(found, dict) else ""
        number = NAME_OF_VERSION.sub("", said.upper())
        return float(number) if re.fullmatch(r"\d+(\.\d+)?", number, re.ASCII) else None

    def _first(self) -> Any:
        """The first page, which tells which kind of feed it is where the root does not."""
        try:
            found = self._json(self._page_address(1))
        except Refused as error:
            raise CannotRead(f"Its list of services could not be read. {error}") from None
        if not isinstance(found, dict) or _rows(found) is None:
            raise CannotRead("It is no feed of Open Referral UK: it has no list of services.")
        return found

    def _list(self, number: int, shape: Shape, first: Any) -> Any:
        """One page of the list; None if it cannot be had, which ends the crawl."""
        wanted = number - 1 + shape.first
        if wanted == 1:
            return first
        try:
            found = self._json(self._page_address(wanted))
        except Refused as error:
            self.why = f"Page {number} could not be read. {error}"
            return None
        if not isinstance(found, dict) or _rows(found) is None:
            self.why = f"Page {number} holds no list."
            return None
        return found

    def _page(self, number: int, found: Any, rows: list[Any], shape: Shape) -> Page:
        items = _whole(found.get("total_items", found.get("totalElements")))
        page, again = Page(number, _pages(found), items), 0
        end = time.monotonic() + self.patience
        for row in rows:
            key = _key(row)
            if page.listed and time.monotonic() > end:  # one at the least, so that it gets on
                page.is_whole = False
                break
            if not key:
                page.problems.append(("", "It has no id. Ask the publisher to correct it."))
            elif key in self.seen:  # on the first page of this call they are of the call before
                again += number > self.done + 1
            elif key not in page.listed:
                self._take(page, key, row, shape)
        if again and not page.listed:
            self.why = f"Page {number} lists nothing that was not on another: it may be a loop."
        elif again:
            self.why = f"Page {number} repeats services of other pages: the feed changed meanwhile."
        self.seen |= page.listed.keys()
        if page.is_whole:
            self._compare_items(page)
        return page

    def _compare_items(self, page: Page) -> None:
        if self.items is not None and page.items != self.items and not self.why:
            self.why = (
                f"On page {page.number} the feed counted other services: it changed meanwhile."
            )
        self.items = page.items

    def _take(self, page: Page, key: str, row: dict[str, Any], shape: Shape) -> None:
        """In full what is new or has changed; one that cannot be had is tried again next time."""
        mark = text(row.get("last_modified"))[:64] or _digest(row)
        page.listed[key] = self.known.get(key, "")
        if self.known.get(key) == mark:
            return
        try:
            whole = self._json(f"/services/{quote(key, safe='')}")
        except Refused as error:
            page.problems.append((key, f"Its details could not be read. {error}"))
            return
        if not isinstance(whole, dict) or text(whole.get("id")) != key:
            page.problems.append((key, "Its details are those of another service."))
            return
        page.listed[key] = mark
        page.records.append(legacy.modern(whole) if shape.is_old else whole)

    def _page_address(self, number: int) -> str:
        return f"/services?page={number}&per_page={PER_PAGE}"

    def _json(self, path: str) -> Any:
        """What the feed says there; asked again, more and more slowly, while it is busy."""
        for turn in range(1, TRIES + 1):
            self.wait(PAUSE)
            self.requests += 1
            answer = self.client.fetch(self.stub + path, self.rules)
            if answer.status not in BUSY or turn == TRIES:
                break
            self.wait(_pause(answer, turn))
        return read_json(answer)


def _pause(answer: Fetched, turn: int) -> float:
    asked = float(answer.retry_after) if answer.retry_after.isdecimal() else 2.0**turn
    return min(asked, LONGEST_WAIT)


def _shape(first: dict[str, Any], version: float | None) -> Shape:
    is_old = version < 2 if version is not None else "totalElements" in first
    counts_from_zero = is_old and first.get("first") is False
    return Shape(is_old, 0 if counts_from_zero else 1)


def _rows(found: dict[str, Any]) -> Any:
    """The services of a page; None where there is no list. 1.0 feeds say either name."""
    rows = found.get("contents", found.get("content"))
    return rows if isinstance(rows, list) else None


def _key(row: Any) -> str:
    """The id of a row; empty where it has none that an address can hold."""
    key = text(row.get("id")) if isinstance(row, dict) else ""
    return "" if any("\ud800" <= letter <= "\udfff" for letter in key) else key


def _goes_on(found: dict[str, Any], number: int, rows: list[Any]) -> bool:
    """While the flag or the number of pages says that there is more."""
    is_last = found.get("last_page", found.get("last"))
    pages = _pages(found)
    if is_last is None and pages is None:
        return bool(rows)
    return is_last is False or (pages is not None and number < pages)


def _pages(found: dict[str, Any]) -> int | None:
    return _whole(found.get("total_pages", found.get("totalPages")))


def _whole(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def _digest(row: Any) -> str:
    return hashlib.sha256(json.dumps(row, sort_keys=True).encode()).hexdigest()


def crawl(run: Run, known: Mapping[str, str]) -> Crawl:
    """The rest of a run's feed, over the network."""
    source = run.source
    seen: QuerySet[Any] = SourceRecord.objects.filter(seen_in=run).values_list("source_key")
    return Crawl(
        source.url,
        client=Client(f"Waymark (+{letters.link_to('/')})"),
        rules=Rules(allows_http=source.allows_http),
        known=known,
        done=run.page,
        seen={key for (key,) in seen},
        items=run.items,
    )


def import_due() -> None:
    """Begin what is due, and go on with whichever import has waited longest."""
    runs.give_up()
    for source in runs.due():
        runs.begin(source)
    waiting = Run.objects.filter(state=Run.State.RUNNING).order_by("touched_at")
    if run := waiting.first():
        runs.go_on(run, crawl)
