import uuid
from datetime import timedelta
from typing import Any, ClassVar

from django import forms

from accounts.widgets import DateField
from accounts.wording import PlainErrors
from casework.calendar import today
from casework.forms import MoveForm
from referrals.models import Concern

from .moves import words
from .section import box, line, yes_no


class ConcernForm(PlainErrors, forms.ModelForm):
    """Raise a concern: facts and views apart, and whom they have called already."""

    is_danger = yes_no(
        "Is somebody in danger right now?",
        error_messages={"required": "Say whether somebody is in danger right now."},
    )
    submit_key = forms.UUIDField(widget=forms.HiddenInput)

    class Meta:
        model = Concern
        fields: ClassVar = ["is_danger", "fact", "opinion", "place", "who_knows", "called"]
        widgets: ClassVar = {
            "fact": box(5),
            "opinion": box(),
            "place": line(),
            "who_knows": line(),
            "called": line(),
        }
        help_texts: ClassVar = {
            "fact": "What happened, when, and who told you. Their own words if you can.",
            "opinion": "Your own view, apart from the facts.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {}).setdefault("submit_key", uuid.uuid4())
        super().__init__(*args, **kwargs)
        self.fields["fact"].required = True
        self.fields["fact"].error_messages["required"] = "Say what you have seen or been told."

    def _get_validation_exclusions(self) -> set[str]:
        """The status is protected and the area comes from the view."""
        own: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]  # the stubs leave it out
        return own | {"status", "area"}


class PassOnForm(MoveForm):
    passed_to = forms.CharField(
        label="To whom did you pass it on?",
        max_length=200,
        help_text="MASH, the police, the school's lead.",
        widget=line(),
    )
    passed_reference = forms.CharField(
        label="The reference they gave you", max_length=60, required=False, widget=line(20)
    )
    words = words("What did you tell them, and what did they say?", limit=4000)


class ChaseForm(MoveForm):
    words = words("Whom did you ask, and what did they say?", limit=4000)


class HandleForm(MoveForm):
    words = words("What did they decide? Who does what, until when?", limit=4000)
    review_on = DateField(label="When do you look at it again?", subject="The review date")

    def clean_review_on(self) -> Any:
        day = self.cleaned_data["review_on"]
        if not today() < day <= today() + timedelta(days=90):
            raise forms.ValidationError("The review date must be within the next 90 days.")
        return day


class CloseConcernForm(MoveForm):
    words = words("What was decided, and why?", limit=4000)
