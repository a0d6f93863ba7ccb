"""A referral in brief: what a line of a long list says, and what decides how somebody reads it.

Plain values: for 25 lines the instances of three models, and the query built for
them, cost more than everything else on the page.
"""

import uuid
from datetime import datetime
from typing import NamedTuple

from casework import references
from casework.queue import Lines

from .columns import ReferralColumns
from .people import NAMELESS, called

_SELECT = """
    SELECT found.place, referral.id, referral.reference, referral.status, referral.area_id,
        referral.referred_by_id, referral.organisation_id, referral.escalation,
        referral.created_at, referral.due_at, referral.owner_role,
        owner.id, owner.name, person.legal_name, person.known_as,
        referral.stopped_at IS NOT NULL AND referral.released_at IS NULL,
        mentoring.worker_id, advice.worker_id,
        ARRAY(SELECT area_id FROM referrals_concern WHERE referral_id = referral.id),
        (SELECT min(due_at) FROM referrals_concern WHERE referral_id = referral.id)
    FROM {found}
    JOIN referrals_referral referral ON referral.id = found.id
    LEFT JOIN accounts_user owner ON owner.id = referral.owner_id
    LEFT JOIN referrals_youngperson person ON person.id = referral.young_person_id
    LEFT JOIN referrals_assignment mentoring ON mentoring.referral_id = referral.id
        AND mentoring.role = 'mentor' AND mentoring.ended_at IS NULL
    LEFT JOIN referrals_assignment advice ON advice.referral_id = referral.id
        AND advice.role = 'adviser' AND advice.ended_at IS NULL
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
    organisation_id: uuid.UUID
    escalation: int
    created_at: datetime
    due_at: datetime | None
    owner_role: str
    owner_id: uuid.UUID | None
    owner_name: str | None
    legal_name: str | None
    known_as: str
    is_stopped: bool
    mentor_id: uuid.UUID | None
    adviser_id: uuid.UUID | None
    concern_area_ids: list[uuid.UUID]
    concern_due_at: datetime | None

    @property
    def LADDER(self) -> tuple[str, ...]:
        return ReferralColumns.LADDER

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


LINES = Lines(_SELECT, Brief._make)
