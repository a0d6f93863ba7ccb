"""Bringing another directory's services into ours: as drafts, with where they come from.

A run is repeatable. A record whose payload has not changed is not touched. In one that has, a field
that somebody edited here keeps what they wrote; the others follow the source.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, Protocol
from urllib.parse import quote
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.dateparse import parse_date
from wagtail.signal_handlers import disable_reference_index_auto_update

from accounts.import_report import Fault, shown
from accounts.models import Area

from . import noting
from .differences import in_words
from .following import follow, follow_venue, index
from .holding import hold
from .incoming import STATUS, Reading, Values
from .models import Location, Provider, Service, Source, SourceRecord
from .noting import Moved
from .own.drafts import held
from .plain import fold, one_line
from .said import text
from .shaped import shaped_id
from .values import apply
from .vocabularies import Vocabulary, by_words

LONGEST_KEY = 200
SHOWN = {"active", "temporarily closed"}  # of the states at the source
THERE = {
    "active": "Runs",
    "temporarily closed": "Paused",
    "inactive": "Does not run now",
    "defunct": "Closed for good",
}


def read_source(*, code: str, name: str) -> Source:
    return Source.objects.get_or_create(code=code, defaults={"name": name})[0]


class Tally(Protocol):
    """Where an import counts: the report of a command, or that of a run."""

    added: int
    changed: int
    unchanged: int

    def reject(self, line: int, faults: Sequence[Fault]) -> None: ...
    def skip(self, why: str) -> None: ...


class ServiceImport:
    """One run. `take` each record, then read `held` and `reading.left_out` for what to tell."""

    def __init__(self, source: Source, report: Tally, *, publish: bool, stub: str = "") -> None:
        """`stub`: where the feed begins; empty for a file."""
        self.source, self.report, self.publish, self.stub = source, report, publish, stub
        self.reading = Reading()
        self.held: Counter[str] = Counter()  # field edited here: how often kept
        self.changes: list[dict[str, Any]] = []  # the first ones, in words
        self.url = ""  # of the record in hand
        self.seen: set[str] = set()
        self.providers: dict[str, Provider] = {}
        self.venues: dict[str, SourceRecord] = {}
        self.known = self._known()
        self.vocabulary = Vocabulary()
        self.said_terms: list[str] = []  # of the record in hand, what is none of ours
        self.ids: dict[type[Model], set[UUID]] = {
            model: set(model._default_manager.values_list("pk", flat=True))
            for model in (Service, Provider)
        }
        own = Service.objects.exclude(source_record__source=source)
        self.own = {
            pk: (str(provider), fold(name))
            for pk, provider, name in own.values_list("pk", "provider", "provider__name")
        }
        self.areas = by_words(Area.objects.exclude(kind=Area.Kind.WARD), ("name", "code"))

    def take(self, number: int, record: Any) -> None:
        """Take one record, or report what is wrong with it and what to do."""
        faults = self._faults(record)
        if faults:
            self.report.reject(number, faults)
            return
        self.seen.add(text(record["id"]))
        key = quote(text(record["id"]), safe="", errors="replace")
        self.url = f"{self.stub.rstrip('/')}/services/{key}" if self.stub else ""
        try:
            # Wagtail would look for references after each of the several saves of a record.
            with transaction.atomic(), disable_reference_index_auto_update():
                self._take(record)
        except ValidationError as error:
            label = f"Record {shown(text(record['id']))}"
            self.report.reject(
                number,
                [
                    Fault(field, f"{label}: {' '.join(words)}", "Ask the publisher to correct it.")
                    for field, words in error.message_dict.items()
                ],
            )

    def forget(self) -> None:
        """What was read and has been taken back: all of it is read anew."""
        self.providers.clear()
        self.venues.clear()
        self.known = self._known()

    def _known(self) -> dict[tuple[str, str], SourceRecord]:
        rows = SourceRecord.objects.filter(source=self.source).defer("payload")
        return {(row.kind, row.source_key): row for row in rows}

    def _faults(self, record: Any) -> list[Fault]:
        if not isinstance(record, dict):
            return [Fault("", "The record is not an object.", "Bring a list of services.")]
        key = text(record.get("id"))
        label = f"Record {shown(key)}" if key else "The record"
        ask = "Ask the publisher to correct it."
        faults = []
        if not key or len(key) > LONGEST_KEY:
            faults.append(Fault("id", f"{label} has no id that we can keep.", ask))
        elif key in self.seen:
            faults.append(Fault("id", f"{label} comes twice.", "Keep the right one of the two."))
        if not text(record.get("name")).strip():
            faults.append(Fault("name", f"{label} has no name.", ask))
        if text(record.get("status")) not in STATUS:
            known = ", ".join(STATUS)
            faults.append(Fault("status", f"{label} has none of the states {known}.", ask))
        return faults

    def _take(self, record: dict[str, Any]) -> None:
        kind, key = SourceRecord.Kind.SERVICE, text(record["id"])
        known = self.known.get((kind, key))
        if known is None and self._is_ours(record):
            self.report.skip("they are this directory's own, come back in its feed")
            return
        if known and known.payload_hash == _digest(record):
            self.report.unchanged += 1
            return
        provider = self._provider(record)
        values = self._resolved(self.reading.service(record))
        values["provider"] = str(provider.pk)
        edited: set[str] = set()
        if known is None:
            known = SourceRecord(source=self.source, kind=kind, source_key=key)
            known.service = self._add(key, values, record["status"])
        else:
            edited = self._change(known, values, record["status"])
        known.status_there = record["status"]
        known.said_terms = self.said_terms
        self._remember(known, record, values, edited)

    def _is_ours(self, record: dict[str, Any]) -> bool:
        """Whether it is a service of this very directory that comes back from its own feed: its id
        and the id of its organisation, or that one's name, as in a table which somebody has cut
        down. Either alone may be chance, or somebody's mistake."""
        organisation = record.get("organization")
        if not isinstance(organisation, dict):
            return False
        try:
            pk = UUID(text(record["id"]))
        except ValueError:
            return False
        ours = self.own.get(pk, ())
        said = text(organisation.get("id")).lower(), fold(one_line(text(organisation.get("name"))))
        return any(word in ours for word in said)

    def _add(self, key: str, values: Values, status: str) -> Service:
        service = Service(pk=self._free_id(key, Service), live=False)
        apply(service, values)
        _insert(service)
        revision = service.save_revision(clean=False)
        if self.publish and status in SHOWN:
            revision.publish()
            service = Service.objects.get(pk=service.pk)
        index(service)
        self.report.added += 1
        return service

    def _change(self, known: SourceRecord, values: Values, status: str) -> set[str]:
        """A service that is here already follows, as far as its editors let it; gives the fields
        that they do not."""
        service, said, before = known.service, values, known.values
        if service is None:
            return set()
        service = held(service)
        is_news = status != known.status_there
        known.is_kept = known.is_kept and not is_news
        if status == "inactive":  # which says nothing of whether it will be open or paused
            values["status"] = before.get("status", values["status"])
        goes_public = self.publish and _may_show(known, service)
        if status == "defunct" and service.live and not goes_public:
            said = {name: value for name, value in values.items() if name != "status"}
        is_over = status == "defunct" and service.first_published_at is not None
        is_on = status in SHOWN or known.is_kept or is_over
        was_on = service.live
        before_there = THERE.get(known.status_there, "")
        more = [["At its source", before_there, THERE[status]]] if is_news else []
        if goes_public and was_on != is_on:
            more.append(["Shown to the public", in_words(was_on), in_words(is_on)])
        moved, edited = follow(service, before, said, goes_public=goes_public, is_on=is_on)
        if goes_public and was_on and not is_on:
            known.taken_off_at = timezone.now()
        self._count(bool(moved or more))
        self._note(service, moved, more)
        return edited

    def _note(self, row: Model, moved: Moved, more: Sequence[list[str]] = ()) -> None:
        if (moved or more) and len(self.changes) < noting.MOST:
            self.changes.append(noting.note(str(row), moved, [*more]))

    def _count(self, is_changed: bool) -> None:
        if is_changed:
            self.report.changed += 1
        else:
            self.report.unchanged += 1

    def _provider(self, record: dict[str, Any]) -> Provider:
        """The organisation of a record; one without is run by "not stated"."""
        organisation = record.get("organization")
        if not isinstance(organisation, dict) or not text(organisation.get("name")).strip():
            organisation = {"id": "", "name": f"Provider not stated by {self.source.name}"}
        key = text(organisation.get("id")) or fold(text(organisation["name"]))
        key = key[:LONGEST_KEY]
        if key not in self.providers:
            self.providers[key] = self._take_provider(key, organisation)
        return self.providers[key]

    def _take_provider(self, key: str, payload: dict[str, Any]) -> Provider:
        kind = SourceRecord.Kind.ORGANISATION
        known = self.known.get((kind, key))
        provider = known.provider if known else None
        if known is None or provider is None:
            known = SourceRecord(source=self.source, kind=kind, source_key=key)
            values = self.reading.provider(payload)
            known.provider = provider = self._add_provider(key, values)
            self._remember(known, payload, values)
            return provider
        was_never = provider.first_published_at is None
        if known.payload_hash != _digest(payload) or (self.publish and was_never):
            provider = held(provider)
            values = self.reading.provider(payload)
            goes_public = self.publish and (provider.live or was_never)
            moved, edited = follow(provider, known.values, values, goes_public=goes_public)
            self._note(provider, moved)
            self._remember(known, payload, values, edited)
        return provider

    def _add_provider(self, key: str, values: Values) -> Provider:
        provider = Provider(pk=self._free_id(key, Provider), live=False)
        apply(provider, values)
        provider.full_clean()
        provider.save()
        revision = provider.save_revision(clean=False)
        if self.publish:
            revision.publish()
        index(provider)
        return provider

    def _resolved(self, values: Values) -> Values:
        """With ids of ours in place of names, and venues saved."""
        terms, self.said_terms = self.vocabulary.read(values.pop("terms"), self.source)
        areas = _found(values.pop("areas"), self.areas)
        said = values.pop("places")
        venues = {place["key"]: self._venue(place) for place in said}
        places = list(venues.values())
        notes = {venues[place["key"]]: place["note"] for place in said if place["note"]}
        for row in values["schedules"]:
            if "place" in row:
                row["place"] = venues[row["place"]]
        return values | {
            "terms": terms,
            "areas": areas,
            "places": places,
            "place_notes": notes or None,
            "is_in_person": values.get("is_in_person", bool(places)),
        }

    def _venue(self, place: Values) -> str:
        """A venue that services share: each of them brings it along."""
        key, kind = place["key"], SourceRecord.Kind.VENUE
        known = self.venues.get(key) or self.known.get((kind, key))
        if known is None or known.payload_hash != _digest(place["payload"]):
            values = {n: v for n, v in place.items() if n not in ("key", "payload", "note")}
            known = known or SourceRecord(source=self.source, kind=kind, source_key=key)
            self._take_venue(known, values, place["payload"])
            self.venues[key] = known
        return str(known.location_id)

    def _take_venue(self, known: SourceRecord, values: Values, payload: Any) -> None:
        pk = UUID(shaped_id(self.source.code, "location", known.source_key))
        given = {name: value for name, value in values.items() if value not in ("", None, [])}
        venue = Location.objects.select_for_update(of=("self",)).filter(pk=pk).first()
        if venue is None:
            venue = Location(pk=pk, **given)
            venue.full_clean()
            venue.save()
        known.location = venue
        moved, edited = follow_venue(venue, known.values, given, goes_public=self.publish)
        self._note(venue, moved)
        self._remember(known, payload, values, edited)

    def _remember(
        self, known: SourceRecord, payload: Any, values: Values, edited: Iterable[str] = ()
    ) -> None:
        """What the source says now; and ask about what was edited here."""
        before = known.values
        known.payload, known.payload_hash = _storable(payload), _digest(payload)
        known.values, known.fetched_at = values, timezone.now()
        known.url, known.licence = self.url, self.source.licence
        known.assured_on = parse_date(values.get("checked_on") or "")
        known.save()
        hold(known, before, values, edited)
        self.held.update(edited)

    def _free_id(self, key: str, model: type[Model]) -> UUID:
        """The publisher's UUID if nobody else has it, else one made from source and id."""
        try:
            pk = UUID(key)
        except ValueError:
            pk = None
        if pk is None or pk in self.ids[model]:
            pk = UUID(shaped_id(self.source.code, model._meta.model_name, key))
        self.ids[model].add(pk)
        return pk


def _found(said: list[list[str]], ours: dict[str, UUID]) -> list[str]:
    """Which of ours are meant: of the words for each, the first that we know."""
    known = (next((ours[word] for word in words if word in ours), None) for words in said)
    return sorted({str(pk) for pk in known if pk})


def _insert(service: Service) -> None:
    """Save a new one. The database keeps its constraints anyway, so only what it refuses is asked
    why: asking first takes nine statements."""
    service.full_clean(exclude={"provider"}, validate_constraints=False)
    try:
        with transaction.atomic():
            service.save()
    except IntegrityError:
        service.validate_constraints()
        raise


def _may_show(known: SourceRecord, service: Service) -> bool:
    """Whether an import may put it before the public: not what an editor has taken off or merged
    into another."""
    was_never = service.first_published_at is None
    return service.merged_into_id is None and (service.live or was_never or known.is_resting)


def _digest(payload: Any) -> str:
    return hashlib.sha256(json.dumps(payload, sort_keys=True).encode()).hexdigest()


def _storable(payload: Any) -> Any:
    """PostgreSQL keeps no NUL and no half characters in JSON."""
    plain = json.dumps(payload, ensure_ascii=False).replace("\\u0000", "")
    return json.loads(plain.encode("utf-8", "replace"))
