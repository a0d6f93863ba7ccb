"""Imports from feeds, by the clock and by hand. Each is a Run: read page by page, bounded in time,
gone on with by whoever comes next. What a feed has no more is asked about, never deleted."""

import logging
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, Protocol

from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django_q.tasks import async_task

from accounts import letters
from accounts.clock import now
from accounts.import_report import Fault, shown
from accounts.models import User

from . import noting
from .importing import ServiceImport
from .incoming import text
from .models import Run, Service, Source, SourceRecord

log = logging.getLogger("waymark.directory")
MOST_PROBLEMS = 200
SECONDS = 40.0  # of one call: a task has sixty
SMALL = 0.7  # of the services of the last complete run: fewer, and something is wrong with the feed
BELIEVED = 3  # runs that find as few: the feed has really become smaller
GONE_AFTER = 3  # complete runs without a service
ENDED = {
    "inactive": "Its source says that it does not run now",
    "defunct": "Its source has closed it for good",
}
KEPT = timedelta(days=400)
STANDS_STILL = timedelta(days=1)
S = Run.State


class Page(Protocol):
    """One page of a feed's list: what it names, and in full what is new or has changed."""

    @property
    def number(self) -> int: ...
    @property
    def total(self) -> int | None:
        """How many pages the feed says there are."""

    @property
    def items(self) -> int | None:
        """How many services it says there are."""

    @property
    def listed(self) -> Mapping[str, str]:
        """The ids at the source, and how the list dates or describes each."""

    @property
    def records(self) -> Sequence[dict[str, Any]]: ...
    @property
    def problems(self) -> Sequence[tuple[str, str]]:
        """Ids, each with a sentence."""

    @property
    def is_whole(self) -> bool:
        """False where time was over on the way: the next call reads the rest of it."""


class Crawl(Protocol):
    """The pages from one on. `why`, after the last: what made it less than the whole feed."""

    @property
    def why(self) -> str: ...
    @property
    def requests(self) -> int:
        """How often it has asked so far."""

    def __iter__(self) -> Iterator[Page]: ...


Open = Callable[[Run, Mapping[str, str]], Crawl]


class CannotRead(Exception):
    """The feed cannot be read at all; the message is a sentence for an editor."""


class Tally:
    """What one page did, as `ServiceImport` counts it."""

    def __init__(self) -> None:
        self.added = self.changed = self.unchanged = self.rejected = 0
        self.problems: list[dict[str, str]] = []

    def skip(self, why: str) -> None:
        """Left out on purpose."""
        self.reject(0, [Fault("", f"It was left out: {why}.", "")])

    def reject(self, line: int, faults: Sequence[Fault]) -> None:
        self.rejected += 1
        for fault in faults:
            self.problems.append(
                {"record": fault.column, "words": f"{fault.what} {fault.remedy}".strip()}
            )


def due() -> list[Source]:
    """The feeds whose turn it is."""
    sources = Source.objects.exclude(url="").filter(is_paused=False)
    return [source for source in sources if _is_due(source)]


def _is_due(source: Source) -> bool:
    last = source.runs.filter(is_dry=False).first()
    return last is None or last.started_at <= now() - timedelta(days=source.every_days)


def begin(source: Source, *, is_dry: bool = False) -> Run:
    """A run of this source, or the one that runs already."""
    try:
        with transaction.atomic():
            return Run.objects.create(source=source, is_dry=is_dry)
    except IntegrityError:
        return Run.objects.get(source=source, state=S.RUNNING)


def go_on(run: Run, open_feed: Open, *, seconds: float = SECONDS) -> None:
    """Take page after page until the time is over or the feed is. One process at a time does."""
    with _alone(run) as is_mine:
        if not is_mine:
            return
        run.refresh_from_db()
        if run.state != S.RUNNING:
            return
        end, asked = time.monotonic() + seconds, run.requests
        try:
            crawl = open_feed(run, _known(run))
            taker = _taker(run)
            for page in crawl:
                run.requests = asked + crawl.requests
                # What a dry run has taken back, the next page must not build upon.
                taker = _taker(run) if run.is_dry else taker
                _take(run, taker, page)
                if time.monotonic() > end or not page.is_whole:
                    return
        except CannotRead as error:
            _end(run, S.FAILED, str(error))
            return
        run.requests = asked + crawl.requests
        _finish(run, crawl.why)


@contextmanager
def _alone(run: Run) -> Iterator[bool]:
    """A lock that goes with the connection, and so with a process that is killed."""
    key = run.pk.int % 2**63
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [key])
        is_mine = bool(cursor.fetchone()[0])
        try:
            yield is_mine
        finally:
            if is_mine:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [key])


def _of(run: Run) -> QuerySet[SourceRecord]:
    """The services that we have from its source."""
    return SourceRecord.objects.filter(source=run.source, kind=SourceRecord.Kind.SERVICE)


def _known(run: Run) -> Mapping[str, str]:
    """How the feed's list described what we have of it."""
    return dict(_of(run).values_list("source_key", "listed_as"))


def _taker(run: Run) -> ServiceImport:
    source = run.source
    return ServiceImport(source, Tally(), publish=source.publishes, stub=source.url)


def _take(run: Run, taker: ServiceImport, page: Page) -> None:
    """One page, whole or not at all: what it brings and that it is done."""
    taker.report = tally = Tally()
    taker.held.clear()
    taker.changes.clear()
    taker.reading.left_out.clear()
    with transaction.atomic():
        for number, record in enumerate(page.records, 1):
            _take_one(taker, tally, number, record)
        known = _of(run).filter(source_key__in=page.listed)
        for row in known.only("source_key", "listed_as"):
            row.listed_as, row.seen_in, row.missed = page.listed[row.source_key][:64], run, 0
            row.save(update_fields=["listed_as", "seen_in", "missed"])
        _count(run, tally, page)
        run.left_out = dict(Counter(run.left_out) + taker.reading.left_out)
        run.held += taker.held.total()
        # A dry run meets what its pages share on each of them, as if it were new.
        new = [each for each in taker.changes if each not in run.changes]
        run.changes = [*run.changes, *new][: noting.MOST]
        run.page = page.number if page.is_whole else page.number - 1
        run.pages, run.items = page.total or run.pages, page.items or run.items
        run.touched_at = now()
        if run.is_dry:
            transaction.set_rollback(True)
        else:
            run.save()
    if run.is_dry:
        run.save()


def _take_one(taker: ServiceImport, tally: Tally, number: int, record: dict[str, Any]) -> None:
    """A record that the database refuses must not stop the others."""
    try:
        with transaction.atomic():
            taker.take(number, record)
    except DatabaseError as error:
        taker.forget()  # what the record brought has gone with it
        label = f"Record {shown(text(record.get('id')))} was refused"
        fault = Fault("", f"{label} ({type(error).__name__}).", "Ask the publisher to correct it.")
        tally.reject(number, [fault])


def _count(run: Run, tally: Tally, page: Page) -> None:
    run.seen += len(page.listed)
    run.added += tally.added
    run.changed += tally.changed
    run.rejected += tally.rejected + len(page.problems)
    run.unchanged += max(len(page.listed) - len(page.records) - len(page.problems), 0)
    run.unchanged += tally.unchanged
    told = [*tally.problems, *({"record": key, "words": words} for key, words in page.problems)]
    run.problems = [*run.problems, *told][:MOST_PROBLEMS]


def _finish(run: Run, why: str) -> None:
    """The feed has been read to its end, if nothing is in the way."""
    ended = run.source.runs.filter(is_dry=False).exclude(state__in=(S.RUNNING, S.FAILED))
    before = ended.filter(state=S.COMPLETE).first()
    if not why and before and _is_small(run, before, ended):
        why = f"The feed listed {run.seen:,} services; the time before it were {before.seen:,}."
    if not why and not run.is_dry:
        _miss(run)
    if not run.is_dry and (run.added or run.changed):
        async_task("cms.tasks.find_duplicates")
    _end(run, S.PARTIAL if why else S.COMPLETE, why)


def _is_small(run: Run, before: Run, ended: QuerySet[Run]) -> bool:
    """Far fewer than before, unless the last runs found as few: then it has become smaller."""
    if run.seen >= SMALL * before.seen:
        return False
    last = list(ended.values_list("seen", flat=True)[: BELIEVED - 1])
    alike = [seen for seen in last if SMALL * run.seen <= seen <= run.seen / SMALL]
    return len(alike) < BELIEVED - 1


def _miss(run: Run) -> None:
    """Count a complete run against whatever it did not list."""
    _of(run).exclude(seen_in=run).update(missed=F("missed") + 1)


def _end(run: Run, state: Run.State, why: str) -> None:
    run.state, run.why, run.ended_at = state, why[:300], now()
    run.touched_at = run.ended_at
    run.save()
    if state != S.COMPLETE:
        log.warning("import_not_whole source=%s state=%s", run.source.code, state)
        _tell(run)


def _tell(run: Run) -> None:
    """Whoever looks after the source; the page of the run says more."""
    if run.is_dry or not run.source.owner_email:
        return
    link = letters.link_to(reverse("directory_import", args=[run.pk]))
    words = f"The import from {run.source.name} was not whole.\n\n{run.why}\n\n{link}\n"
    try:
        letters.deliver("An import was not whole", words, to=run.source.owner_email)
    except letters.NotSent as error:
        log.warning("import_not_told source=%s error=%s", run.source.code, error)


def gone() -> QuerySet[SourceRecord]:
    """Services that their source has not listed for so long that a person should look, or that it
    says it does not run, and that are shown here nonetheless."""
    is_here = Q(service__live=True) | Q(service__has_unpublished_changes=True)
    has_ended = Q(status_there__in=ENDED, is_kept=False, service__live=True)
    return SourceRecord.objects.filter(
        has_ended | (is_here & Q(missed__gte=GONE_AFTER)), kind=SourceRecord.Kind.SERVICE
    ).exclude(service__status="closed")


def why_gone(record: SourceRecord) -> str:
    """As an editor reads it."""
    if record.missed >= GONE_AFTER:
        return "Its source does not list it any more"
    return ENDED.get(record.status_there, "")


@transaction.atomic
def close(record: SourceRecord, *, by: User) -> None:
    """It is gone: closed for good here too, and told to the readers of our feed."""
    keep(record)
    if record.service is None:
        return
    service = Service.objects.get(pk=record.service_id)  # not a draft that nobody has approved
    service.status = Service.Status.CLOSED
    service.save_revision(user=by, clean=False).publish(user=by)


@transaction.atomic
def take_off(record: SourceRecord, *, by: User) -> None:
    """It does not run now: off the public site until an editor publishes it again."""
    keep(record)
    if record.service is not None:
        Service.objects.get(pk=record.service_id).unpublish(user=by)


def keep(record: SourceRecord) -> None:
    """Somebody has looked, and it is still there. The counting begins again."""
    SourceRecord.objects.filter(pk=record.pk).update(missed=0, is_kept=True)


def alarm() -> str:
    """A sentence for the editors while the last import of a source was not whole."""
    broken = [
        source.name
        for source in Source.objects.exclude(url="").filter(is_paused=False)
        if (last := source.runs.exclude(state=S.RUNNING).first()) and last.state != S.COMPLETE
    ]
    return f"The last import was not whole: {', '.join(broken)}." if broken else ""


def give_up() -> None:
    """A run that nobody could go on with for a day has failed."""
    for run in Run.objects.filter(state=S.RUNNING, touched_at__lt=now() - STANDS_STILL):
        _end(run, S.FAILED, "It stood still for a day.")


def forget() -> int:
    """Runs that nobody needs to look at any more."""
    return Run.objects.filter(ended_at__lt=now() - KEPT).delete()[0]
