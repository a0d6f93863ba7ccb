from typing import Any

from django import forms
from django.db.models import Q

from accounts.models import Area, Organisation, SharingAgreement
from accounts.submissions import SentOnce
from accounts.widgets import Checks, DateField, PostcodeField, Radios
from accounts.wording import PlainErrors


class IdentifierField(forms.CharField):
    """Spaces out, letters in capitals; the model's validator knows the published rule."""

    def clean(self, value: Any) -> str:
        return str(super().clean("".join(str(value or "").split()).upper()))


class OrganisationForm(SentOnce, PlainErrors, forms.ModelForm[Organisation]):
    urn = IdentifierField(
        label="URN",
        required=False,
        help_text="Schools: six digits, from Get Information about Schools",
    )
    ukprn = IdentifierField(
        label="UKPRN", required=False, help_text="Colleges and providers: eight digits from 1"
    )
    charity_number = IdentifierField(label="Charity number", required=False)
    company_number = IdentifierField(
        label="Company number", required=False, help_text="Eight characters, such as 01234567"
    )
    postcode = PostcodeField(required=False)

    class Meta:
        model = Organisation
        fields = (
            "name",
            "kind",
            "sector",
            "urn",
            "ukprn",
            "charity_number",
            "company_number",
            "postcode",
            "areas",
            "team_sees_referrals",
            "is_open",
        )
        widgets = {"kind": Radios, "sector": Radios, "areas": Checks}
        labels = {
            "areas": "Areas served",
            "team_sees_referrals": "Colleagues see each other’s referrals",
            "is_open": "Works with us",
        }
        help_texts = {
            "team_sees_referrals": "",
            "is_open": "Untick when it no longer does: then its people can do nothing here.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = Organisation.Kind.choices  # type: ignore[attr-defined]
        self.fields["sector"].choices = Organisation.Sector.choices  # type: ignore[attr-defined]
        areas: Any = self.fields["areas"]
        # A ward too, if it is there: what is not offered, a save drops.
        held = self.instance.areas.values("pk")
        offered = Area.objects.filter(~Q(kind=Area.Kind.WARD) | Q(pk__in=held))
        areas.queryset = offered.order_by("path")

    def clean_company_number(self) -> str:
        """Companies House writes 1234567 as 01234567."""
        number = str(self.cleaned_data["company_number"])
        return number.zfill(8) if number.isdecimal() else number


class AgreementForm(SentOnce, PlainErrors, forms.ModelForm[SharingAgreement]):
    starts_on = DateField(label="First day", subject="The first day")
    ends_on = DateField(label="Last day", subject="The last day", required=False)

    class Meta:
        model = SharingAgreement
        fields = ("purpose", "starts_on", "ends_on")
        labels = {"purpose": "What may be shared, and what for"}
        error_messages = {"purpose": {"required": "Say what may be shared"}}
