"""What follows here when a source says something else than before: on the page that people read,
and in the draft beside it that somebody may be writing. What was edited here stays, in each.
"""

from typing import TypeVar

from django.db.models import Q
from wagtail.models import ReferenceIndex

from .differences import differences
from .incoming import Values
from .models import Location, Provider, Service
from .noting import Moved
from .values import OF_PROVIDER, apply, change_venue, latest, snapshot

Followed = TypeVar("Followed", Service, Provider)


def chosen(old: Values, new: Values, now: Values) -> tuple[Values, set[str]]:
    """What the source has changed and nobody has edited here; and what somebody has."""
    moved = {name for name, value in new.items() if name in now and value != old.get(name)}
    edited = {name for name in moved if now[name] not in (old.get(name), new[name])}
    return _other(new, now, moved - edited), edited


def _other(new: Values, now: Values, names: set[str]) -> Values:
    return {name: new[name] for name in new if name in names and now.get(name) != new[name]}


def follow(
    row: Followed, old: Values, new: Values, *, goes_public: bool, is_on: bool = True
) -> tuple[Moved, set[str]]:
    """What changes, and the fields that wait because they were edited here.

    `goes_public`: without a review; `is_on`: people may then read it, else it is taken off. Raises
    ValidationError before anything is written.
    """
    draft = latest(row)
    written = snapshot(draft)
    takes, edited = chosen(old, new, written)
    moved = {name: (written[name], value) for name, value in takes.items()}
    if not goes_public:
        if takes:
            apply(draft, takes)
            draft.save_revision(clean=False)
        return moved, edited
    now = snapshot(row)
    # Nobody has approved a word of one that was never public: all of it is the source's.
    shown = chosen(old, new, now)[0] if row.first_published_at else _other(new, now, set(new))
    apply(row, shown)
    row.full_clean()
    is_moved = bool(shown) or row.live != is_on
    if is_moved:
        _show(row, is_on)
    if draft is not row:
        apply(draft, takes)
        if (is_moved or takes) and _differ(row, draft):
            draft.save_revision(clean=False)
    return moved | {name: (now[name], value) for name, value in shown.items()}, edited


def follow_venue(
    venue: Location, old: Values, new: Values, *, goes_public: bool
) -> tuple[Moved, set[str]]:
    """What changes, and the fields that wait for an editor; never by way of a draft, since services
    that are public stand there as it is."""
    now = snapshot(venue)
    takes, edited = chosen(old, new, now)
    if venue.latest_revision_id is None:  # only somebody's form makes one
        takes, edited = _other(new, now, set(takes) | edited), set()
    if takes and not goes_public and _is_shown(venue):
        return {}, edited | set(takes)
    if takes:
        change_venue(venue, takes)
    return {name: (now[name], value) for name, value in takes.items()}, edited


def _is_shown(venue: Location) -> bool:
    here = Q(service_at_locations__location=venue) | Q(schedules__location=venue)
    return Service.objects.filter(here, live=True).exists()


def _show(row: Followed, is_on: bool) -> None:
    if is_on:
        row.save_revision(clean=False).publish()
    elif row.live:
        row.unpublish()  # which saves what has changed
        row.save_revision(clean=False)
    else:
        row.save()
        row.save_revision(clean=False)
    index(type(row)._default_manager.get(pk=row.pk))


def _differ(row: Service | Provider, draft: Service | Provider) -> bool:
    """Whether somebody has written something else than what is published now."""
    if isinstance(row, Service) and isinstance(draft, Service):
        return bool(differences(row, draft))
    names = (*OF_PROVIDER, "organisation_id")
    return any(getattr(row, name) != getattr(draft, name) for name in names)


def index(row: Service | Provider) -> None:
    """Let the editor know what refers to what."""
    ReferenceIndex.create_or_update_for_object(row)
