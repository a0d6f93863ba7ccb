"""Concerns, and what they do to the referral that they are about."""

import uuid
from typing import Any

from django.db import transaction

from accounts.models import Area, User
from casework import outbox, workflow
from casework.actors import SYSTEM
from referrals import policies
from referrals.models import Concern, Referral, YoungPerson

S = Referral.State
HELD_FROM = (S.SUBMITTED, S.TRIAGE, S.INFO_NEEDED)


@transaction.atomic
def raise_concern(
    *,
    by: User,
    area: Area,
    origin: str,
    is_danger: bool = False,
    referral: Referral | None = None,
    young_person: YoungPerson | None = None,
    submit_key: uuid.UUID | None = None,
    **words: str,
) -> Concern:
    """Raise a concern and tell the lead. A repeat with the same key gives the concern that is
    there.

    `words` are fact, opinion, place, who_knows and called. Danger holds back the referral that it
    is about, as it is once nobody else can move it: what was sent or decided a moment ago must not
    lose the concern.
    """
    if referral:
        referral = workflow.lock(referral)
    key = submit_key or uuid.uuid4()
    if there := Concern.objects.filter(submit_key=key, raised_by=by).first():
        return there
    concern = Concern(
        area=area,
        referral=referral,
        young_person=young_person or (referral.young_person if referral else None),
        raised_by=by,
        organisation_id=_place_of(by, referral),
        origin=origin,
        is_danger=is_danger,
        submit_key=key,
        **words,
    )
    workflow.open(concern, by=by, detail={"origin": origin}, tells=["lead_on_duty"])
    if is_danger and referral:
        _hold_back(referral, by=by, area=area)
    return concern


def _place_of(by: User, referral: Referral | None) -> uuid.UUID | None:
    """The organisation for which somebody raises it: the one that referred, when it is theirs."""
    if referral and referral.organisation_id in by.organisation_ids:
        return referral.organisation_id
    return next((row.organisation_id for row in by.standing if row.user_id == by.pk), None)


def _hold_back(referral: Referral, *, by: User, area: Area) -> None:
    """Danger: a draft cannot be sent, and what was sent is held, until a lead has looked."""
    if referral.status == Referral.State.DRAFT and not referral.is_stopped:
        who = by if policies.stops(referral, by) else SYSTEM
        level = referral.level_of_need
        workflow.move(referral, "stop", by=who, level=level, is_danger=True, area=area)
    elif referral.status in HELD_FROM:
        workflow.move(referral, "hold", by=SYSTEM)


def open_danger_concern(
    referral: Referral, *, by: User, level: int | None, is_danger: bool, area: Area, **_: Any
) -> None:
    """What `Referral.stop` writes: the concern of a draft in which danger or level 4 was ticked,
    once. Whoever leads on it is told when it stops another time."""
    open_ones = referral.concerns.unfinished().filter(is_danger__gte=is_danger)
    if there := open_ones.first():
        if there.status != Concern.State.RAISED:
            outbox.tell_people(there, "stopped_again", there.audience("lead_now"))
        return
    raise_concern(
        by=by,
        area=referral.area or area,
        referral=referral,
        origin=Concern.Origin.DANGER if is_danger else Concern.Origin.LEVEL_FOUR,
        is_danger=is_danger,
    )


@transaction.atomic
def add_to_concern(*, concern: Concern, by: User, **words: str) -> Concern:
    """The raiser adds what they know, while no lead has read the concern yet."""
    from casework import history

    row = Concern.objects.select_for_update(of=("self",)).get(pk=concern.pk)
    if row.status != Concern.State.RAISED or not policies.raised(row, by):
        raise workflow.Conflict(row, "add_to")
    for name, text in words.items():
        setattr(row, name, text)
    row.clean_fields(exclude={"status"})
    history.note(row, "edit", by=by, fields=sorted(words))
    return row


def name_concerns(referral: Referral, person: YoungPerson) -> None:
    """Concerns from before anybody had written who a referral is about are about this person.

    One that somebody works on at this moment waits for the next save: a draft is locked before
    its concerns only here.
    """
    nameless = referral.concerns.filter(young_person=None).select_for_update(skip_locked=True)
    keys = list(nameless.values_list("pk", flat=True))
    Concern.objects.filter(pk__in=keys).update(young_person=person)
