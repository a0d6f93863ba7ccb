"""The timeline: what happened to a case, in sentences, with the words that the reader may see."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from django.db.models import Exists, OuterRef

from accounts.models import User

from .models import Event, Note, Reason
from .models.events import EventQuerySet
from .models.notes import Band
from .workflow import transitions_of

if TYPE_CHECKING:
    from .models import Case

PAGE = 25
_OF_NOTES = {
    "open": "started this",
    "edit": "changed what is written",
    "escalate": "told that this is late",
    "hand_over": "handed this to somebody else",
}
# Whom a step up tells, by the word in the kind's `LADDER` (`escalation.PEOPLE`).
_RUNGS = {
    "holders": "whoever has it",
    "superiors": "whom they report to",
    "deputy": "the deputy",
    "coordinators": "the coordinators",
    "managers": "the programme managers",
}
_BANDS_OF_NOTES: dict[str, str] = {}


def register(words: dict[str, str], *, band: str = Band.SHARED) -> None:
    """Add the words of an app's own notes, by their names or as `kind.name`, and the band of those
    who learn of them. Called as it starts."""
    _OF_NOTES.update(words)
    _BANDS_OF_NOTES.update({key.rpartition(".")[2]: band for key in words if band != Band.SHARED})


@dataclass(frozen=True)
class Entry:
    """One line: when, who, what they did, and words in bands that the reader may see."""

    at: datetime
    who: str
    did: str
    words: list[str] = field(default_factory=list)
    note: Note | None = None


def entries(case: "Case", *, by: User, page: int = 1) -> tuple[list[Entry], bool]:
    """A page of the timeline, newest first, and whether older entries follow."""
    bands = case.bands_for(by)
    until = page * PAGE + 1
    events = list(_events(case, bands).order_by("-sequence")[:until])
    notes = list(
        Note.objects.filter(case_kind=case.KIND, case_id=case.pk, band__in=bands)
        .select_related("author")
        .order_by("-happened_at", "pk")[:until]
    )
    lines = sorted(
        _of_events(case, events, bands) + [_of_note(note) for note in notes],
        key=lambda entry: entry.at,
        reverse=True,
    )
    begin = (page - 1) * PAGE
    return lines[begin : begin + PAGE], len(lines) > begin + PAGE


def notes(case: "Case", *, by: User, page: int = 1) -> tuple[list[Any], bool]:
    """A page of the notes in bands that this person may read, newest first, and whether older ones
    follow; each knows as `is_corrected` whether another note corrects it."""
    begin = (page - 1) * PAGE
    found = list(
        Note.objects.filter(case_kind=case.KIND, case_id=case.pk, band__in=case.bands_for(by))
        .select_related("author", "corrects")
        .annotate(is_corrected=Exists(Note.objects.filter(corrects=OuterRef("pk"))))
        .order_by("-happened_at", "pk")[begin : begin + PAGE + 1]
    )
    return found[:PAGE], len(found) > PAGE


def since(case: "Case", *, by: User) -> list[Entry]:
    """The latest few moves: what a person who lost a race needs to know."""
    bands = case.bands_for(by)
    return _of_events(case, list(_events(case, bands).order_by("-sequence")[:3]), bands)


def _events(case: "Case", bands: set[str]) -> EventQuerySet:
    return Event.objects.of(case).exclude(name__in=hidden(case, bands))


def hidden(case: "Case", bands: set[str]) -> list[str]:
    """The moves and notes that somebody with these bands does not learn of."""
    moves = transitions_of(type(case)).items()
    of_moves = {name: group[0].custom.get("band", Band.SHARED) for name, group in moves}
    kept = {**_BANDS_OF_NOTES, **of_moves}
    return [name for name, band in kept.items() if band not in {Band.SHARED, *bands}]


def _of_note(note: Note) -> Entry:
    words = [note.fact, note.opinion] if note.opinion else [note.fact]
    did = f"wrote a note: {note.get_kind_display().lower()}"
    return Entry(note.happened_at, note.author.name, did, words, note)


def _of_events(case: "Case", events: list[Event], bands: set[str]) -> list[Entry]:
    names = _names({event.actor_id for event in events if event.actor_id})
    words = _words(case, events, bands)
    return [
        Entry(
            event.at,
            names.get(event.actor_id, "Waymark") if event.actor_id else "Waymark",
            _did(case, event),
            words.get(event.sequence, []),
        )
        for event in events
    ]


def _did(case: "Case", event: Event) -> str:
    """What a move did, as the end of a sentence that begins with a name. A move of this kind of
    case goes before a note of the same name that another app has."""
    if event.name == "escalate" and (step := event.detail.get("step")):
        return f"told {_RUNGS[case.LADDER[step - 1]]} that this is late"
    name = event.name
    if group := transitions_of(type(case)).get(name):
        return cast(str, group[0].custom.get("did") or name.replace("_", " "))
    said = _OF_NOTES.get(f"{case.KIND}.{name}") or _OF_NOTES.get(name)
    return said or name.replace("_", " ")


def _names(ids: set[uuid.UUID]) -> dict[uuid.UUID | None, str]:
    return dict(User.objects.filter(pk__in=ids).values_list("pk", "name"))


def _words(case: "Case", events: list[Event], bands: set[str]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for reason in Reason.objects.filter(
        case_kind=case.KIND,
        case_id=case.pk,
        sequence__in=[event.sequence for event in events],
        band__in=bands,
    ):
        found.setdefault(reason.sequence, []).append(reason.text)
    return found
