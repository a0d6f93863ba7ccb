from typing import Any

from django import forms
from django.db.models import QuerySet

from accounts import roles
from accounts.clock import today
from accounts.models import Area, DutyShift, Membership, User
from accounts.widgets import Checks, DateField, Radios, TimeField
from accounts.wording import PlainErrors

WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


class PlanDutyForm(PlainErrors, forms.Form):
    """A weekly pattern: who answers, where, on which days, at which hours, from when to when."""

    user: Any = forms.ModelChoiceField(
        User.objects.none(), label="Who answers?", empty_label="Choose a safeguarding lead"
    )
    area: Any = forms.ModelChoiceField(
        Area.objects.none(), label="For which area?", empty_label="Choose an area"
    )
    position = forms.ChoiceField(
        label="As what?", choices=DutyShift.Position.choices, widget=Radios
    )
    weekdays = forms.TypedMultipleChoiceField(
        label="On which days?", choices=list(enumerate(WEEKDAYS)), coerce=int, widget=Checks
    )
    starts = TimeField(label="From")
    ends = TimeField(label="Until", help_text="At or before the start: it ends the day after.")
    first = DateField(label="First day", subject="The first day")
    last = DateField(label="Last day", subject="The last day", help_text="At most a year later.")
    is_out_of_hours = forms.BooleanField(
        label="Out of hours: reached by telephone only", required=False
    )

    def __init__(self, *args: Any, areas: QuerySet[Area], **kwargs: Any) -> None:
        given = {"position": DutyShift.Position.LEAD, "weekdays": [0, 1, 2, 3, 4]}
        kwargs["initial"] = {**given, "first": today(), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        codes = {code for area in areas for code in area.path.split("/")}
        held = Membership.objects.in_force().as_role(roles.SafeguardingLead)
        there = held.filter(areas__code__in=codes)
        people: Any = self.fields["user"]
        people.queryset = User.objects.filter(memberships__in=there).distinct().order_by("name")
        choice: Any = self.fields["area"]
        choice.queryset = areas.order_by("path")
