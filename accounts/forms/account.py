"""Forms of one's own page."""

from typing import Any

import phonenumbers
from django import forms

from accounts.models import User

from .doors import EmailField


class PhoneField(forms.CharField):
    """A telephone number in any spelling; kept as people here write it (0115 496 0123)."""

    def __init__(self, **kwargs: Any) -> None:
        box = forms.TextInput({"autocomplete": "tel", "inputmode": "tel", "size": 20})
        super().__init__(max_length=30, **{"widget": box, **kwargs})

    def clean(self, value: Any) -> str:
        typed = str(super().clean(value))
        if not typed:
            return ""
        try:
            number = phonenumbers.parse(typed, "GB")
        except phonenumbers.NumberParseException:
            number = None
        if number is None or not phonenumbers.is_possible_number(number):
            raise forms.ValidationError("Enter a telephone number, like 0115 496 0123")
        home = number.country_code == 44
        style = phonenumbers.PhoneNumberFormat
        return phonenumbers.format_number(number, style.NATIONAL if home else style.INTERNATIONAL)


class DetailsForm(forms.ModelForm[User]):
    phone = PhoneField(
        label="Work telephone number",
        required=False,
        help_text="Seen by the people you work with on a case.",
    )

    class Meta:
        model = User
        fields = ("name", "job_title", "phone")
        labels = {"name": "Full name"}
        widgets = {
            "name": forms.TextInput({"autocomplete": "name", "spellcheck": "false"}),
            "job_title": forms.TextInput({"autocomplete": "organization-title"}),
        }
        error_messages = {"name": {"required": "Enter your full name"}}

    def save(self, commit: bool = True) -> User:
        """Only what was asked for: the account may have been closed since it was read."""
        user: User = super().save(commit=False)
        if commit:
            user.save(update_fields=self.Meta.fields)
        return user


class NewEmailForm(forms.Form):
    email = EmailField(
        label="New email address",
        help_text="We send a link there. Nothing changes until you use it.",
    )
