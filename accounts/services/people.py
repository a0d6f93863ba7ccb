"""People invited, let in and shut out."""

import secrets
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from accounts import access, policies, roles
from accounts.clock import now
from accounts.models import Area, Invitation, Membership, Organisation, User
from accounts.models.invitations import GOOD_FOR

from .memberships import end_membership, give_away, grant, keep_an_administrator
from .passwords import set_password
from .queue import wake


@transaction.atomic
def add_person(
    *, by: User | None, email: str, name: str, password: str | None = None, **details: Any
) -> User:
    """An account without any role. With a password it counts as joined (setup, demo, tests)."""
    if by is not None and not policies.sees_people(by):
        raise PermissionDenied
    user: User = User.objects.create_user(email=email, name=name, password=password, **details)
    access.record("person_added", user=user, by=by.pk if by else "system")
    return user


@transaction.atomic
def invite(
    *,
    by: User | None,
    organisation: Organisation,
    email: str,
    name: str,
    role: type[roles.Role],
    areas: Iterable[Area] = (),
    reports_to: User | None = None,
) -> User | None:
    """Give somebody a role here and, unless they already sign in, a letter with a link.

    Who works elsewhere is not theirs to give roles to: then None, and a letter tells that person
    how to go on. Whoever invites learns nothing of it. The address of somebody with a closed
    account is refused in words that say no more than that.
    """
    user = User.objects.filter(email=User.objects.normalize_email(email).lower()).first()
    if user is None:
        user = add_person(by=by, email=email, name=name)
    if not user.is_active:
        raise ValidationError({"email": "This address cannot be invited. Ask an administrator."})
    if by is not None and not policies.may_be_given_roles(by, user):
        if not policies.grants(by, organisation, role):
            raise PermissionDenied
        access.record("invited_from_elsewhere", user=user, by=by.pk)
        wake("send_notice", user.pk, "asked_elsewhere")
        return None
    grant(
        by=by, user=user, organisation=organisation, role=role, areas=areas, reports_to=reports_to
    )
    if user.joined_at:
        wake("send_notice", user.pk, "new_role")
    else:
        _open_invitation(by=by, user=user)
    return user


def _open_invitation(*, by: User | None, user: User) -> Invitation:
    Invitation.objects.filter(user=user, used_at=None, revoked_at=None).update(revoked_at=now())
    invitation = Invitation.objects.create(user=user, invited_by=by)
    wake("send_invitation", invitation.pk)
    return invitation


@transaction.atomic
def send_again(*, by: User, user: User) -> Invitation:
    """A new letter with a new link; the old link is dead."""
    _may_invite(by, user)
    access.record("invited_again", user=user, by=by.pk)
    return _open_invitation(by=by, user=user)


@transaction.atomic
def revoke_invitation(*, by: User, user: User) -> None:
    """The link is dead and the roles that were never taken up are ended."""
    _may_invite(by, user)
    Invitation.objects.filter(user=user, used_at=None, revoked_at=None).update(revoked_at=now())
    for membership in user.memberships.current():
        end_membership(by=by, membership=membership)
    access.record("invitation_revoked", user=user, by=by.pk)


def _may_invite(by: User, user: User) -> None:
    if not policies.looks_after(by, user):
        raise PermissionDenied
    if user.joined_at or not user.is_active:
        raise ValidationError("This person does not wait for an invitation.")


@transaction.atomic
def issue_link(*, invitation: Invitation, by_hand: bool = False) -> str:
    """A fresh token for the link, good for seven days; what was issued before is dead.

    `by_hand`: whoever asked passes the link on, so that no letter goes out with another one.
    """
    row = Invitation.objects.select_for_update().get(pk=invitation.pk)
    token = secrets.token_urlsafe(32)
    row.token_hash, row.expires_at = Invitation.digest(token), now() + GOOD_FOR
    row.attempts += 1
    if by_hand:
        row.sent_at = now()
    row.save()
    return token


@transaction.atomic
def accept_invitation(*, token: str, password: str) -> User | None:
    """Set the first password. None when the link is used, old, taken back or was never one.

    ValidationError (`password`) when the password is too weak: then the link stays good.
    """
    found = Invitation.objects.find(token)
    if found is None:
        return None
    user = User.objects.select_for_update().get(pk=found.user_id)
    if Invitation.objects.find(token) is None:  # somebody was quicker
        return None
    set_password(user, password)
    user.joined_at = now()
    user.save()
    Invitation.objects.filter(pk=found.pk).update(used_at=now())
    access.record("joined", user=user)
    return user


@transaction.atomic
def set_first_password(*, user: User, password: str) -> User:
    """For the first administrator, whose password comes from the environment at setup."""
    row = User.objects.select_for_update().get(pk=user.pk)
    if row.joined_at:
        raise ValidationError("This person has joined already and sets their own password.")
    set_password(row, password)
    row.joined_at = now()
    row.save()
    Invitation.objects.filter(user=row, used_at=None, revoked_at=None).update(revoked_at=now())
    access.record("joined", user=row)
    return row


@transaction.atomic
def deactivate(
    *, by: User | None, user: User, hand_over_to: User | None = None, at_once: bool = False
) -> User:
    """Close an account: every session is dead at its next request. Roles stay for a return.

    Refused with WorkRemains while work is open, unless it is handed over, or `at_once`: an account
    in the wrong hands is closed first, and its work shows as without an owner until handed over.
    """
    if by is not None and not policies.looks_after(by, user):
        raise PermissionDenied
    keep_an_administrator(Membership.objects.filter(user=user))
    row = User.objects.select_for_update().get(pk=user.pk)
    if not row.is_active:
        raise ValidationError("This account is already closed.")
    if not at_once:
        give_away(by=by, memberships=list(row.memberships.current()), to=hand_over_to)
    row.is_active, row.deactivated_at, row.deactivated_by = False, now(), by
    row.end_sessions()
    row.save()
    Invitation.objects.filter(user=row, used_at=None, revoked_at=None).update(revoked_at=now())
    access.record("deactivated", user=row, by=by.pk if by else "system", at_once=at_once)
    return row


@transaction.atomic
def reactivate(*, by: User | None, user: User) -> User:
    """Open a closed account again, with the roles that did not end meanwhile."""
    row = User.objects.select_for_update().get(pk=user.pk)
    if by is not None and not policies.looks_after(by, row):
        raise PermissionDenied
    row.is_active, row.deactivated_at, row.deactivated_by = True, None, None
    row.save()
    if not row.joined_at:
        _open_invitation(by=by, user=row)
    access.record("reactivated", user=row, by=by.pk if by else "system")
    return row
