"""Opportunities: finding them, and keeping them."""

from datetime import timedelta
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from accounts import roles
from accounts.models import Area, Organisation, User
from accounts.submissions import SentOnce
from accounts.widgets import Checks, DateField, Radios
from accounts.wording import PlainErrors
from casework.calendar import today
from pathways.models import Opportunity

from .facts import box

LONGEST = timedelta(days=731)
FULL_TIME = 16  # hours a week from which the ILR counts work as full (EMP 1, pathways §2)


_KINDS = Organisation.Kind
# Who may offer something. Schools are left out: there are hundreds, and they refer.
_OFFER = [_KINDS.COLLEGE, _KINDS.EMPLOYER, _KINDS.CHARITY, _KINDS.COUNCIL, _KINDS.HEALTH,
          _KINDS.OTHER, _KINDS.UNIT]  # fmt: skip


class FilterForm(forms.Form):
    """Filters as links that can be shared; a value that is none is no filter."""

    kind = forms.ChoiceField(choices=Opportunity.Kind.choices, required=False)
    area = forms.ModelChoiceField(Area.objects.none(), required=False, to_field_name="code")
    hours = forms.ChoiceField(
        choices=[("part", "Up to 15 hours a week"), ("full", "16 hours a week or more")],
        required=False,
    )
    show = forms.ChoiceField(
        choices=[("open", "With open places"), ("over", "Over")], required=False
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        area: Any = self.fields["area"]
        area.queryset = areas_of(by, Area.Kind.DISTRICT)

    def chosen(self) -> dict[str, Any]:
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def narrow(self, rows: Any) -> Any:
        """The opportunities that fit what was chosen; without a choice those that are not over."""
        chosen = self.chosen()
        if "kind" in chosen:
            rows = rows.filter(kind=chosen["kind"])
        if "area" in chosen:
            rows = rows.in_area(chosen["area"])
        if chosen.get("hours") == "part":
            rows = rows.filter(hours__lt=FULL_TIME)
        elif "hours" in chosen:
            rows = rows.filter(hours__gte=FULL_TIME)
        if chosen.get("show") == "over":
            return rows.filter(expires_on__lt=today())
        return rows.with_room() if "show" in chosen else rows.not_over()


def areas_of(user: User, *kinds: str) -> Any:
    """Areas in which this person works; all of them for those who hold none."""
    areas = Area.objects.filter(kind__in=kinds).order_by("path")
    if user.holds(roles.Mentor, roles.Supervisor):
        return areas
    mine = user.area_ids_as(roles.Coordinator, roles.PathwayAdviser, roles.ProgrammeManager)
    return areas.filter(pk__in=mine)


class OpportunityForm(SentOnce, PlainErrors, forms.ModelForm[Opportunity]):
    starts_on = DateField(
        label="When does it start?",
        required=False,
        subject="The start",
        help_text="Leave it empty if one can start at any time.",
    )
    checked_on = DateField(
        label="When did you last check it?", latest=today, subject="The day of the check"
    )
    expires_on = DateField(
        label="Until when can one apply?",
        subject="The last day",
        help_text="After this day it is no longer offered to anybody.",
    )
    summary = box("What is it?", rows=4)
    entry_needs = box("What somebody needs to get in", required=False)
    accessibility = box("How people with different needs can take part", limit=500, required=False)
    field_order = [
        "kind", "organisation", "other_organisation", "title", "summary", "areas", "places",
        "starts_on", "hours", "pay", "entry_needs", "convictions", "accessibility", "checked_on",
        "expires_on",
    ]  # fmt: skip

    class Meta:
        model = Opportunity
        fields: ClassVar = [
            "kind", "organisation", "other_organisation", "title", "summary", "areas", "places",
            "hours", "pay", "entry_needs", "convictions", "accessibility", "starts_on",
            "checked_on", "expires_on",
        ]  # fmt: skip
        widgets: ClassVar = {
            "kind": Radios,
            "areas": Checks,
            "convictions": Radios,
            "places": forms.TextInput(attrs={"size": 4, "inputmode": "numeric"}),
            "hours": forms.TextInput(attrs={"size": 3, "inputmode": "numeric"}),
        }
        labels: ClassVar = {
            "title": "What is it called?",
            "areas": "Where?",
            "places": "How many places are there?",
            "pay": "What does it pay?",
            "convictions": "Are people with convictions considered?",
        }
        help_texts: ClassVar = {
            "other_organisation": "Only if it is not on the list above.",
            "pay": "For example: “£8.60 an hour” or “No pay, fares paid”.",
        }

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        areas: Any = self.fields["areas"]
        areas.queryset = areas_of(by, Area.Kind.AREA, Area.Kind.DISTRICT)
        # Where it is offered too, and this person has no say.
        self.elsewhere = list(self.instance.areas.exclude(pk__in=areas.queryset))
        areas.required = not self.elsewhere
        offers: Any = self.fields["organisation"]
        offers.queryset = Organisation.objects.filter(is_open=True, kind__in=_OFFER)
        offers.empty_label = "Not on the list"
        kind: Any = self.fields["kind"]
        kind.choices = Opportunity.Kind.choices  # no empty one among radios
        if self.instance._state.adding:
            self.initial.setdefault("checked_on", today())

    def clean_areas(self) -> list[Area]:
        return [*self.cleaned_data["areas"], *self.elsewhere]

    def clean_expires_on(self) -> Any:
        day = self.cleaned_data["expires_on"]
        if day > today() + LONGEST:
            raise ValidationError("That is more than two years ahead. Check the year.")
        return day
