"""Bringing another directory's services into ours: as drafts, with where they come from.

A run is repeatable. A record whose payload has not changed is not touched. In one that has, a field
that somebody edited here keeps what they wrote; the others follow the source.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from typing import Any, Protocol
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.dateparse import parse_date
from wagtail.models import ReferenceIndex
from wagtail.signal_handlers import disable_reference_index_auto_update

from accounts.import_report import Fault, shown
from accounts.models import Area

from .holding import hold
from .incoming import STATUS, Reading, Values
from .models import Location, Provider, Service, Source, SourceRecord
from .plain import fold, one_line
from .said import text
from .shaped import shaped_id
from .values import apply, latest, snapshot
from .vocabularies import Vocabulary, by_words

LONGEST_KEY = 200


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

    def __init__(self, source: Source, report: Tally, *, publish: bool) -> None:
        self.source, self.report, self.publish = source, report, publish
        self.reading = Reading()
        self.held: Counter[str] = Counter()  # field edited here: how often kept
        self.edited: set[str] = set()  # of the record in hand
        self.seen: set[str] = set()
        self.providers: dict[str, Provider] = {}
        self.known = {
            (row.kind, row.source_key): row
            for row in SourceRecord.objects.filter(source=source).defer("payload")
        }
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
        try:
            # Wagtail would look for references after each of the several saves of a record.
            with disable_reference_index_auto_update():
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
        digest = _digest(record)
        known = self.known.get((kind, key))
        if known is None and self._is_ours(record):
            self.report.skip("they are this directory's own, come back in its feed")
            return
        if known and known.payload_hash == digest:
            self.report.unchanged += 1
            return
        self.edited = set()
        provider = self._provider(record)
        values = self._resolved(self.reading.service(record))
        values["provider"] = str(provider.pk)
        if known is None:
            service = Service(pk=self._free_id(key, Service), live=False)
            self._save(service, values, record)
            known = SourceRecord(source=self.source, kind=kind, source_key=key, service=service)
            self.report.added += 1
        elif (was := known.service) and (chosen := self._chosen(known.values, values, was)):
            self._save(latest(was), chosen, record)
            self.report.changed += 1
        else:
            self.report.unchanged += 1
        known.said_terms = self.said_terms
        before, edited = known.values, self.edited
        _remember(known, record, digest, values)
        hold(known, before, values, edited)

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

    def _save(self, service: Service, values: Values, record: dict[str, Any]) -> None:
        apply(service, values)
        is_new = service._state.adding
        if is_new:
            _insert(service)
        else:
            service.full_clean()
        revision = service.save_revision(clean=False)
        if self.publish and record["status"] in ("active", "temporarily closed"):
            revision.publish()
            _index(Service.objects.get(pk=service.pk))
        elif is_new:
            _index(service)

    def _chosen(self, old: Values, new: Values, service: Service | None) -> Values:
        """What the source has changed and nobody has edited here."""
        if service is None:
            return {}
        now = snapshot(latest(service))
        moved = {name for name, value in new.items() if name in now and value != old.get(name)}
        edited = {name for name in moved if now[name] not in (old.get(name), new[name])}
        self.held.update(edited)
        self.edited = edited
        return {name: new[name] for name in moved - edited if now[name] != new[name]}

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
        kind, digest = SourceRecord.Kind.ORGANISATION, _digest(payload)
        known = self.known.get((kind, key))
        if known and known.provider and known.payload_hash == digest:
            provider = known.provider
        else:
            values = self.reading.provider(payload)
            if known and known.provider:
                provider = known.provider.get_latest_revision_as_object()
                now = {name: getattr(provider, name) for name in values}
                values |= {n: v for n, v in now.items() if v != known.values.get(n, v)}
            else:
                provider = Provider(pk=self._free_id(key, Provider), live=False)
                known = SourceRecord(
                    source=self.source, kind=kind, source_key=key, provider=provider
                )
            for name, value in values.items():
                setattr(provider, name, value)
            is_new = provider._state.adding
            provider.full_clean()
            if is_new:
                provider.save()
                _index(provider)
            provider.save_revision(clean=False)
            _remember(known, payload, digest, values)
        if self.publish and not provider.live and provider.latest_revision:
            provider.latest_revision.publish()
            provider.refresh_from_db()
            _index(provider)
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
        """A venue of the source. Another import corrects it, unless an editor has changed it."""
        pk = UUID(shaped_id(self.source.code, "location", place["key"]))
        values = {name: value for name, value in place.items() if name not in ("key", "note")}
        venue = Location.objects.filter(pk=pk).first() or Location(pk=pk)
        if venue.latest_revision_id is not None:  # only the editor's form makes one
            return str(venue.pk)
        given = {name: value for name, value in values.items() if value not in ("", None)}
        if venue._state.adding or any(getattr(venue, n) != v for n, v in given.items()):
            for name, value in given.items():
                setattr(venue, name, value)
            venue.full_clean()
            venue.save()
        return str(venue.pk)

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


def _index(row: Service | Provider) -> None:
    """Let the editor know what refers to what."""
    ReferenceIndex.create_or_update_for_object(row)


def _digest(payload: Any) -> str:
    return hashlib.sha256(json.dumps(payload, sort_keys=True).encode()).hexdigest()


def _remember(known: SourceRecord, payload: Any, digest: str, values: Values) -> None:
    known.payload, known.payload_hash, known.values = _storable(payload), digest, values
    known.assured_on = parse_date(values.get("checked_on") or "")
    known.fetched_at = timezone.now()
    known.save()


def _storable(payload: Any) -> Any:
    """PostgreSQL keeps no NUL and no half characters in JSON."""
    plain = json.dumps(payload, ensure_ascii=False).replace("\\u0000", "")
    return json.loads(plain.encode("utf-8", "replace"))
