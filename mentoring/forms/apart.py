from typing import Any, ClassVar

from django import forms

from accounts.models import User
from accounts.submissions import SentOnce
from accounts.widgets import Radios
from accounts.wording import PlainErrors
from mentoring.choices import Apart
from mentoring.models import KeepApart, Mentor
from referrals.forms.section import line


class KeepApartForm(SentOnce, PlainErrors, forms.ModelForm[KeepApart]):
    """Somebody whom a young person must not meet."""

    class Meta:
        model = KeepApart
        fields: ClassVar = ["mentor", "name", "kind", "reason", "is_restricted"]
        widgets: ClassVar = {
            "name": line(),
            "kind": Radios,
            "reason": forms.Textarea({"rows": 3}),
        }
        help_texts: ClassVar = {
            "name": "First and last name. It also holds for somebody who joins later.",
            "reason": "What you know and from whom.",
        }

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mentor: Any = self.fields["mentor"]
        mentor.queryset = Mentor.objects.visible_to(by).unfinished().order_by("name")
        mentor.empty_label = "Nobody in the register"
        mentor.label_from_instance = lambda row: row.name
        kind: Any = self.fields["kind"]
        kind.choices = Apart.choices

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"].strip()
        if name and len(name.split()) < 2:
            raise forms.ValidationError("Write the first and the last name.")
        return name
