"""The second factor: enrolled, shown, lost and reset."""

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.db import transaction
from django_otp.plugins.otp_totp.models import default_key

from accounts import access, policies
from accounts.models import Authenticator, RecoverySheet, User

from .queue import wake


def new_key() -> str:
    """A fresh secret, 160 random bits in hexadecimal."""
    return str(default_key())


def draft(user: User, key: str) -> Authenticator:
    """The device that would be enrolled with this key: for the picture and the words, not saved."""
    return Authenticator(user=user, key=key, name="Phone")


def authenticator(user: User) -> Authenticator | None:
    return Authenticator.objects.filter(user=user, confirmed=True).order_by("pk").first()


@transaction.atomic
def enrol(*, user: User, key: str, code: str) -> tuple[Authenticator, list[str]] | None:
    """Take a phone that shows the right code, in place of an earlier one.

    Gives the device and ten recovery codes, shown now and never again; None for a wrong code.
    """
    User.objects.select_for_update().get(pk=user.pk)
    phone = draft(user, key)
    clock = phone._clock()
    if not (code.isascii() and code.isdecimal() and clock.verify(int(code), phone.tolerance)):
        return None
    phone.last_t = clock.t()  # the code that enrolled does not also let in
    return phone, _take(phone)


@transaction.atomic
def give(*, user: User, tolerance: int | None = None) -> Authenticator:
    """A phone whose code nobody had to type: for the demo and tests; live mode refuses.

    In a demo many come in as one person within half a minute, each with the next code, so there the
    codes of ten minutes ahead are taken.
    """
    if settings.LIVE:
        raise ImproperlyConfigured("In live mode people set up their phones themselves.")
    if tolerance is None:
        tolerance = 20 if settings.OTP_SHOWN_ON_SIGN_IN else 1
    phone = draft(user, new_key())
    phone.tolerance = tolerance
    _take(phone)
    return phone


def _take(phone: Authenticator) -> list[str]:
    Authenticator.objects.filter(user=phone.user).delete()
    phone.confirmed = True
    phone.save()
    access.record("second_factor_enrolled", user=phone.user)
    return _sheet(phone.user).renew()


def _sheet(user: User) -> RecoverySheet:
    return RecoverySheet.objects.get_or_create(user=user, defaults={"name": "Recovery codes"})[0]


@transaction.atomic
def verify(*, user: User, code: str) -> Authenticator | None:
    """The phone, when the code is right, new and not too soon after a wrong one."""
    phone = Authenticator.objects.select_for_update().filter(user=user, confirmed=True).first()
    if phone and phone.verify_token(code):
        access.record("second_factor_shown", user=user)
        return phone
    access.record("second_factor_failed", user=user)
    return None


@transaction.atomic
def recover(*, user: User, code: str) -> RecoverySheet | None:
    """The sheet, when the code is on it; that code is used up and the person is told by mail."""
    sheet = RecoverySheet.objects.select_for_update().filter(user=user).first()
    if sheet and sheet.verify_token(code):
        wake("send_notice", user.pk, "recovery_code_used")
        access.record("recovery_code_used", user=user)
        return sheet
    access.record("second_factor_failed", user=user)
    return None


def sheet_waits(user: User) -> bool:
    """Whether a recovery code is not looked at yet, since one was wrong a moment ago."""
    sheet = RecoverySheet.objects.filter(user=user).first()
    return sheet is not None and not sheet.verify_is_allowed()[0]


@transaction.atomic
def renew_codes(*, user: User) -> list[str]:
    """Ten new recovery codes; the old ones are dead."""
    access.record("recovery_codes_renewed", user=user)
    return _sheet(user).renew()


def codes_left(user: User) -> int:
    sheet = RecoverySheet.objects.filter(user=user).first()
    return sheet.codes.count() if sheet else 0


@transaction.atomic
def reset(*, by: User | None, user: User) -> None:
    """Forget the phone and the codes, so that the person enrols anew at the next sign-in.

    Whoever looks after them has made sure by voice or in person that it is they who ask. They are
    told by mail, and every session of theirs ends.
    """
    row = User.objects.select_for_update().get(pk=user.pk)
    if by is not None and not policies.looks_after(by, row):
        raise PermissionDenied
    Authenticator.objects.filter(user=row).delete()
    RecoverySheet.objects.filter(user=row).delete()
    row.end_sessions()
    row.save()
    wake("send_notice", row.pk, "second_factor_reset")
    access.record("second_factor_reset", user=row, by=by.pk if by else "system")
