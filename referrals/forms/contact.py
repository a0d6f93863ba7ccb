"""What people write down of a contact with a young person."""

from typing import Any, ClassVar

from django import forms

from accounts.submissions import SentOnce
from accounts.widgets import MomentBox, Radios
from accounts.wording import PlainErrors
from casework.calendar import now
from casework.forms import past

from .section import box, yes_no


class ContactNoteForm(SentOnce, PlainErrors, forms.Form):
    """A contact, or a try at one. `readers` says who may read the words."""

    readers: ClassVar[str] = "The team and the referrer may read this."

    happened_at = forms.DateTimeField(label="When was it?", widget=MomentBox)
    how = forms.ChoiceField(
        label="How?",
        choices=[(words, words) for words in ("In person", "By phone", "By text", "By email")],
        widget=Radios(inline=True),
    )
    is_reached = yes_no("Did you reach them?")
    words = forms.CharField(
        label="What did you talk about?",
        max_length=1000,
        widget=box(),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {}).setdefault("happened_at", now())
        super().__init__(*args, **kwargs)
        self.fields["words"].help_text = self.readers

    def clean_happened_at(self) -> Any:
        return past(self.cleaned_data["happened_at"])
