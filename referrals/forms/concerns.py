import uuid
from datetime import timedelta
from typing import Any, ClassVar

from django import forms

from accounts.widgets import DateField
from accounts.wording import PlainErrors
from casework.calendar import today
from casework.forms import MoveForm
from referrals.models import Agreed, Concern

from .moves import words
from .section import box, line, yes_no

FURTHEST = timedelta(days=90)
NTH = {1: "First", 2: "Second", 3: "Third"}
LINES = tuple(NTH)


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
    """What was decided, and the agreed actions, each with who does it and until when: at least
    one, and as many lines as the page has."""

    intro = "Whoever does something need not sign in here. You tick it off when it is done."
    words = words("What was decided, and why?", limit=4000)
    review_on = DateField(label="When do you look at it again?", subject="The review date")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in LINES:
            self.fields |= _line(number)
        self.order_fields(["words", *(n for each in LINES for n in _line(each)), "review_on"])

    def clean_review_on(self) -> Any:
        day = self.cleaned_data["review_on"]
        if not today() < day <= today() + FURTHEST:
            raise forms.ValidationError("The review date must be within the next 90 days.")
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        data["actions"] = [agreed for number in LINES if (agreed := self._agreed(number, data))]
        return data

    def _agreed(self, number: int, data: dict[str, Any]) -> Agreed | None:
        """A line that is filled in; of one that is begun each part that is missing gets a
        sentence."""
        names = [*_line(number)]
        what, who, by_when = said = [data.pop(name, None) for name in names]
        is_begun = any(said)
        for name, value in zip(names, said, strict=True):
            if is_begun and not value and name not in self.errors:
                self.add_error(name, self.fields[name].error_messages["required"])
        if by_when and not today() <= by_when <= today() + FURTHEST:
            self.add_error(names[2], "The day must be within the next 90 days.")
        return Agreed(what, who, by_when) if what and who and by_when else None


def _line(number: int) -> dict[str, forms.Field]:
    """The fields of one action; the first is asked for."""

    def say(sentence: str, question: str) -> dict[str, Any]:
        return {
            "label": f"{NTH[number]} action: {question}",
            "required": number == 1,
            "error_messages": {"required": sentence},
        }

    return {
        f"what_{number}": forms.CharField(
            max_length=300, widget=line(), **say("Say what is done.", "what is done?")
        ),
        f"who_{number}": forms.CharField(
            max_length=120, widget=line(), **say("Say who does it.", "who does it?")
        ),
        f"by_when_{number}": DateField(subject="The day", **say("Say until when.", "until when?")),
    }


class CloseConcernForm(MoveForm):
    words = words("What was decided, and why?", limit=4000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        open_ = self.case.actions.not_done()  # type: ignore[attr-defined]
        self.shown = [("Agreed and not done", f"{row.what} ({row.who})") for row in open_]
