"""Bringing another directory's services into ours: as drafts, with where they come from.

A run is repeatable. A record whose payload has not changed is not touched. In one that has, a field
that somebody edited here keeps what they wrote; the others follow the source.
"""

import hashlib
import json
from collections import Counter
from datetime import datetime, time
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_time
from wagtail.models import ReferenceIndex
from wagtail.signal_handlers import disable_reference_index_auto_update

from accounts.import_report import Fault, Report, shown
from accounts.models import Area

from .incoming import STATUS, Reading, Values, text
from .models import Location, Provider, Schedule, Service, Source, SourceRecord, TaxonomyTerm
from .models.services import ServiceAtLocation
from .plain import fold
from .shaped import shaped_id

LONGEST_KEY = 200
LINKS = {"terms", "areas"}
PARTS = {"schedules", "places"}
SPAN = ("valid_from", "valid_until")


def read_source(*, code: str, name: str) -> Source:
    return Source.objects.get_or_create(code=code, defaults={"name": name})[0]


class ServiceImport:
    """One run. `take` each record, then read `held` and `reading.left_out` for what to tell."""

    def __init__(self, source: Source, report: Report, *, publish: bool) -> None:
        self.source, self.report, self.publish = source, report, publish
        self.reading = Reading()
        self.held: Counter[str] = Counter()  # field edited here: how often kept
        self.seen: set[str] = set()
        self.providers: dict[str, Provider] = {}
        self.known = {
            (row.kind, row.source_key): row
            for row in SourceRecord.objects.filter(source=source).defer("payload")
        }
        self.terms = _by_words(TaxonomyTerm.objects.all(), ("pk", "name", "term_uri"))
        self.ids: dict[type[Model], set[UUID]] = {
            model: set(model._default_manager.values_list("pk", flat=True))
            for model in (Service, Provider)
        }
        self.own = dict(
            Service.objects.exclude(source_record__source=source).values_list("pk", "provider")
        )
        self.areas = _by_words(Area.objects.exclude(kind=Area.Kind.WARD), ("name", "code"))

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
        provider = self._provider(record)
        values = self._resolved(self.reading.service(record))
        values["provider"] = str(provider.pk)
        if known is None:
            service = Service(pk=self._free_id(key, Service), live=False)
            self._save(service, values, record)
            known = SourceRecord(source=self.source, kind=kind, source_key=key, service=service)
            self.report.added += 1
        elif (was := known.service) and (chosen := self._chosen(known.values, values, was)):
            self._save(_latest(was), chosen, record)
            self.report.changed += 1
        else:
            self.report.unchanged += 1
        _remember(known, record, digest, values)

    def _is_ours(self, record: dict[str, Any]) -> bool:
        """Whether it is a service of this very directory that comes back from its own feed: its id
        and that of its organisation. Either alone may be chance, or somebody's mistake."""
        organisation = record.get("organization")
        said = text(organisation.get("id")) if isinstance(organisation, dict) else ""
        try:
            pk, provider = UUID(text(record["id"])), UUID(said)
        except ValueError:
            return False
        return self.own.get(pk) == provider

    def _save(self, service: Service, values: Values, record: dict[str, Any]) -> None:
        _apply(service, values)
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
        now = _snapshot(_latest(service))
        moved = {name for name, value in new.items() if name in now and value != old.get(name)}
        edited = {name for name in moved if now[name] not in (old.get(name), new[name])}
        self.held.update(edited)
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
        terms = _found(values.pop("terms"), self.terms)
        areas = _found(values.pop("areas"), self.areas)
        places = [self._venue(place) for place in values.pop("places")]
        return values | {
            "terms": terms,
            "areas": areas,
            "places": places,
            "is_in_person": values.get("is_in_person", bool(places)),
        }

    def _venue(self, place: Values) -> str:
        """A venue of the source. Another import corrects it, so editors should not reuse it."""
        pk = UUID(shaped_id(self.source.code, "location", place["key"]))
        values = {name: value for name, value in place.items() if name != "key"}
        venue = Location.objects.filter(pk=pk).first() or Location(pk=pk)
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


def _by_words(rows: Any, names: tuple[str, ...]) -> dict[str, UUID]:
    return {
        fold(str(getattr(row, name))): row.pk
        for row in rows
        for name in names
        if getattr(row, name)
    }


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


def _latest(service: Service) -> Service:
    latest: Service = service.get_latest_revision_as_object()
    return latest


def _snapshot(service: Service) -> Values:
    """The present values in the form that the importer remembers."""
    values: Values = {
        name: getattr(service, name)
        for name in (
            *("title", "status", "notice", "summary", "body", "eligibility", "how_to_get_help"),
            *("waiting_time", "minimum_age", "maximum_age", "cost", "cost_words", "languages"),
            *("phone", "email", "url", "is_in_person", "is_online", "is_by_phone", "is_at_home"),
            "is_anywhere",
        )
    }
    checked = service.checked_at
    return values | {
        "provider": str(service.provider_id),
        "price": None if service.price is None else f"{service.price:.2f}",
        "checked_on": checked and timezone.localdate(checked).isoformat(),
        "terms": sorted(str(term.pk) for term in service.terms.all()),
        "areas": sorted(str(area.pk) for area in service.areas.all()),
        "places": [str(at.location_id) for at in service.service_at_locations.all()],
        "schedules": [
            {
                "every": row.every,
                "days": row.days,
                "opens_at": row.opens_at and row.opens_at.isoformat(),
                "closes_at": row.closes_at and row.closes_at.isoformat(),
                "words": row.words,
                **{name: f"{day}" for name in SPAN if (day := getattr(row, name))},
            }
            for row in service.schedules.all()
        ],
    }


def _apply(service: Service, values: Values) -> None:
    for name, value in values.items():
        if name == "provider":
            service.provider_id = UUID(value)
        elif name == "checked_on":
            day = value and parse_date(value)
            service.checked_at = day and timezone.make_aware(datetime.combine(day, time(12)))
            service.checked_by = Service.CheckedBy.SOURCE if day else ""
        elif name in LINKS:
            model = TaxonomyTerm if name == "terms" else Area
            setattr(service, name, list(model._default_manager.filter(pk__in=value)))
        elif name == "schedules":
            service.schedules.set([_schedule(order, row) for order, row in enumerate(value)])
        elif name == "places":
            service.service_at_locations.set(_places(service, value))
        else:
            setattr(service, name, value)


def _schedule(order: int, row: Values) -> Schedule:
    times = {
        name: parse_time(row[name]) if row[name] else None for name in ("opens_at", "closes_at")
    }
    return Schedule(
        sort_order=order,
        every=row["every"],
        days=row["days"],
        words=row["words"],
        **times,
        **{name: parse_date(row[name]) for name in SPAN if name in row},
    )


def _places(service: Service, ids: list[str]) -> list[ServiceAtLocation]:
    """The rows for these venues; those that are there already stay, with their ids."""
    rows = [] if service._state.adding else service.service_at_locations.all()
    held = {str(at.location_id): at for at in rows}
    return [
        held.get(pk) or ServiceAtLocation(sort_order=order, location_id=UUID(pk))
        for order, pk in enumerate(ids)
    ]
