"""References that people read out on the phone: `K7M-2QF`, no look-alikes (casework reference
§6)."""

import re
import secrets
from functools import cache

from django.urls import reverse

ALPHABET = "CDFGHJKMNPQRTVWXY234679"
PATTERN = rf"[{ALPHABET}]{{3}}-[{ALPHABET}]{{3}}"
EXAMPLE = "K7M-2QF"


def new() -> str:
    """A random reference: 23 to the 6th, about 148 million. The unique constraint settles a
    clash."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(6))
    return f"{letters[:3]}-{letters[3:]}"


def parse(text: str) -> str | None:
    """The reference in what somebody typed (`k7m 2qf`), or None."""
    squeezed = re.sub(r"[\s-]", "", text).upper()
    reference = f"{squeezed[:3]}-{squeezed[3:]}"
    return reference if re.fullmatch(PATTERN, reference) else None


def page(name: str, reference: str) -> str:
    """The path of a page that has nothing but a reference in it, as each line of a list asks."""
    before, after = _around(name)
    return f"{before}{reference}{after}"


@cache
def _around(name: str) -> tuple[str, str]:
    before, _, after = reverse(name, args=[EXAMPLE]).partition(EXAMPLE)
    return before, after
