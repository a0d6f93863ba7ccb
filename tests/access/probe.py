"""Asks the site what the table asks, as somebody, and says in sentences what was answered wrongly."""

import io
import logging
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.http.response import HttpResponseBase
from django.template import engines
from django.urls import reverse
from pypdf import PdfReader

from tests.access import canaries
from tests.access.grammar import TWINS, Ask, Row
from tests.access.sample import asks
from tests.access.stage import HALF, NOBODY, STRANGER, Stage
from tests.thorough import THOROUGH

# Rows that reading may leave behind: who has looked, and the session.
LEFT_BY_READING = {"casework_viewing", "accounts_session"}
DOORS = ("/sign-in/", "/verify/", "/account/confirm/", "/account/phone/")
_TOKEN = re.compile(r'(name="csrfmiddlewaretoken" value=")[^"]*')
_REFERENCE = re.compile(r"[CDFGHJKMNPQRTVWXY234679]{3}-[CDFGHJKMNPQRTVWXY234679]{3}")


@dataclass(frozen=True)
class Answer:
    """What came back, as far as it can be compared and searched."""

    status: int
    text: str
    location: str
    headers: str
    trouble: str = ""

    @property
    def same(self) -> tuple[int, str, str]:
        """Without what differs between any two answers: tokens and references."""
        return self.status, normalised(self.text), normalised(self.location)


def normalised(text: str) -> str:
    return _REFERENCE.sub("REF-REF", _TOKEN.sub(r"\1", text))


def answer(response: HttpResponseBase) -> Answer:
    found: Any = response
    body = b"".join(found.streaming_content) if found.streaming else found.content
    trouble = getattr(found, "exc_info", None)
    return Answer(
        found.status_code,
        _text(body, found.headers.get("Content-Type", "")),
        found.headers.get("Location", ""),
        " ".join(f"{name}: {value}" for name, value in found.headers.items()),
        f"{trouble[0].__name__}: {trouble[1]}" if trouble else "",
    )


def _text(body: bytes, kind: str) -> str:
    """The words of an answer: of a PDF its pages and its metadata."""
    if not kind.startswith("application/pdf"):
        return body.decode("utf-8", "replace")
    pdf = PdfReader(io.BytesIO(body))
    return "\n".join([str(pdf.metadata), *(page.extract_text() for page in pdf.pages)])


def rows_of_all_tables() -> dict[str, Any]:
    """A fingerprint of every table: how many rows, and which version of each."""
    tables = sorted(set(connection.introspection.table_names()) - LEFT_BY_READING)
    each = " UNION ALL ".join(
        f"SELECT '{table}', count(*), sum(hashtext(ctid::text || xmin::text)) FROM \"{table}\""  # noqa: S608
        for table in tables
    )
    with connection.cursor() as cursor:
        cursor.execute(each)
        return {table: (count, print_) for table, count, print_ in cursor.fetchall()}


class Probe:
    """One person's walk through the whole table."""

    def __init__(self, stage: Stage, who: str) -> None:
        self.stage, self.who = stage, who
        self.client = stage.client(who)
        self.violations: list[str] = []
        self.found: set[str] = set()
        self._missing: dict[str, Answer] = {}

    def url(self, row: Row, thing: str) -> str:
        if row.path:
            return row.path
        kwargs = row.family.kwargs(self.stage, thing) if row.family else {}
        return reverse(row.name, kwargs={**kwargs, **row.extra})

    def ask(self, method: str, url: str, **options: Any) -> Answer:
        send = getattr(self.client, method.lower())
        with wagtails_own(url):
            return answer(send(url, **options))

    def read(self, rows: Sequence[Row], *, full: bool = THOROUGH) -> None:
        """Every GET of the table; nothing may change but what reading leaves behind."""
        before = rows_of_all_tables()
        wanted = asks(rows, self.who, "GET", full=full)
        for each in wanted:
            self.check(each, self.ask("GET", self.url(each.row, each.thing) + each.query))
        if rows_of_all_tables() != before:
            self.violations += self._name_the_writers(wanted)

    def _name_the_writers(self, wanted: Iterable[Ask]) -> list[str]:
        found = []
        for each in wanted:
            before = rows_of_all_tables()
            self.ask("GET", self.url(each.row, each.thing) + each.query)
            after = rows_of_all_tables()
            changed = sorted(name for name in before if before[name] != after[name])
            if changed:
                found.append(f"{self.who}: {each} wrote to {', '.join(changed)}")
        return found or [f"{self.who}: some GET wrote, once, to a table"]

    def act(self, rows: Sequence[Row]) -> None:
        """Every POST of the table. What is let in is undone at once; what is refused must change nothing."""
        before = rows_of_all_tables()
        for each in asks(rows, self.who, "POST"):
            with transaction.atomic():
                given = self.ask("POST", self.url(each.row, each.thing))
                self.stage.come_back(self.client, self.who)  # whatever was signed out
                if given.status in (200, 302):
                    transaction.set_rollback(True)
            self.check(each, given)
        after = rows_of_all_tables()
        if changed := sorted(name for name in before if before[name] != after[name]):
            self.violations.append(f"{self.who}: a refused POST changed {', '.join(changed)}")

    def check(self, asked: Ask, given: Answer) -> None:
        if wrong := self._wrong(asked, given):
            self.violations.append(f"{self.who}: {asked} {wrong}")
        self._look_for_canaries(asked, given)

    def _wrong(self, asked: Ask, given: Answer) -> str:
        door = self.door(asked)
        if door:
            is_there = given.status == 302 and given.location.split("?")[0] in door
            return "" if is_there else f"was {given.status}, not the door {given.trouble}"
        expected = {403} if self.has_no_role(asked) else asked.expected
        if given.status not in expected:
            wanted = " or ".join(map(str, sorted(expected)))
            return f"was {given.status}, not {wanted} {given.trouble}{given.location}"
        if given.status == 302 and not asked.row.opens_doors and given.location.startswith(DOORS):
            return "was sent to the door"
        if given.status == 404 and asked.is_out_of_sight:
            return self._differs_from_missing(asked, given)
        return ""

    def door(self, asked: Ask) -> set[str]:
        """Where somebody who is not wholly signed in has to be sent; nowhere when the page is public."""
        if asked.row.public or asked.is_named:
            return set()
        if self.who == STRANGER:
            return {"/sign-in/"}
        return {"/verify/", "/account/phone/"} if self.who == HALF else set()

    def has_no_role(self, asked: Ask) -> bool:
        """Whoever holds no role gets nothing but their own account, and what is public."""
        return self.who == NOBODY and not (asked.row.public or asked.is_named)

    def _differs_from_missing(self, asked: Ask, given: Answer) -> str:
        """Not yours and not there look the same (security §2)."""
        family = asked.row.family
        assert family is not None
        place = asked.row.name.split(":")[0]  # the menu marks where one is
        key = f"{place} {family.name}"
        if key not in self._missing:
            url = reverse(asked.row.name, kwargs={**family.missing, **asked.row.extra})
            self._missing[key] = self.ask(asked.method, url)
        missing = self._missing[key]
        return "" if given.same == missing.same else "differs from the 404 of one that is not there"

    def _look_for_canaries(self, asked: Ask, given: Answer) -> None:
        for canary in canaries.ALL:
            where = "text" if canary.word in given.text else ""
            where = "headers" if canary.word in given.headers else where
            if not where:
                continue
            self.found.add(canary.word)
            if not canary.may_be_read_by(self.who):
                self.violations.append(f"{self.who}: {asked} leaks {canary.word} in its {where}")
            elif canary in canaries.SHOWN_BY_AN_ACT and not self._is_shown_by_an_act(asked):
                self.violations.append(f"{self.who}: {asked} shows a protected address")

    def _is_shown_by_an_act(self, asked: Ask) -> bool:
        return asked.row.name == "referrals:address" and asked.method == "POST"

    def control(self, *, by_act: bool) -> None:
        """The probe can see: what this person is there to read was found."""
        if self.who in TWINS:  # asked too little to find everything
            return
        wanted = [each for each in canaries.ALL if (each in canaries.SHOWN_BY_AN_ACT) == by_act]
        for canary in wanted:
            if canary.must_be_found_by(self.who) and canary.word not in self.found:
                self.violations.append(f"{self.who}: never found {canary.word}, theirs to read")


@contextmanager
def wagtails_own(url: str) -> Iterator[None]:
    """Wagtail's templates lean on undefined variables being empty, which ours may not."""
    engine = engines["django"].engine
    before = engine.string_if_invalid
    engine.string_if_invalid = "" if url.startswith("/editor/") else before
    try:
        yield
    finally:
        engine.string_if_invalid = before


class Ear(logging.Handler):
    """Hears every line that is logged, and keeps it from all other handlers: tracebacks take long."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        what = record.exc_info[1] if record.exc_info else ""
        self.lines.append(f"{record.getMessage()} {what!r}")


@contextmanager
def heard() -> Iterator[Ear]:
    ear, root = Ear(), logging.getLogger()
    before, root.handlers = root.handlers, [ear]
    try:
        yield ear
    finally:
        root.handlers = before


def walk(
    stage: Stage, who: str, rows: Sequence[Row], *, method: str = "GET", full: bool = THOROUGH
) -> list[str]:
    """Everything that was answered wrongly to somebody by one method, one sentence each."""
    probe = Probe(stage, who)
    with heard() as ear:
        if method == "GET":
            probe.read(rows, full=full)
        else:
            probe.act(rows)
    probe.control(by_act=method == "POST")
    told = "\n".join(ear.lines)
    logged = [canary.word for canary in canaries.ALL if canary.word in told]
    return probe.violations + [f"{who}: the log says {word}" for word in logged]
