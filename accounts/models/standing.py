"""Who somebody is, what they may be today and what proves it: one statement, which every request
of a signed-in person asks first, together with their session.

SQL, because to build it anew from querysets takes ten times as long as to ask it. A test holds it
to `Membership.objects.in_force()`.
"""

import uuid
from contextvars import ContextVar
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from django.db import connection, models

from accounts.clock import today

from .devices import Authenticator, RecoverySheet
from .memberships import Membership
from .organisations import Organisation

if TYPE_CHECKING:
    from .people import User

# The areas of a membership are those below the ones it names.
_STATEMENT = """
    SELECT {session}, {person},
        ARRAY(SELECT id FROM otp_totp_totpdevice WHERE user_id = person.id AND confirmed),
        ARRAY(SELECT id FROM accounts_recoverysheet WHERE user_id = person.id AND confirmed),
        {membership}, {organisation},
        ARRAY(
            SELECT below.id
            FROM accounts_membership_areas held
            JOIN accounts_area top ON top.id = held.area_id
            JOIN accounts_area below ON starts_with(below.path, top.path)
            WHERE held.membership_id = membership.id
        )
    FROM {who}
    LEFT JOIN (
        accounts_membership membership
        JOIN accounts_organisation organisation
            ON organisation.id = membership.organisation_id AND organisation.is_open
        JOIN accounts_user holder ON holder.id = membership.user_id AND holder.is_active
    ) ON membership.ended_at IS NULL
        AND membership.starts_on <= %(today)s
        AND (membership.ends_on IS NULL OR membership.ends_on >= %(today)s)
        AND (
            membership.user_id = person.id
            OR membership.cover_id = person.id
            AND %(today)s BETWEEN membership.cover_from AND membership.cover_until
        )
    ORDER BY membership.starts_on, membership.id
"""
_BY_ID = "NULL", "(SELECT * FROM accounts_user WHERE id = %(person)s) person"
_BY_SESSION = (
    "session.session_data",
    """(
        SELECT * FROM accounts_session WHERE session_key = %(key)s AND expire_date > %(moment)s
    ) session
    LEFT JOIN accounts_user person ON person.id = session.user_id""",
)
_arrived: ContextVar["User | None"] = ContextVar("waymark_arrived", default=None)


def person(user_id: uuid.UUID) -> "User | None":
    """The person with their standing and the devices that they have confirmed."""
    return _person(_read(_BY_ID, person=user_id))


def arrival(session_key: str | None, moment: datetime) -> str | None:
    """What the session holds, unless there is none or it is over. Whose it is waits for
    `arrived()`."""
    rows = _read(_BY_SESSION, key=session_key, moment=moment)
    _arrived.set(_person(rows))
    return rows[0][0] if rows else None


def arrived(user_id: uuid.UUID) -> "User | None":
    """The person who has just come with their session."""
    came = _arrived.get()
    _arrived.set(None)  # once: who somebody is and what they may is asked anew for each request
    return came if came and came.pk == user_id else person(user_id)


def _person(rows: list[tuple[Any, ...]]) -> "User | None":
    from .people import User

    if not rows or rows[0][1] is None:  # nobody has no password, not even an unusable one
        return None
    first = iter(rows[0][1:])
    found = _row(User, first)
    found.devices = [
        model.from_db("default", ["id", "user_id", "confirmed"], [pk, found.pk, True])
        for model in (Authenticator, RecoverySheet)
        for pk in next(first)
    ]
    found.standing = _memberships(rows, found.pk)
    return found


def memberships(user_id: uuid.UUID) -> list[Membership]:
    """Memberships in force now, own and covered, each with its organisation and its `area_ids`."""
    return _memberships(_read(_BY_ID, person=user_id), user_id)


def _read(how: tuple[str, str], **values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(_statement(*how), {"today": today(), **values})
        return cursor.fetchall()


@cache
def _statement(session: str, who: str) -> str:
    from .people import User

    return _STATEMENT.format(
        session=session,
        who=who,
        person=_columns(User, "person"),
        membership=_columns(Membership, "membership"),
        organisation=_columns(Organisation, "organisation"),
    )


def _columns(model: type[models.Model], alias: str) -> str:
    return ", ".join(f"{alias}.{field.column}" for field in model._meta.concrete_fields)


def _memberships(rows: list[tuple[Any, ...]], user_id: uuid.UUID) -> list[Membership]:
    """Their own; and those that they cover while they are still there themselves: at the same
    organisation, or as the one to whom it reports."""
    from .people import User

    start = 1 + len(User._meta.concrete_fields) + 2
    found = [_membership(row[start:]) for row in rows if row[start] is not None]
    at = {each.organisation_id for each in found if each.user_id == user_id}
    return [
        each
        for each in found
        if each.organisation_id in at or (at and each.reports_to_id == user_id)
    ]


def _membership(values: tuple[Any, ...]) -> Membership:
    left = iter(values)
    found = _row(Membership, left)
    found.organisation = _row(Organisation, left)
    found.area_ids = set(next(left))
    return found


def _row(model: type[models.Model], values: Any) -> Any:
    """The next instance out of a row's values."""
    names = [field.attname for field in model._meta.concrete_fields]
    return model.from_db("default", names, [next(values) for _ in names])
