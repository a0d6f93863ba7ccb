"""Answering a sustainment check."""

from typing import Any

from django import forms

from accounts.widgets import DateField, Radios
from accounts.wording import PlainErrors
from casework.calendar import today
from pathways.models import SustainmentCheck

from .facts import box, evidence

Status = SustainmentCheck.Status


class AnswerForm(PlainErrors, forms.Form):
    status = forms.ChoiceField(
        label="Are they still there?",
        choices=[
            (Status.ACHIEVED, "Yes, still there"),
            (Status.NOT_ACHIEVED, "No, not any more"),
            (Status.UNABLE_TO_CONTACT, "We could not reach anybody"),
        ],
        widget=Radios(
            hints={
                Status.NOT_ACHIEVED: "Record their last day afterwards, so that somebody speaks "
                "with them",
                Status.UNABLE_TO_CONTACT: "This is not a no. Say below what you tried.",
            },
            reveals={Status.ACHIEVED: "evidence"},
        ),
    )
    evidence = evidence(required=False)
    asked_on = DateField(label="When did you ask?", latest=today, subject="The day")
    note = box("Anything the team should know", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {}).setdefault("asked_on", today())
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("status") == Status.ACHIEVED and not data.get("evidence"):
            self.add_error("evidence", "Say how we know that they are still there.")
        if data.get("status") == Status.UNABLE_TO_CONTACT and not data.get("note"):
            self.add_error("note", "Say how you tried to reach them.")
        if data.get("status") != Status.ACHIEVED:
            data["evidence"] = ""
        return data


class CorrectionForm(AnswerForm):
    why = forms.CharField(label="What was wrong with the answer?", max_length=300)
    field_order = ["status", "evidence", "asked_on", "note", "why"]
