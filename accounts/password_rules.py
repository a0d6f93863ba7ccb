"""What Django's list of common passwords misses once twelve characters are asked for."""

import re
from itertools import pairwise

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError


class PaddedPasswordValidator(CommonPasswordValidator):
    """Refuses a common password made longer ("Password2024!", "letmeinletmein"), and runs.

    Almost no entry of the list is twelve characters long, so people reach the length by padding
    what is on it, and guessers know.
    """

    FEWEST_DIFFERENT = 5

    def validate(self, password: str, user: object = None) -> None:
        plain = password.lower().strip()
        core = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", plain)
        half = plain[: len(plain) // 2]
        monotone = len(set(plain)) < self.FEWEST_DIFFERENT or _is_run(plain)
        if monotone or core in self.passwords or (half * 2 == plain and half in self.passwords):
            raise ValidationError(self.get_error_message(), code="password_too_common")

    def get_error_message(self) -> str:
        return "This password is easy to guess. Use three words that do not belong together."


def _is_run(text: str) -> bool:
    """Whether each character follows the one before it in code or is the same (123456789012)."""
    steps = [ord(after) - ord(before) for before, after in pairwise(text)]
    return sum(step in {0, 1, -1, -9} for step in steps) >= len(steps) - 1
