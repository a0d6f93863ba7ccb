"""Questions that several forms ask: how we know, how many hours, a day ahead."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from accounts.widgets import Radios
from accounts.wording import PlainErrors
from casework.calendar import today
from pathways.models import Evidence

_HINTS = {
    Evidence.THIRD_PARTY: "By work email, or by phone: note who and when",
    Evidence.DOCUMENT: "A payslip, contract, offer or enrolment letter",
    Evidence.WORKER: "The weakest: ask for more when you can",
}


def box(label: str, *, limit: int = 1000, rows: int = 3, **options: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=limit, widget=forms.Textarea({"rows": rows}), **options
    )


def hours() -> forms.IntegerField:
    return forms.IntegerField(
        label="Hours a week",
        required=False,
        min_value=1,
        max_value=80,
        widget=forms.TextInput({"size": 3, "inputmode": "numeric"}),
    )


def evidence(label: str = "How do we know?", **options: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, choices=Evidence.choices, widget=Radios(hints=_HINTS), **options
    )


class EvidenceFields(PlainErrors, forms.Form):
    """How well something is known, the strongest evidence first."""

    evidence = evidence()
    source = forms.CharField(
        label="Who or what says so?",
        max_length=200,
        required=False,
        help_text="For example: “Ms Hall, personnel, by phone at 10:15”.",
    )


def ahead(day: date, *, days: int, subject: str) -> date:
    """Today or later, and not further off than that."""
    last = today() + timedelta(days=days)
    if not today() <= day <= last:
        raise ValidationError(f"{subject} must be between today and {last.day} {last:%B %Y}")
    return day
