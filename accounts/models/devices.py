"""What proves who it is: a code from an app on the phone, or a recovery code."""

import hashlib
import hmac
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.db import models
from django.utils.crypto import get_random_string
from django_otp.models import Device, ThrottlingMixin, TimestampMixin, VerifyNotAllowed
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.clock import now

LONGEST_WAIT = timedelta(minutes=15)
# No letter or digit that looks like another; 16 of them are 72 bits (log2 23 is 4.5).
ALPHABET = "CDFGHJKMNPQRTVWXY234679"


class Throttled:
    """Waits 1, 2, 4, 8 … seconds after each wrong code, at most a quarter of an hour, on our clock.

    django-otp reads the machine's clock and lets the wait grow to a century. Not a model, because a
    proxy may not inherit from one with fields.
    """

    throttling_failure_timestamp: datetime | None
    throttling_failure_count: int
    save: Callable[[], None]

    def verify_is_allowed(self) -> tuple[bool, dict[str, Any] | None]:
        failed_at, count = self.throttling_failure_timestamp, self.throttling_failure_count
        if not failed_at or not count:
            return True, None
        until = failed_at + min(timedelta(seconds=2 ** min(count - 1, 20)), LONGEST_WAIT)
        if now() >= until:
            return True, None
        return False, {"reason": VerifyNotAllowed.N_FAILED_ATTEMPTS, "locked_until": until}

    def throttle_increment(self, commit: bool = True) -> None:
        self.throttling_failure_timestamp = now()
        self.throttling_failure_count += 1
        if commit:
            self.save()

    def get_throttle_factor(self) -> int:
        return 1


class Authenticator(Throttled, TOTPDevice):
    """The app on a person's phone. A code counts once; the next is of a later half minute."""

    class Meta:
        proxy = True

    class Privacy:
        subject = "user"
        why = "The second factor of staff."
        keep = "until it is replaced"
        fields: ClassVar = {
            "id": "none",
            "user": "personal management give",
            "name": "none",
            "confirmed": "none",
            "key": "credential management withhold",
            "step": "none",
            "t0": "none",
            "digits": "none",
            "tolerance": "none",
            "drift": "none",
            "last_t": "credential management withhold",
            "created_at": "personal management give",
            "last_used_at": "personal management give",
            "throttling_failure_timestamp": "personal management give",
            "throttling_failure_count": "personal management give",
        }

    def verify_token(self, token: str) -> bool:
        """Call with the row locked (`services.second_factor` does).

        Unlike django-otp's, it does not follow a phone whose clock is wrong: they set themselves.
        """
        if not self.verify_is_allowed()[0]:
            return False
        clock = self._clock()
        is_code = token.isascii() and token.isdecimal() and len(token) == self.digits
        if is_code and clock.verify(int(token), self.tolerance, self.last_t + 1):
            self.last_t: int = clock.t()
            self.throttle_reset(commit=False)
            self.last_used_at = now()
            self.save()
            return True
        self.throttle_increment()
        return False

    def current_code(self) -> str:
        """The code that would be taken now: this half minute's, or the next if it is used."""
        clock = self._clock()
        clock.drift += max(0, self.last_t + 1 - clock.t())
        return f"{clock.token():0{self.digits}d}"

    def _clock(self) -> TOTP:
        clock = TOTP(self.bin_key, self.step, self.t0, self.digits, self.drift)
        clock.time = now().timestamp()
        return clock


class RecoverySheet(Throttled, ThrottlingMixin, TimestampMixin, Device):
    """Ten codes on paper for the day the phone is lost. Each works once; only hashes are kept."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user"], name="recovery_sheet_one_each"),
        ]

    class Privacy:
        subject = "user"
        why = "The way back in without the phone."
        keep = "until it is replaced"
        fields: ClassVar = {
            "id": "none",
            "user": "personal management give",
            "name": "none",
            "confirmed": "none",
            "created_at": "personal management give",
            "last_used_at": "personal management give",
            "throttling_failure_timestamp": "personal management give",
            "throttling_failure_count": "personal management give",
        }

    def renew(self) -> list[str]:
        """Ten new codes, in clear for the last time; the old ones are dead."""
        codes = [get_random_string(16, ALPHABET) for _ in range(10)]
        self.codes.all().delete()
        RecoveryCode.objects.bulk_create(
            RecoveryCode(sheet=self, digest=RecoveryCode.hash(code)) for code in codes
        )
        return ["-".join(code[i : i + 4] for i in range(0, 16, 4)) for code in codes]

    def verify_token(self, token: str) -> bool:
        """Call with the row locked. A code that fits is gone."""
        if not self.verify_is_allowed()[0]:
            return False
        wanted = RecoveryCode.hash(token)
        for code in self.codes.all():
            if hmac.compare_digest(code.digest, wanted):
                code.delete()
                self.throttle_reset(commit=False)
                self.last_used_at = now()
                self.save()
                return True
        self.throttle_increment()
        return False


class RecoveryCode(models.Model):
    sheet = models.ForeignKey(RecoverySheet, on_delete=models.CASCADE, related_name="codes")
    digest = models.CharField(max_length=64)

    class Privacy:
        subject = "user"
        why = "The way back in without the phone."
        keep = "until it is used"
        fields: ClassVar = {
            "id": "none",
            "sheet": "none",
            "digest": "credential management withhold",
        }

    def __str__(self) -> str:
        return "Recovery code"

    @staticmethod
    def hash(code: str) -> str:
        """SHA-256 is enough for 72 random bits; dashes, spaces and case do not matter."""
        plain = "".join(letter for letter in code.upper() if letter.isalnum())
        return hashlib.sha256(plain.encode()).hexdigest()
