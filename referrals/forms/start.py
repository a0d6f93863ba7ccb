import uuid
from typing import Any

from django import forms

from accounts.models import Organisation, User
from accounts.widgets import Radios
from accounts.wording import PlainErrors
from referrals.models import Programme
from referrals.services.drafts import referring_memberships


class StartForm(PlainErrors, forms.Form):
    """Which programme, and for which organisation when a person refers for several."""

    programme = forms.ModelChoiceField(
        Programme.objects.none(), label="What kind of help are you looking for?", empty_label=None
    )
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label="For which organisation do you refer?", empty_label=None
    )
    submit_key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {}).setdefault("submit_key", uuid.uuid4())
        super().__init__(*args, **kwargs)
        ids = [row.organisation_id for row in referring_memberships(by)]
        organisations = Organisation.objects.filter(pk__in=ids)
        programmes = Programme.objects.open_to(by)
        self._offer("programme", programmes, hints=lambda programme: programme.summary)
        self._offer("organisation", organisations)
        self.may_share = organisations.sharing().exists()

    def _offer(self, name: str, rows: Any, **words: Any) -> None:
        """Show the choice; with only one row there is nothing to choose."""
        field: Any = self.fields[name]
        field.queryset = rows
        field.widget = Radios(**words)
        field.widget.choices = field.choices
        if rows.count() == 1:
            field.initial = rows.get()
            if name == "organisation":
                field.widget = forms.HiddenInput()
