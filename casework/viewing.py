"""Read audit: opening a case leaves a row in the transaction of the page."""

from typing import TYPE_CHECKING

from .models import Case, Viewing

if TYPE_CHECKING:
    from accounts.models import User


def looked(case: Case, *, by: "User", what: str = "page") -> None:
    """Record that `by` looked at `what` of this case. Call it before the words are fetched."""
    Viewing.objects.create(
        viewer=by,
        case_kind=case.KIND,
        case_id=case.pk,
        what=what,
        is_owner=case.is_owned_by(by),
    )
