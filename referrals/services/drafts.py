"""A referral while it is being written."""

import uuid
from collections.abc import Callable, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from accounts import places, readiness, roles
from accounts.models import Area, Membership, Organisation, User
from casework import clocks, history, workflow
from casework.actors import SYSTEM
from casework.calendar import now
from referrals import policies
from referrals.choices import SectionCode
from referrals.models import Concern, Programme, Referral


def start(
    *, programme: Programme, organisation: Organisation, by: User, submit_key: uuid.UUID
) -> Referral:
    """Begin a draft. A repeat with the same key gives the draft that is there.

    Raises PermissionDenied when this person may not refer for this organisation, and
    ValidationError when the unit is not set up yet or the organisation has no live sharing
    agreement.
    """
    _may_start(organisation, by)
    mine = Referral.objects.filter(submit_key=submit_key, referred_by=by)
    if there := mine.first():
        return there
    referral = Referral(
        programme=programme,
        organisation=organisation,
        referred_by=by,
        owner=by,
        submit_key=submit_key,
    )
    try:
        return workflow.open(referral, by=by)
    except IntegrityError:  # the same submit, a moment earlier, in another process
        if there := mine.first():
            return there
        raise  # the key is somebody else's


def _may_start(organisation: Organisation, by: User) -> None:
    if organisation.pk not in by.organisation_ids_as(roles.Referrer, roles.Coordinator):
        raise PermissionDenied("This person does not refer for this organisation.")
    if missing := readiness.missing():
        raise ValidationError(
            "Referrals cannot be made yet. An administrator has to finish setting up: "
            + " ".join(missing)
        )
    if not organisation.shares_now():
        raise ValidationError(
            f"{organisation} has no sharing agreement that is in force today. "
            "The administrators of the unit can add one."
        )


@transaction.atomic
def save_sections(
    *, referral: Referral, saves: Mapping[str, Callable[[Referral], None]], by: User
) -> Referral:
    """Save sections of a draft under its lock, in their order: each by what writes its own rows.

    The draft's 30 days begin again. Returns the row as it now is.
    """
    row = Referral.objects.select_for_update(of=("self",)).get(pk=referral.pk)
    if row.status != Referral.State.DRAFT or not policies.wrote(row, by):
        raise workflow.Conflict(row, "save")
    for code, save in saves.items():
        save(row)
        if code not in row.sections_done:
            row.sections_done = [*row.sections_done, code]
    clocks.start(row, detail={}, from_state=row.status)
    history.note(row, "edit", by=by, fields=list(saves))
    return row


def place(referral: Referral, postcode: str) -> Area:
    """The area that answers for a home address: its district, or the referring organisation's own.

    An unknown or far postcode never stops a referral; triage sees that it lies outside.
    """
    if district := places.district(places.locate(postcode)) if postcode else None:
        return district
    return home_area(referral.organisation, referral.programme)


def home_area(organisation: Organisation, programme: Programme) -> Area:
    area = organisation.areas.order_by("path").first() or programme.areas.order_by("path").first()
    if area is None:
        raise ValidationError(f"{programme} has no area yet. An administrator has to add one.")
    return area


def unfinished(referral: Referral) -> list[SectionCode]:
    """Sections that have not been saved yet, in their order."""
    return [code for code in SectionCode if code not in referral.sections_done]


@transaction.atomic
def delete_draft(*, referral: Referral, by: Any) -> None:
    """Delete a draft and what was typed in it; a second time there is nothing to do. Its Events
    stay: they hold no words."""
    row = Referral.objects.select_for_update(of=("self",)).filter(pk=referral.pk).first()
    if row is None:
        return
    if row.status != Referral.State.DRAFT or row.concerns.exists():
        raise workflow.Conflict(row, "delete")
    history.note(row, "delete_draft", by=by)
    person = row.young_person
    row.delete()
    if person is not None and not person.concerns.exists():
        person.delete()


def expire_drafts() -> int:
    """Delete drafts whose 30 days have passed. One with a concern stays until a lead has closed
    it."""
    expired = Referral.objects.filter(status=Referral.State.DRAFT, due_at__lt=now())
    expired = expired.exclude(concerns__in=Concern.objects.unfinished())
    return sum(
        _expire(key) for key in expired.order_by("due_at", "pk").values_list("pk", flat=True)
    )


@transaction.atomic
def _expire(key: uuid.UUID) -> bool:
    """Unless somebody went on with it, or a concern came, since it was looked up."""
    concerns = list(Concern.objects.filter(referral=key).select_for_update(of=("self",)))
    row = Referral.objects.select_for_update(of=("self",)).filter(pk=key, due_at__lt=now()).first()
    if row is None or row.status != Referral.State.DRAFT or row.concerns.count() != len(concerns):
        return False
    if not all(concern.is_finished for concern in concerns):
        return False
    for concern in concerns:  # what was said of danger stays; what else was typed goes
        concern.referral = None
        history.note(concern, "edit", by=SYSTEM, fields=["referral"])
    delete_draft(referral=row, by=SYSTEM)
    return True


def referring_memberships(user: User) -> list[Membership]:
    """The memberships with which a person may refer."""
    return user.memberships_as(roles.Referrer, roles.Coordinator)
