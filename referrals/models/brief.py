"""A referral in brief: what a line of a long list says, and what decides how somebody reads it.

Plain values in one statement: for 25 lines the instances of three models, and the query built for
them, cost more than everything else on the page.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import connection

from casework import references

from .columns import ReferralColumns
from .people import NAMELESS, called

_STATEMENT = """
    SELECT referral.id, referral.reference, referral.status, referral.area_id,
        referral.referred_by_id, referral.escalation, referral.created_at, referral.due_at,
        referral.owner_role, owner.id, owner.name, person.legal_name, person.known_as,
        referral.stopped_at IS NOT NULL AND referral.released_at IS NULL,
        ARRAY(
            SELECT worker_id FROM referrals_assignment
            WHERE referral_id = referral.id AND ended_at IS NULL
        )
    FROM unnest(%s::uuid[]) WITH ORDINALITY AS found(id, place)
    JOIN referrals_referral referral ON referral.id = found.id
    LEFT JOIN accounts_user owner ON owner.id = referral.owner_id
    LEFT JOIN referrals_youngperson person ON person.id = referral.young_person_id
    ORDER BY found.place
"""


class Owner(NamedTuple):
    pk: uuid.UUID
    name: str


class Brief(NamedTuple):
    pk: uuid.UUID
    reference: str
    status: str
    area_id: uuid.UUID | None
    referred_by_id: uuid.UUID
    escalation: int
    created_at: datetime
    due_at: datetime | None
    owner_role: str
    owner_id: uuid.UUID | None
    owner_name: str | None
    legal_name: str | None
    known_as: str
    is_stopped: bool
    worker_ids: list[uuid.UUID]

    @property
    def owner(self) -> Owner | None:
        return Owner(self.owner_id, self.owner_name or "") if self.owner_id else None

    @property
    def called(self) -> str:
        return NAMELESS if self.legal_name is None else called(self.known_as, self.legal_name)

    @property
    def is_finished(self) -> bool:
        return self.status in ReferralColumns.FINAL

    def home(self) -> str:
        return references.page("referrals:referral", self.reference)


def read(keys: Sequence[uuid.UUID]) -> list[Brief]:
    """The referrals of these primary keys, in their order. Whoever asks has chosen among what they
    may see."""
    with connection.cursor() as cursor:
        cursor.execute(_STATEMENT, [list(keys)])
        return [Brief(*row) for row in cursor.fetchall()]
