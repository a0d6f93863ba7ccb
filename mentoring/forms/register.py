"""The register: entries, checks, and what people say with the moves of a mentor."""

from datetime import timedelta
from typing import Any, ClassVar, cast

from django import forms
from django.contrib.postgres.forms import SimpleArrayField

from accounts import roles
from accounts.models import Area, Membership, Organisation, User
from accounts.submissions import SentOnce
from accounts.widgets import Chips, DateField, PostcodeField, Radios
from accounts.wording import PlainErrors
from casework.calendar import today
from casework.forms import MoveForm
from mentoring import policies
from mentoring.choices import Check, Gender, Help, Leaving, Level, Suspension, TurningAway
from mentoring.models import Credential, Mentor
from mentoring.services.register import OWN_FIELDS
from referrals.choices import Interest, Slot
from referrals.forms.moves import WhyForm, words
from referrals.forms.section import line, number, yes_no

from .moves import day


class Languages(SimpleArrayField):
    """Typed with commas: "English, Polish". Nobody has more than a dozen."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(forms.CharField(max_length=60), max_length=12, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list | tuple) else value

    def to_python(self, value: Any) -> Any:
        names = [" ".join(each.split()) for each in str(value or "").split(",")]
        return super().to_python(",".join(name for name in names if name))


class EntryForm(SentOnce, PlainErrors, forms.ModelForm[Mentor]):
    """An entry of the register. Mentors see the part that is theirs to change."""

    languages = Languages(
        label="Languages they speak", help_text="With commas between them, English included."
    )
    interests = forms.MultipleChoiceField(
        label="What they like to do", choices=Interest.choices, required=False, widget=Chips
    )
    free_times = forms.MultipleChoiceField(
        label="When they are free", choices=Slot.choices, required=False, widget=Chips
    )
    helps_with = forms.MultipleChoiceField(
        label="What they know of education and work",
        choices=Help.choices,
        required=False,
        widget=Chips,
    )
    postcode = PostcodeField(
        label="Home postcode",
        required=False,
        help_text="Only to work out how far they travel. Coordinators see it, nobody else.",
    )

    class Meta:
        model = Mentor
        fields: ClassVar = [
            "name",
            "email",
            "phone",
            "organisation",
            "area",
            "gender",
            "languages",
            "interests",
            "free_times",
            "helps_with",
            "postcode",
            "travel_km",
            "is_paid",
            "capacity",
            "age_from",
            "age_to",
            "about",
        ]
        widgets: ClassVar = {
            "name": line(),
            "phone": line(20, inputmode="tel"),
            "gender": Radios(inline=True),
            "travel_km": number(),
            "capacity": number(),
            "age_from": number(),
            "age_to": number(),
            "about": forms.Textarea({"rows": 3}),
        }
        labels: ClassVar = {"name": "Full name", "gender": "How do they describe themselves?"}

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        gender: Any = self.fields["gender"]
        gender.choices = Gender.choices
        areas = Area.objects.filter(pk__in=by.area_ids_as(roles.Coordinator))
        area: Any = self.fields["area"]
        area.queryset = areas.filter(kind=Area.Kind.DISTRICT).order_by("name")
        area.required, area.empty_label = True, "Choose an area"
        organisation: Any = self.fields["organisation"]
        organisation.empty_label = "Choose an organisation"
        organisation.queryset = Organisation.objects.filter(
            is_open=True, areas__in=_with_above(areas)
        ).distinct()
        if (
            self.instance.pk
            and not self.instance._state.adding
            and policies.is_self(self.instance, by)
        ):
            for name in set(self.fields) - set(OWN_FIELDS):
                del self.fields[name]

    def _get_validation_exclusions(self) -> set[str]:
        """The status is protected; it changes by moves alone."""
        return super()._get_validation_exclusions() | {"status"}  # type: ignore[misc]


def _with_above(areas: Any) -> Any:
    """These areas and those above them, for which an organisation may be registered."""
    codes = {code for path in areas.values_list("path", flat=True) for code in path.split("/")}
    return Area.objects.filter(code__in=codes - {""})


class SupervisorForm(PlainErrors, forms.Form):
    """Level and supervisor, which a coordinator sets once somebody mentors."""

    level = forms.TypedChoiceField(label="Level", coerce=int, widget=Radios)
    supervisor = forms.ModelChoiceField(
        User.objects.none(),
        label="Supervisor",
        required=False,
        empty_label="Nobody: a coordinator holds supervision",
    )

    def __init__(self, *args: Any, mentor: Mentor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer_levels(self.fields["level"], mentor)
        _offer_supervisors(self.fields["supervisor"], mentor)


def _offer_levels(field: Any, mentor: Mentor) -> None:
    """No level is given for which a check is missing."""
    earned = mentor.earned_level()
    field.choices = [choice for choice in Level.choices if 1 <= choice[0] <= max(earned, 1)]
    field.help_text = (
        f"Their checks and courses reach level {earned}."
        if earned
        else "A check for level 1 is missing or has run out."
    )


def _offer_supervisors(field: Any, mentor: Mentor) -> None:
    held = (
        Membership.objects.in_force().as_role(roles.Supervisor).for_area(cast(Any, mentor.area_id))
    )
    field.queryset = User.objects.filter(pk__in=held.values("user")).order_by("name")


class CompleteForm(MoveForm):
    """From training into the register: with which account, at which level, supervised by whom."""

    user = forms.ModelChoiceField(
        User.objects.none(),
        label="With which account do they sign in?",
        empty_label=None,
        widget=Radios,
        help_text="Accounts with the role Mentor at their organisation. Missing? An administrator "
        "of the organisation can invite them.",
        error_messages={"required": "Choose the account with which they sign in."},
    )
    level = forms.TypedChoiceField(label="At which level?", coerce=int, widget=Radios)
    supervisor = forms.ModelChoiceField(
        User.objects.none(),
        label="Who supervises them?",
        required=False,
        empty_label="Nobody: a coordinator holds supervision",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mentor: Any = self.case
        held = Membership.objects.in_force().as_role(roles.Mentor)
        here = held.filter(organisation=mentor.organisation_id)
        taken = Mentor.objects.visible_to(self.by).unfinished().filter(user__isnull=False)
        user: Any = self.fields["user"]
        user.queryset = User.objects.filter(pk__in=here.values("user")).exclude(
            pk__in=taken.values("user")
        )
        _offer_levels(self.fields["level"], mentor)
        _offer_supervisors(self.fields["supervisor"], mentor)


class SupervisionForm(MoveForm):
    held_on = day("When was it?", "The day")
    minutes = forms.IntegerField(
        label="How long, in minutes?", min_value=5, max_value=300, widget=number()
    )
    words = words("What was it about, and what was agreed?")


class LeaveForm(MoveForm):
    intro = "You get no new match while you are away. Tell your coordinator about a running one."
    back_on = DateField(label="When are you back?", subject="The day back")

    def clean_back_on(self) -> Any:
        back_on = self.cleaned_data["back_on"]
        if not today() < back_on <= today() + timedelta(days=365):
            raise forms.ValidationError("The day back must be within the next 12 months.")
        return back_on


class SuspendForm(WhyForm):
    reason = forms.ChoiceField(label="Reason", choices=Suspension.choices, widget=Radios)
    field_order = ["reason", "why", "version"]
    intro = (
        "Nothing new begins with them from now on. A match that runs is not cut by this: look at "
        "it today, and pause or end it if that is safer."
    )


class TurnAwayForm(WhyForm):
    reason = forms.ChoiceField(label="Reason", choices=TurningAway.choices, widget=Radios)
    field_order = ["reason", "why", "version"]


class LeavingForm(WhyForm):
    reason = forms.ChoiceField(label="Reason", choices=Leaving.choices, widget=Radios)
    field_order = ["reason", "why", "version"]


class CheckForm(SentOnce, PlainErrors, forms.ModelForm[Credential]):
    """A check that was seen. Nothing that it says is asked for."""

    issued_on = day("Since when does it count?", "The day")
    expires_on = DateField(
        label="Until when?",
        subject="The last day",
        required=False,
        help_text="Leave it empty for the usual time: three years for a DBS check, safeguarding "
        "training and most courses; for good where nothing runs out.",
    )
    has_barred_list = yes_no("Was the children’s barred list checked?", required=False)
    on_update_service = yes_no("Have they joined the Update Service?", required=False)
    status_checked_on = day("When was its status last checked?", "The day", required=False)
    status_clear = yes_no("Was the status clear?", required=False)

    class Meta:
        model = Credential
        fields: ClassVar = [
            "kind",
            "issued_on",
            "expires_on",
            "provider",
            "has_barred_list",
            "on_update_service",
            "status_checked_on",
            "status_clear",
        ]
        widgets: ClassVar = {
            "kind": Radios(
                reveals={
                    Check.DBS: [
                        "has_barred_list",
                        "on_update_service",
                        "status_checked_on",
                        "status_clear",
                    ]
                }
            ),
            "provider": line(),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["kind"]
        field.choices = Check.choices

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("kind") != Check.DBS:
            data.update(
                has_barred_list=False,
                on_update_service=False,
                status_checked_on=None,
                status_clear=None,
            )
            return data
        for name in ("has_barred_list", "on_update_service"):
            if data.get(name) is None:
                self.add_error(name, f"Answer the question “{self.fields[name].label}”.")
        if (data.get("status_checked_on") is None) != (data.get("status_clear") is None):
            self.add_error("status_clear", "A status check has a day and an answer.")
        return data
