"""Forms of the pages for those who manage people. Every choice is of rows the asker may see."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from accounts import policies, roles
from accounts.clock import today
from accounts.models import Area, Membership, Organisation, User
from accounts.services.memberships import may_cover, successors
from accounts.widgets import Checks, DateField, Radios
from accounts.wording import PlainErrors

from .doors import EmailField


class SearchForm(forms.Form):
    """Sent by POST, so that names stay out of addresses."""

    is_search = True
    q = forms.CharField(
        label="Name or email address",
        max_length=100,
        required=False,
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false", "type": "search"}),
    )
    organisation = forms.ModelChoiceField(
        queryset=Organisation.objects.none(),
        required=False,
        empty_label="All",
        error_messages={"invalid_choice": "Choose an organisation from the list"},
    )

    def __init__(self, *args: Any, organisations: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["organisation"]
        field.queryset = organisations


class RoleForm(PlainErrors, forms.Form):
    """A role at an organisation: which ones `by` may give there is decided by `policies.grants`."""

    organisation = forms.ModelChoiceField(
        queryset=Organisation.objects.none(),
        empty_label="Choose an organisation",
        error_messages={"required": "Choose an organisation"},
    )
    role = forms.ChoiceField(error_messages={"required": "Choose a role"})
    areas = forms.ModelMultipleChoiceField(
        queryset=Area.objects.none(),
        required=False,
        widget=Checks,
        label="Areas",
        help_text="Where they do this. An area includes every district in it.",
    )
    reports_to = forms.ModelChoiceField(
        queryset=User.objects.none(),
        required=False,
        label="Reports to",
        empty_label="Nobody yet",
        help_text="Who is told when something of theirs is late.",
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        managed = Organisation.objects.managed_by(by).filter(is_open=True)
        self._field("organisation").queryset = managed
        if (only := list(managed[:2])) and len(only) == 1:
            self.initial.setdefault("organisation", only[0].pk)
        offered = [
            role for role in roles.ALL if policies.administers(by) or role.given_by_organisation
        ]
        self.fields["role"].choices = [(role.code, role.name) for role in offered]  # type: ignore[attr-defined]
        self.fields["role"].widget = Radios(
            choices=[(role.code, role.name) for role in offered],
            hints={role.code: role.description for role in offered},
        )
        self._field("areas").queryset = areas_for(by)
        self._field("reports_to").queryset = superiors_for(by)

    def _field(self, name: str) -> Any:
        return self.fields[name]

    def clean_role(self) -> type[roles.Role]:
        return roles.by_code[self.cleaned_data["role"]]


class InviteForm(RoleForm):
    name = forms.CharField(
        label="Full name",
        max_length=100,
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": "Enter their full name"},
    )
    email = EmailField(
        label="Work email address", autocomplete="off", help_text="The invitation goes there."
    )
    field_order = ("name", "email", "organisation", "role", "areas", "reports_to")


class HandOverForm(forms.Form):
    """Who takes the open work, when there is any."""

    hand_over_to = forms.ModelChoiceField(
        queryset=User.objects.none(),
        required=False,
        label="Who takes over their open work?",
        empty_label="Choose somebody",
        widget=forms.Select({"aria-required": "true"}),  # shown only when there is open work
    )

    def __init__(self, *args: Any, people: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["hand_over_to"]
        field.queryset = User.objects.filter(pk__in=[person.pk for person in people])
        if not people:
            field.help_text = "Nobody else here could take it: give somebody this role first."


class EndRoleForm(HandOverForm):
    on = DateField(label="Last day", subject="The last day", latest=None)
    field_order = ("on", "hand_over_to")

    def __init__(self, *args: Any, membership: Membership, by: User, **kwargs: Any) -> None:
        super().__init__(*args, people=successors(membership, by=by), **kwargs)
        self.initial.setdefault("on", today())


class DeactivateForm(HandOverForm):
    at_once = forms.BooleanField(
        required=False,
        label="Close it now and hand over later",
        help_text="For an account in the wrong hands. Their open work stays listed on their page "
        "until somebody takes it over.",
    )
    field_order = ("hand_over_to", "at_once")


class CoverForm(forms.Form):
    cover = forms.ModelChoiceField(
        queryset=User.objects.none(),
        label="Who stands in?",
        empty_label="Choose somebody",
        help_text="They can do everything that goes with this role on those days.",
        error_messages={"required": "Choose who stands in"},
    )
    first = DateField(label="First day away", subject="The first day away")
    last = DateField(label="Last day away", subject="The last day away", earliest=today)

    def __init__(self, *args: Any, membership: Membership, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = may_cover(membership, by=by)
        field: Any = self.fields["cover"]
        field.queryset = User.objects.filter(pk__in=[person.pk for person in self.people])

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if given.get("first") and given.get("last") and given["last"] < given["first"]:
            self.add_error("last", "The last day away must be the first day or after it")
        return given


def areas_for(by: User) -> QuerySet[Area]:
    """Areas that `by` may give: all, or where their organisations work. Wards are too fine."""
    coarse = Area.objects.exclude(kind=Area.Kind.WARD).order_by("path")
    if policies.administers(by):
        return coarse
    managed = Organisation.objects.managed_by(by)
    served = Area.objects.filter(organisations__in=managed)
    return coarse & Area.objects.within(served) if served.exists() else coarse


def superiors_for(by: User) -> QuerySet[User]:
    """People whom others may report to: those in force that `by` may see."""
    held = Membership.objects.in_force().values("user")
    return User.objects.visible_to(by).filter(pk__in=held).order_by("name", "pk")
