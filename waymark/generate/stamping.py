"""Copies of a story's rows: read once as text of COPY, cut at what differs from copy to copy, and
put together again with other ids, people, names and times. Each chain is hashed anew."""

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from operator import itemgetter
from typing import Any

from django.db import connection, models

from accounts.models import Area, Organisation, User
from casework.calendar import LONDON
from casework.models import Event, Message, Reason
from referrals.models import (
    Agreement,
    Assignment,
    Concern,
    Education,
    HomeAddress,
    InfoRequest,
    Need,
    Programme,
    Referral,
    Risk,
    Support,
    YoungPerson,
)

from .stories import MARKS, Cast

# In the order of their foreign keys. What was answered is left out of referrals that are over.
ANSWERS = (Agreement, Need, Risk, Education, Support)
TABLES: tuple[type[models.Model], ...] = (
    *(YoungPerson, HomeAddress, Referral, *ANSWERS),
    *(Assignment, InfoRequest, Concern, Event, Reason, Message),
)
_ID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_DAY = r"\d{4}-\d\d-\d\d"
_TIME = rf"{_DAY}[ T]\d\d:\d\d:\d\d(?:\.\d+)?\+00(?::00)?"
_REFERENCE = r"\b[2-9A-Z]{3}-[2-9A-Z]{3}\b"
_HASH = r"\b[0-9a-f]{64}\b"


@dataclass(frozen=True)
class Line:
    """Text with gaps: `gaps` are the places of the values that fill `words`."""

    words: str
    gaps: tuple[int, ...]

    def fill(self, values: Sequence[str]) -> str:
        return self.words % self._pick(values)

    @cached_property
    def _pick(self) -> Callable[[Sequence[str]], Any]:
        if not self.gaps:
            return lambda values: ()
        return itemgetter(*self.gaps)


def columns(model: type[models.Model]) -> list[str]:
    """Those that COPY writes; a number that the database counts is left to it."""
    return [
        str(field.column)
        for field in model._meta.concrete_fields
        if not isinstance(field, models.BigAutoField)
    ]


class Stamp:
    """One story, read from the database it was played in; `gaps` lists what differs by kind:
    (kind, what it was)."""

    def __init__(self, cast: Cast, *, with_answers: bool) -> None:
        self.gaps: dict[tuple[str, str], int] = {}
        self.cast = cast
        self._fixed = _standing()
        self._dues: set[str] = set()
        self._marks = _marks(cast)
        self._token = re.compile(
            "|".join([_ID, _TIME, _DAY, _REFERENCE, _HASH, *map(re.escape, self._marks)])
        )
        self._read_dues()
        self.bodies = self._read_chains()
        left_out = () if with_answers else ANSWERS
        self.rows = {model: self._read(model) for model in TABLES if model not in left_out}
        self.rows = {model: line for model, line in self.rows.items() if line.words}

    def _read_dues(self) -> None:
        """Moments at which a clock runs out: they stay at five in the afternoon."""
        for moment in Event.objects.exclude(due_at=None).values_list("due_at", flat=True):
            if moment is not None:
                self._dues.add(moment.astimezone(UTC).isoformat(timespec="microseconds"))

    def _read_chains(self) -> list[tuple[Line, int]]:
        """What each Event's hash is taken over, and the gap that the hash fills."""
        chains = []
        for event in Event.objects.order_by("case_kind", "case_id", "sequence"):
            body = self._cut(event.body())
            chains.append((body, self._gap("hash", event.hash)))
        return chains

    def _read(self, model: type[models.Model]) -> Line:
        names = ", ".join(f'"{column}"' for column in columns(model))
        order = "case_kind, case_id, sequence" if model is Event else "1"
        where = ""
        if model is Message:  # letters to those who are not of the cast would multiply
            kept = ", ".join(f"'{user.pk}'" for user in self.cast.users().values())
            where = f"WHERE recipient_id IN ({kept})"
        query = f'SELECT {names} FROM "{model._meta.db_table}" {where} ORDER BY {order}'  # noqa: S608  names of our own tables
        with (
            connection.cursor() as cursor,
            cursor.cursor.copy(f"COPY ({query}) TO STDOUT") as copy,
        ):
            return self._cut(b"".join(bytes(part) for part in copy).decode())

    def _cut(self, text: str) -> Line:
        words, gaps, end = [], [], 0
        for found in self._token.finditer(text):
            gap = self._place(found[0])
            if gap is None:
                continue
            words += [text[end : found.start()].replace("%", "%%"), "%s"]
            gaps.append(gap)
            end = found.end()
        words.append(text[end:].replace("%", "%%"))
        return Line("".join(words), tuple(gaps))

    def _place(self, token: str) -> int | None:
        """The gap of a token; None when it is the same in every copy."""
        if token in self._marks:
            return self._gap(*self._marks[token])
        if token in self._fixed:
            return None
        if re.fullmatch(_ID, token):
            return self._gap("id", token)
        if re.fullmatch(_TIME, token):
            moment = datetime.fromisoformat(token).astimezone(UTC)
            stamp = moment.isoformat(timespec="microseconds")
            return self._gap("due" if stamp in self._dues else "time", stamp)
        if re.fullmatch(_DAY, token):
            return self._gap("day", token)
        return self._gap("hash" if len(token) == 64 else "reference", token)

    def _gap(self, kind: str, was: str) -> int:
        return self.gaps.setdefault((kind, was), len(self.gaps))


def _standing() -> set[str]:
    """Ids of what was there before the story."""
    found: set[str] = set()
    for model in (User, Area, Organisation, Programme):
        found |= {str(pk) for pk in model._default_manager.values_list("pk", flat=True)}
    return found


def _marks(cast: Cast) -> dict[str, tuple[str, str]]:
    """Words that stand for what a copy has of its own: kind and name."""
    marks = {
        MARKS["legal_name"]: ("name", "legal"),
        MARKS["known_as"]: ("name", "first"),
        MARKS["postcode"]: ("postcode", ""),
        MARKS["lines"]: ("street", ""),
        str(cast.area.pk): ("area", ""),
        str(cast.school.pk): ("school", ""),
    }
    for born in YoungPerson.objects.values_list("date_of_birth", flat=True):
        marks[str(born)] = ("birthday", "")
    for name, user in cast.users().items():
        marks[str(user.pk)] = ("user", name)
        marks[user.pk.hex[:12]] = ("short", name)  # as in a letter's key
    return marks


def shifted(stamp: str, weeks: int) -> datetime:
    """The same hour in London, some weeks before."""
    local = datetime.fromisoformat(stamp).astimezone(LONDON).replace(tzinfo=None)
    return (local - timedelta(weeks=weeks)).replace(tzinfo=LONDON).astimezone(UTC)


def day_before(day: str, weeks: int) -> str:
    return (date.fromisoformat(day) - timedelta(weeks=weeks)).isoformat()


def digest(body: str) -> str:
    return hashlib.sha256(body.encode()).hexdigest()
