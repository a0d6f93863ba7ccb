"""The register: entries, what is written in them, and checks."""

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts import places
from accounts.models import Area, Organisation, User
from casework import clocks, history, workflow
from mentoring import policies, standard
from mentoring.models import Credential, Mentor

# What mentors may change of their own entry; the rest is the coordinators'.
OWN_FIELDS = (
    "phone",
    "languages",
    "interests",
    "free_times",
    "helps_with",
    "postcode",
    "travel_km",
    "about",
)


@transaction.atomic
def enquire(
    *, by: User, name: str, email: str, organisation: Organisation, area: Area, **details: Any
) -> Mentor:
    """Begin an entry. Somebody who left and comes back gets a new one, linked to the old."""
    if not policies.keeps_register(by, area_id=area.pk):
        raise PermissionDenied("This person keeps no register in this area.")
    earlier = Mentor.objects.filter(email__iexact=email, status__in=Mentor.FINAL)
    mentor = Mentor(
        name=name,
        email=email.lower(),
        organisation=organisation,
        area=area,
        earlier=earlier.order_by("-created_at").first(),
        **details,
    )
    _locate(mentor)
    return workflow.open(mentor, by=by)


@transaction.atomic
def save_entry(*, mentor: Mentor, by: User, **fields: Any) -> Mentor:
    """Change what is written in an entry, under its lock; the Event names the fields."""
    row = workflow.lock(mentor)
    allowed = set(fields) <= set(OWN_FIELDS) if policies.is_self(row, by) else True
    if not (allowed and policies.self_or_registers(row, by)):
        raise PermissionDenied("These are not theirs to change.")
    changed = [name for name, value in fields.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, fields[name])
    if not changed:
        return row
    if "postcode" in changed:
        _locate(row)
    if "supervisor" in changed and row.status == Mentor.State.AVAILABLE:
        _change_owner(row)
    row.clean_fields(exclude={"status"})
    row.clean()
    row.validate_constraints()
    history.note(row, "edit", by=by, fields=sorted(changed))
    return row


def _change_owner(row: Mentor) -> None:
    """Supervision is now somebody else's to hold, by the same day as before."""
    row.owner, due_at = row.supervisor, row.due_at
    clocks.start(row, detail={}, from_state=row.status)
    row.due_at = due_at


def _locate(mentor: Mentor) -> None:
    found = places.locate(mentor.postcode) if mentor.postcode else None
    mentor.latitude = found.latitude if found else None
    mentor.longitude = found.longitude if found else None


@transaction.atomic
def keep_check(
    *, mentor: Mentor, by: User, kind: str, issued_on: date, **details: Any
) -> Credential:
    """Write down that a check was seen. Until when it counts is policy unless it says so itself.

    The older one stays: what counted on a day can be told for any day.
    """
    row = workflow.lock(mentor)
    if not policies.registers(row, by) or row.is_finished:
        raise PermissionDenied("This person does not write down checks of this mentor.")
    if details.get("expires_on") is None:
        details["expires_on"] = standard.valid_until(kind, issued_on)
    check = Credential(mentor=row, kind=kind, issued_on=issued_on, seen_by=by, **details)
    check.full_clean()
    check.save()
    history.note(row, "keep_check", by=by, kind=kind, until=check.expires_on)
    return check
