from typing import Any, ClassVar

from django import forms

from accounts.widgets import Radios
from accounts.wording import PlainErrors
from referrals.models import Comparison


class CompareForm(PlainErrors, forms.ModelForm[Comparison]):
    class Meta:
        model = Comparison
        fields: ClassVar = ["verdict"]
        widgets: ClassVar = {"verdict": Radios}
        labels: ClassVar = {"verdict": "Are they the same young person?"}
        error_messages: ClassVar = {"verdict": {"required": "Say whether they are the same."}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["verdict"]
        field.choices = Comparison.Verdict.choices  # without the empty one
