"""What people look for in the directory, and what of it they do not find (docs/adr/0008).

A search is noted in the memory of its process, because reading a page writes nothing; within a
minute what was noted is added up and written, without who asked, from where exactly or what else
they asked for.
"""

import logging
import re
import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import NamedTuple

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import Q, Sum
from django.utils.crypto import salted_hmac

from accounts.clock import now, today

from . import words
from .asking import Question
from .models import Demand, TaxonomyTerm, UnknownWord
from .models.demand import ENOUGH, Slot, oldest_kept
from .plain import fold

log = logging.getLogger("waymark.directory")
MOST_WAITING = 5_000  # searches; what a flood brings beyond is not counted
FEW = 5
_NO_WORD = re.compile(r"\S*[\d@]\S*")  # numbers, postcodes, addresses


class Noted(NamedTuple):
    """One search, as it waits in memory."""

    hour: datetime
    district: str
    found: str
    marks: frozenset[str]
    words: frozenset[str]


_waiting: list[Noted] = []
_lock = threading.Lock()


def note(question: Question, total: int) -> None:
    """Remember that this was asked; the list unfiltered, in another order or further on is not."""
    search = question.search
    if search.page > 1 or search.sort or not (search.filters or search.place):
        return
    noted = Noted(
        hour=now().replace(minute=0, second=0, microsecond=0),
        district=_district(question),
        found=_band(total),
        marks=frozenset(_marks(question)),
        words=frozenset(_words(question, total)),
    )
    with _lock:
        if len(_waiting) < MOST_WAITING:
            _waiting.append(noted)
        is_first = len(_waiting) == 1
    if is_first and settings.DEMAND_WAITS_SECONDS:
        timer = threading.Timer(settings.DEMAND_WAITS_SECONDS, _write_apart)
        timer.daemon = True
        timer.start()


def _district(question: Question) -> str:
    """The code of the district asked about; never the place or the postcode itself."""
    if question.asked.point is not None:
        return question.asked.point.district_code or ""
    areas = question.asked.marks.get("area", ())
    return areas[0].partition(":")[2] if len(areas) == 1 else ""


def _band(total: int) -> str:
    if not total:
        return Demand.Found.NOTHING
    return Demand.Found.FEW if total < FEW else Demand.Found.SOME


def _marks(question: Question) -> Iterator[str]:
    yield ""
    for name, marks in question.asked.marks.items():
        if name != "area":
            yield from marks
    if group := question.search.age_group:
        yield group.mark


def _words(question: Question, total: int) -> Iterable[str]:
    """Folded, and as they were understood, with misspellings put right; where that found nothing,
    as they were typed, for then something else was meant."""
    understood = question.asked.heard.queries[:1] if total else ()
    text = "".join(understood) or fold(question.search.q)
    return words.LETTERS.findall(_NO_WORD.sub(" ", text))


# Writing -------------------------------------------------------------------------------------
def write() -> int:
    """Add up what is waiting and write it. Counts the searches."""
    with _lock:
        taken = _waiting[:]
        _waiting.clear()
    if not taken:
        return 0
    known, unknown = words.sort_out({word for each in taken for word in each.words})
    vain = {w for each in taken if each.found == Demand.Found.NOTHING for w in each.words}
    readable = known | _common(unknown & vain)
    counts: Counter[Slot] = Counter()
    for each in taken:
        marks = each.marks | {f"word:{word}" for word in each.words & readable}
        counts.update((each.hour, each.district, mark, each.found) for mark in marks)
    Demand.objects.add(counts)
    return len(taken)


def _write_apart() -> None:
    """Outside any request, on a connection that is closed again."""
    try:
        write()
    except DatabaseError as error:
        log.warning("demand_not_written error=%s", type(error).__name__)
    finally:
        connection.close()


def _common(unknown: Iterable[str]) -> set[str]:
    """Those that have now been asked for on so many days of this month that they are no name."""
    day = today()
    digests = {_digest(word, day): word for word in unknown}
    rows = [UnknownWord(digest=digest, day=day) for digest in digests]
    UnknownWord.objects.bulk_create(rows, ignore_conflicts=True)
    days = Counter(UnknownWord.objects.filter(digest__in=digests).values_list("digest", flat=True))
    return {digests[digest] for digest, many in days.items() if many >= ENOUGH}


def _digest(word: str, day: date) -> str:
    key = f"cms.directory.demand:{day:%Y-%m}"
    return salted_hmac(key, word, algorithm="sha256").hexdigest()


def add_missing(*, district: str, marks: Iterable[str]) -> None:
    """Somebody who found nothing told us what was missing."""
    hour = now().replace(minute=0, second=0, microsecond=0)
    nothing = Demand.Found.NOTHING.value
    if counts := {(hour, district, f"missing:{mark}", nothing): 1 for mark in marks}:
        Demand.objects.add(counts)


def by_district(since: datetime, until: datetime) -> dict[str, tuple[int, int]]:
    """For each district's code how many searches found nothing, and how many found something. What
    is small has to be withheld by whoever shows it."""
    found: dict[str, tuple[int, int]] = {}
    rows = Demand.objects.filter(mark="", hour__gte=since, hour__lt=until).exclude(district="")
    in_vain = Q(found=Demand.Found.NOTHING)
    counted = rows.values_list("district").annotate(
        vain=Sum("count", filter=in_vain, default=0), rest=Sum("count", filter=~in_vain, default=0)
    )
    for district, vain, rest in counted.order_by("district"):
        found[district] = (vain, rest)
    return found


def by_need(since: datetime, until: datetime) -> list[tuple[str, int, int]]:
    """Of each need its name, how many searches for it found nothing, and how many people told us
    that it was missing; the most first. Needs that fewer than enough asked for are left out."""
    rows = Demand.objects.filter(hour__gte=since, hour__lt=until).in_vain()
    many = {row["mark"]: row["many"] for row in rows.by("mark")}
    needs = TaxonomyTerm.objects.of("need").current()
    found = [
        (term.name, many.get(f"need:{term.code}", 0), many.get(f"missing:{term.code}", 0))
        for term in needs
    ]
    asked = (row for row in found if row[1] or row[2])
    return sorted(asked, key=lambda row: (-row[1] - row[2], row[0]))


def forget() -> int:
    """Delete what is older than 13 months, and the hashes of other months. Counts both."""
    gone = Demand.objects.filter(hour__lt=oldest_kept()).delete()[0]
    return gone + UnknownWord.objects.filter(day__lt=today().replace(day=1)).delete()[0]
