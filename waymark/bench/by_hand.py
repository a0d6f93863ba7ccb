"""What `move()` writes, as SQL written by hand for the one case: the least that could do it.

Nothing is checked but the version; who may do it, what the fields may hold and the words for people
are what `move()` does besides.
"""

import hashlib
import json
import uuid
from datetime import UTC, datetime
from functools import cache
from typing import Any

from django.db import connection, transaction
from django_q.signing import SignedPackage

from casework import calendar
from casework.clocks import add

LOCK = """
    SELECT version, head, owner_id, coordinator_id FROM referrals_referral WHERE id = %s FOR UPDATE
"""
UPDATE = """
    UPDATE referrals_referral SET status = %s, owner_id = %s, owner_role = 'coordinator',
        due_at = %s, entered_at = %s, escalation = 0, version = %s, head = %s, updated_at = %s
    WHERE id = %s AND version = %s
"""
EVENT = """
    INSERT INTO casework_event (case_kind, case_id, sequence, name, from_state, to_state, at,
        actor_kind, actor_id, owner_id, due_at, fields, detail, previous, hash)
    VALUES ('referral', %s, %s, %s, %s, %s, %s, 'user', %s, %s, %s, '{}', '{}', %s, %s)
"""
REASON = """
    INSERT INTO casework_reason (id, case_kind, case_id, sequence, name, text, band, by_id, at)
    VALUES (%s, 'referral', %s, %s, 'why', %s, 'team', %s, %s)
"""
LETTER = """
    INSERT INTO casework_message (id, dedup_key, letter, case_kind, case_id, recipient_id, state,
        attempts, created_at, next_at, last_error)
    VALUES (%s, %s, %s, 'referral', %s, %s, 'due', 0, %s, %s, '') ON CONFLICT DO NOTHING
"""
WAKE = "INSERT INTO django_q_ormq (key, payload, lock) VALUES ('waymark', %s, %s)"
LIMITS = {"accepted": 5, "waiting": 20}  # working days, as the default clocks have them


def write(
    pk: uuid.UUID,
    name: str,
    from_state: str,
    to_state: str,
    *,
    by: uuid.UUID,
    told: uuid.UUID,
    why: str = "",
) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(LOCK, [pk])
        version, head, _, _ = cursor.fetchone()
        at, sequence = calendar.now(), version + 1
        due = add(at, LIMITS[to_state], "working_days")
        digest = _digest(pk, sequence, [name, from_state, to_state], at, by, due, head)
        cursor.execute(UPDATE, [to_state, by, due, at, sequence, digest, at, pk, version])
        moved = [pk, sequence, name, from_state, to_state, at, by, by, due, head, digest]
        cursor.execute(EVENT, moved)
        if why:
            cursor.execute(REASON, [uuid.uuid4(), pk, sequence, why, by, at])
        key = f"referral:{pk}:{sequence}:{name}:{told.hex[:12]}"
        cursor.execute(LETTER, [uuid.uuid4(), key, f"referral.{name}", pk, told, at, at])
        cursor.execute(WAKE, [_payload(), at])


@cache
def _payload() -> str:
    """The queue's own wrapping of "run the relay"."""
    return SignedPackage.dumps({"func": "casework.tasks.relay", "args": (), "kwargs": {}})


def _digest(
    pk: uuid.UUID,
    sequence: int,
    moved: list[str],
    at: datetime,
    by: uuid.UUID,
    due: datetime,
    head: str,
) -> str:
    body: dict[str, Any] = {
        "case": ["referral", str(pk), sequence],
        "move": moved,
        "at": at.astimezone(UTC).isoformat(timespec="microseconds"),
        "by": ["user", str(by)],
        "owner": str(by),
        "due": due.astimezone(UTC).isoformat(timespec="microseconds"),
        "fields": [],
        "detail": {},
        "previous": head,
    }
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
