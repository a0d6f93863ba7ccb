"""Who somebody is, what they may be today and what proves it: one statement, which every request
of a signed-in person asks first.

SQL, because to build it anew from querysets takes ten times as long as to ask it. A test holds it
to `Membership.objects.in_force()`.
"""

import uuid
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
    SELECT {person},
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
    FROM accounts_user person
    LEFT JOIN (
        accounts_membership membership
        JOIN accounts_organisation organisation
            ON organisation.id = membership.organisation_id AND organisation.is_open
        JOIN accounts_user holder ON holder.id = membership.user_id AND holder.is_active
    ) ON membership.ended_at IS NULL
        AND membership.starts_on <= %(today)s
        AND (membership.ends_on IS NULL OR membership.ends_on >= %(today)s)
        AND (
            membership.user_id = %(person)s
            OR membership.cover_id = %(person)s
            AND %(today)s BETWEEN membership.cover_from AND membership.cover_until
        )
    WHERE person.id = %(person)s
    ORDER BY membership.starts_on, membership.id
"""


def person(user_id: uuid.UUID) -> "User | None":
    """The person with their standing and the devices that they have confirmed."""
    from .people import User

    rows = _read(user_id)
    if not rows:
        return None
    first = iter(rows[0])
    found = _row(User, first)
    found.devices = [
        model.from_db("default", ["id", "user_id", "confirmed"], [pk, user_id, True])
        for model in (Authenticator, RecoverySheet)
        for pk in next(first)
    ]
    found.standing = _memberships(rows)
    return found


def memberships(user_id: uuid.UUID) -> list[Membership]:
    """Memberships in force now, own and covered, each with its organisation and its `area_ids`."""
    return _memberships(_read(user_id))


def _read(user_id: uuid.UUID) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(_statement(), {"person": user_id, "today": today()})
        return cursor.fetchall()


@cache
def _statement() -> str:
    from .people import User

    return _STATEMENT.format(
        person=_columns(User, "person"),
        membership=_columns(Membership, "membership"),
        organisation=_columns(Organisation, "organisation"),
    )


def _columns(model: type[models.Model], alias: str) -> str:
    return ", ".join(f"{alias}.{field.column}" for field in model._meta.concrete_fields)


def _memberships(rows: list[tuple[Any, ...]]) -> list[Membership]:
    from .people import User

    start = len(User._meta.concrete_fields) + 2
    return [_membership(row[start:]) for row in rows if row[start] is not None]


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
