"""Documents about a referral."""

from io import BytesIO
from typing import TYPE_CHECKING

from .models import Referral
from .reading import Part

if TYPE_CHECKING:
    from accounts.models import User


def summary_pdf(referral: Referral, parts: list[Part], *, reader: "User") -> BytesIO:
    """One referral as a document, with the parts that its reader may see and a line that says
    who."""
    raise RuntimeError("written when casework.pdf has landed")
