from datetime import datetime, timedelta
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from accounts.models import User
from accounts.widgets import MomentBox, Radios
from accounts.wording import PlainErrors

from .calendar import now
from .models import Case, Note
from .models.notes import Band

LONG_AGO = timedelta(days=25 * 365)  # longer than anybody here has lived


def past(moment: datetime) -> datetime:
    """When something happened, that somebody writes down: not ahead, and not before anybody here
    was born."""
    if moment > now():
        raise ValidationError("That lies ahead. Give a time that has passed.")
    if moment < now() - LONG_AGO:
        raise ValidationError("That is over 25 years ago. Look at the year again.")
    return moment


class MoveForm(PlainErrors, forms.Form):
    """What a person says with a move. Every move has one: this plain one asks nothing.

    `version` carries which version of the case the person saw; `details()` is what `move()` gets.
    """

    version = forms.IntegerField(widget=forms.HiddenInput)

    # Words for the page, where the label of the move does not say enough.
    intro: ClassVar[str] = ""

    def __init__(self, *args: Any, case: Case, by: User, **kwargs: Any) -> None:
        self.case, self.by = case, by
        kwargs.setdefault("initial", {}).setdefault("version", case.version)
        super().__init__(*args, **kwargs)

    def details(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class _NewNote(PlainErrors, forms.ModelForm[Note]):
    """A repeat of the same submit is no error: it ends where the first one did."""

    def _get_validation_exclusions(self) -> set[str]:
        own: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]  # the stubs leave it out
        return own | {"submit_key"}


class NoteForm(_NewNote):
    class Meta:
        model = Note
        fields: ClassVar = ["kind", "band", "happened_at", "fact", "opinion", "submit_key"]
        widgets: ClassVar = {
            "submit_key": forms.HiddenInput,
            "kind": Radios,
            "happened_at": MomentBox,
            "fact": forms.Textarea({"rows": 6}),
            "opinion": forms.Textarea({"rows": 3}),
        }
        labels: ClassVar = {
            "kind": "What kind of note is it?",
            "band": "Who may read it?",
            "happened_at": "When did it happen?",
        }
        help_texts: ClassVar = {
            "fact": "What you saw, heard or did. Do not name another young person.",
            "opinion": "Your own view, apart from the facts.",
        }

    def __init__(self, *args: Any, case: Case, by: User, **kwargs: Any) -> None:
        self.case, self.by = case, by
        kwargs.setdefault("initial", {}).setdefault("happened_at", now())
        super().__init__(*args, **kwargs)
        bands = case.bands_for(by)
        self.fields["band"] = forms.ChoiceField(
            label="Who may read it?",
            choices=[("", "As usual for this kind of note")]
            + [(band.value, band.label) for band in Band if band in bands],
            required=False,
        )
        field = self.fields["kind"]
        field.choices = [  # type: ignore[attr-defined]
            choice
            for choice in Note.Kind.choices
            if choice[0] != Note.Kind.CORRECTION
            and Note.DEFAULT_BAND[Note.Kind(choice[0])] in bands
        ]

    def clean_happened_at(self) -> Any:
        return past(self.cleaned_data["happened_at"])

    def clean(self) -> dict[str, Any]:
        """Anybody may keep a note closer than is usual for its kind; nobody wider."""
        data = super().clean() or {}
        kind = data.get("kind")
        usual = Note.DEFAULT_BAND[Note.Kind(kind)] if kind else None
        if usual and not data.get("band"):
            data["band"] = usual
        elif usual and Band(data["band"]).is_wider_than(usual):
            self.add_error(
                "band",
                f"A note of this kind is for fewer people. Choose “{usual.label}” or one below it.",
            )
        return data


class CorrectionForm(_NewNote):
    class Meta:
        model = Note
        fields: ClassVar = ["fact", "submit_key"]
        widgets: ClassVar = {
            "submit_key": forms.HiddenInput,
            "fact": forms.Textarea({"rows": 6}),
        }
        labels: ClassVar = {"fact": "What is wrong, and what is right?"}
        help_texts: ClassVar = {"fact": "Do not name another young person."}

    def save(self, commit: bool = True) -> Note:
        self.instance.happened_at = self.instance.written_at
        return super().save(commit)
