"""Passwords and addresses: forgotten, set, changed."""

import hashlib
import uuid
from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts import access, limits
from accounts.clock import now
from accounts.models import User

from .queue import wake


class _ResetToken(PasswordResetTokenGenerator):
    """Django's, on our clock: dead after PASSWORD_RESET_TIMEOUT, a new password or a sign-in."""

    def _now(self) -> datetime:
        return now().replace(tzinfo=None)


_reset_tokens = _ResetToken()


def reset_token(user: User) -> str:
    return _reset_tokens.make_token(user)


def ask_for_reset(*, email: str) -> None:
    """Have a link sent, if the address is that of somebody who may have one.

    Known or not, the same is done here: one look-up and one row in the queue. The worker finds out
    that an id is nobody's, where no stranger can time it.
    """
    found = User.objects.filter(email=email.strip().lower()).values_list("pk", flat=True).first()
    wake("send_reset", found or uuid.uuid4())


def may_be_mailed(user: User) -> bool:
    """Whether a reset letter is due: no closed or never-joined account, three an hour at most."""
    if not user.is_active or not user.has_usable_password():
        return False
    return not limits.too_many("reset letter", str(user.pk), most=3)


def find_by_reset(pk: uuid.UUID, token: str) -> User | None:
    """Whose password this link may set now."""
    user = User.objects.filter(pk=pk, is_active=True).first()
    return user if user and _reset_tokens.check_token(user, token) else None


@transaction.atomic
def reset_password(*, pk: uuid.UUID, token: str, password: str) -> User | None:
    """Set a new password by link; None when the link is dead. The second factor stays as it is."""
    User.objects.select_for_update().filter(pk=pk).first()
    user = find_by_reset(pk, token)
    if user is None:
        return None
    set_password(user, password)
    user.save()
    wake("send_notice", user.pk, "password_changed")
    access.record("password_reset", user=user)
    return user


@transaction.atomic
def change_password(*, user: User, password: str) -> User:
    """By the person, who has just typed the old one. Every other session ends."""
    row = User.objects.select_for_update().get(pk=user.pk)
    set_password(row, password)
    row.save()
    wake("send_notice", row.pk, "password_changed")
    access.record("password_changed", user=row)
    return row


def set_password(user: User, password: str) -> None:
    """Check and set, without saving. ValidationError (`password`) in words when it is too weak."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise ValidationError({"password": error.messages}) from error
    user.set_password(password)


@transaction.atomic
def ask_for_new_email(*, user: User, email: str) -> None:
    """Remember the address and have a link sent there; nothing changes before it is used.

    An address that somebody else signs in with gets no letter, and the page says the same.
    """
    user.pending_email = User.objects.normalize_email(email).lower()
    user.full_clean(exclude=["password"])
    User.objects.filter(pk=user.pk).update(pending_email=user.pending_email)
    wake("send_new_email_link", user.pk)
    wake("send_notice", user.pk, "new_email_asked")
    access.record("new_email_asked", user=user)


def new_email_token(user: User) -> str:
    """Bound to the person, both addresses and the password, so that any change kills it."""
    bound = f"{user.pk}:{user.email}:{user.pending_email}:{user.password}"
    digest = salted_hmac("accounts.new_email", bound, algorithm="sha256").digest()
    return hashlib.sha256(digest).hexdigest()[:40]


@transaction.atomic
def confirm_new_email(*, user: User, token: str) -> User | None:
    """Sign in with the new address from now on. None when the link is dead or the address taken."""
    row = User.objects.select_for_update().get(pk=user.pk)
    if not row.pending_email or not constant_time_compare(new_email_token(row), token):
        return None
    if User.objects.filter(email=row.pending_email).exists():
        return None
    row.email, row.pending_email = row.pending_email, ""
    row.end_sessions()
    row.save()
    wake("send_notice", row.pk, "email_changed")
    access.record("email_changed", user=row)
    return row
