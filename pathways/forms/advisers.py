from typing import Any

from django import forms
from django.db.models import Count, Q

from accounts.models import User
from accounts.widgets import Radios
from accounts.wording import PlainErrors
from pathways.services import advisers
from referrals.models import Referral

_ADVISING = Q(assignments__role=advisers.ADVISER, assignments__ended_at__isnull=True)


class AskAdviserForm(PlainErrors, forms.Form):
    worker = forms.ModelChoiceField(
        User.objects.none(), label="Which pathway adviser?", empty_label=None
    )

    def __init__(self, *args: Any, referral: Referral, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["worker"]
        field.queryset = User.objects.filter(
            pk__in=advisers.advisers_for(referral).values("user")
        ).exclude(pk__in=advisers.current(referral).values("worker"))
        field.queryset = field.queryset.annotate(load=Count("assignments", filter=_ADVISING))
        field.widget = Radios(hints=_load)
        field.widget.choices = field.choices
        field.error_messages["required"] = "Choose who should help."


def _load(worker: Any) -> str:
    """How many young people they advise now, so that nobody is asked too often."""
    return f"Advises {worker.load} young {'person' if worker.load == 1 else 'people'} now"
