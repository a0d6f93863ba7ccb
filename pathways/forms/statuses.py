"""What a young person does, as it is recorded."""

from typing import Any

from django import forms

from accounts.submissions import SentOnce
from accounts.widgets import DateField, Radios
from casework.calendar import today
from pathways.models import EteStatus
from referrals import nccis
from referrals.models import Referral

from .facts import EvidenceFields, hours

Kind = EteStatus.Kind


class StatusForm(SentOnce, EvidenceFields):
    """A change, a confirmation or a correction; the first time only what there is."""

    kind = forms.ChoiceField(
        label="Is this new?",
        choices=Kind.choices,
        widget=Radios(
            hints={
                Kind.CHANGE: "They do something else now",
                Kind.CONFIRMED: "Leave what they do and since when as it stands",
                Kind.CORRECTION: "The mistake stays in the history, marked",
            }
        ),
    )
    code = forms.ChoiceField(label="What do they do?", choices=[("", "Choose"), *nccis.choices])
    starts_on = DateField(
        label="Since when?", required=False, latest=today, subject="The day it began"
    )
    hours = hours()
    ends_on = DateField(
        label="Until when?",
        required=False,
        subject="The end",
        help_text="The end of a course or a contract, or a release date, if it is known.",
    )
    verified_on = DateField(
        label="On which day was this confirmed?", latest=today, subject="The day"
    )
    field_order = [
        "kind", "code", "starts_on", "hours", "ends_on", "verified_on", "evidence", "source"
    ]  # fmt: skip

    def __init__(
        self, *args: Any, referral: Referral, current: EteStatus | None, **kwargs: Any
    ) -> None:
        kwargs["initial"] = {**_known(referral, current), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        if current is None:
            del self.fields["kind"]

    def details(self) -> dict[str, Any]:
        return {"kind": Kind.CHANGE, **self.cleaned_data}


def _known(referral: Referral, current: EteStatus | None) -> dict[str, Any]:
    """What we have; before anything is confirmed, what the referrer wrote."""
    if current is not None:
        names = ("code", "starts_on", "hours", "ends_on")
        return {"verified_on": today(), **{name: getattr(current, name) for name in names}}
    written = getattr(referral, "education", None)
    if written is None:
        return {"verified_on": today()}
    return {"verified_on": today(), "code": written.status, "starts_on": written.since}
