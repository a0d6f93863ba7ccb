"""A contact with a young person as it is written down, whoever works with them."""

from datetime import datetime

from accounts.models import User
from casework.models import Note
from referrals.models import Referral


def write_contact(
    referral: Referral,
    *,
    by: User,
    kind: Note.Kind,
    happened_at: datetime,
    how: str,
    is_reached: bool,
    words: str,
) -> Note:
    """The note of a contact, or of a try, in the usual band of its kind. Whether `by` may, and what
    it does to a clock, is for the service that calls this."""
    note = Note(
        case_kind=referral.KIND,
        case_id=referral.pk,
        kind=kind,
        band=Note.DEFAULT_BAND[kind],
        happened_at=happened_at,
        author=by,
        fact=f"{how}, {'reached' if is_reached else 'not reached'}. {words}".strip(),
    )
    note.full_clean()
    note.save()
    return note
