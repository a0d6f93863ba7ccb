"""The young person, and how to reach them safely."""

from typing import Any, ClassVar

from django import forms
from django.db import transaction

from accounts.forms.account import PhoneField
from accounts.widgets import Checks, DateField, DateParts, PostcodeField, Radios
from casework.calendar import today
from referrals import services
from referrals.choices import SectionCode
from referrals.models import HomeAddress, Referral, YoungPerson

from .section import SectionForm, box, keep_as, line, number, yes_no


class PersonForm(SectionForm, forms.ModelForm):
    code = SectionCode.PERSON
    intro = "We ask this once and use it everywhere. Ask them what they like to be called."
    date_of_birth = DateField(
        label="Date of birth",
        subject="Date of birth",
        latest=today,
        required=False,
        help_text="For example, 27 3 2010. If you do not know it, give their age below.",
        widget=DateParts({"aria-required": "true"}),
    )
    age_given = forms.IntegerField(
        label="Age",
        required=False,
        min_value=0,
        max_value=120,
        help_text="Only if you do not know the date of birth.",
        widget=number(2),
    )
    lines = forms.CharField(
        label="Home address",
        required=False,
        max_length=200,
        help_text="House, street and town.",
        widget=line(),
    )
    postcode = PostcodeField(
        label="Postcode",
        required=False,
        help_text="It says which council answers for them.",
        widget=line(10, spellcheck="false", **{"aria-required": "true"}),
    )
    no_fixed_address = forms.BooleanField(label="They have no fixed address", required=False)
    is_protected = forms.BooleanField(
        label="Keep this address hidden",
        required=False,
        help_text="Tick if somebody must not find out where they live. "
        "Only a coordinator and a safeguarding lead can then see it, and each look is recorded.",
    )

    class Meta:
        model = YoungPerson
        fields: ClassVar = [
            "legal_name",
            "known_as",
            "date_of_birth",
            "age_given",
            "age_unknown_why",
            "gender",
            "language",
            "needs_interpreter",
        ]
        widgets: ClassVar = {
            "legal_name": line(spellcheck="false"),
            "known_as": line(20, spellcheck="false"),
            "age_unknown_why": line(),
            "gender": Radios,
            "language": line(20),
        }
        help_texts: ClassVar = {
            "legal_name": "As on official papers.",
            "known_as": "We use this name when we talk to them and about them.",
            "age_unknown_why": "Only if you gave their age.",
        }
        error_messages: ClassVar = {
            "legal_name": {"required": "Enter their full name."},
            "gender": {"required": "Say how they describe themselves."},
            "language": {"required": "Enter the language they speak best."},
        }

    def __init__(self, *args: Any, referral: Referral, **kwargs: Any) -> None:
        self.referral = referral
        person = referral.young_person
        home = HomeAddress.objects.filter(young_person=person).first() if person else None
        own = ["lines", "postcode", "no_fixed_address", "is_protected"]
        initial = {name: getattr(home, name) for name in own} if home else {}
        kwargs["initial"] = {**initial, **kwargs.get("initial", {})}
        kwargs["instance"] = person or YoungPerson()
        forms.ModelForm.__init__(self, *args, **kwargs)
        self.fields["gender"].choices = YoungPerson.Gender.choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self._check_age(data)
        has_place = data.get("postcode") or data.get("no_fixed_address")
        if not has_place and "postcode" not in self.errors:
            self.add_error(
                "postcode", "Enter their postcode, or tick that they have no fixed address."
            )
        return data

    def _check_age(self, data: dict[str, Any]) -> None:
        if "date_of_birth" in self.errors or "age_given" in self.errors:
            return
        born, given = data.get("date_of_birth"), data.get("age_given")
        if born is None and given is None:
            self.add_error("date_of_birth", "Enter their date of birth, or their age below.")
            return
        if born is None and not data.get("age_unknown_why"):
            self.add_error("age_unknown_why", "Say why the date of birth is not known.")
        age = YoungPerson(date_of_birth=born, age_given=given).age
        programme = self.referral.programme
        if age is not None and not programme.minimum_age <= age <= programme.maximum_age:
            self.add_error(
                "date_of_birth" if born else "age_given",
                f"{programme} is for ages {programme.minimum_age} to {programme.maximum_age}. "
                f"They would be {age}.",
            )
        if born is not None:  # the date says it better
            data["age_given"], data["age_unknown_why"] = None, ""

    def _get_validation_exclusions(self) -> set[str]:
        """The age rule has its own sentence above; the constraint would say it twice."""
        own: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]  # the stubs leave it out
        return own | {"date_of_birth", "age_given"}

    def row(self) -> Any:
        return self.referral.young_person

    @transaction.atomic
    def write(self, referral: Referral) -> None:
        person = self.instance
        keep_as(person, referral.young_person_id, self._meta.fields)
        HomeAddress.objects.update_or_create(
            young_person=person,
            defaults={
                name: self.cleaned_data[name]
                for name in ["lines", "postcode", "no_fixed_address", "is_protected"]
            },
        )
        referral.young_person = person
        services.name_concerns(referral, person)
        referral.area = services.place(referral, self.cleaned_data["postcode"])


class ReachingForm(SectionForm, forms.ModelForm):
    code = SectionCode.REACHING
    intro = "So that nobody is put at risk by a call, a message or a letter."
    contact_methods = forms.MultipleChoiceField(
        label="How may we contact them?",
        help_text="Ask them. Choose all that are safe.",
        choices=YoungPerson.Contact.choices,
        widget=Checks,
        error_messages={"required": "Choose at least one way to contact them."},
    )
    phone = PhoneField(
        label="Their phone number",
        required=False,
        help_text="If you chose a phone call or text messages.",
        widget=line(20, inputmode="tel"),
    )
    email = forms.EmailField(
        label="Their email address",
        required=False,
        help_text="If you chose email.",
        widget=forms.EmailInput({"autocomplete": "off", "size": 30, "spellcheck": "false"}),
    )
    safe_to_leave_message = yes_no(
        "Is it safe to leave a message?",
        required=False,
        help_text="If you chose a phone call or text messages.",
    )
    safe_to_contact_at_home = yes_no("Is it safe to contact them at home?", required=False)

    class Meta:
        model = YoungPerson
        fields: ClassVar = [
            "contact_methods",
            "phone",
            "email",
            "safe_to_leave_message",
            "safe_to_contact_at_home",
            "contact_warning",
            "engagement_tips",
        ]
        widgets: ClassVar = {"contact_warning": box(2), "engagement_tips": box()}
        help_texts: ClassVar = {
            "contact_warning": "Such as: not after 6pm, never at the family home.",
            "engagement_tips": "Such as: likes to walk and talk, needs time to answer.",
        }

    def __init__(self, *args: Any, referral: Referral, **kwargs: Any) -> None:
        self.referral = referral
        kwargs["instance"] = referral.young_person or YoungPerson()
        forms.ModelForm.__init__(self, *args, **kwargs)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        methods = set(data.get("contact_methods") or [])
        if methods & {"call", "text"} and not data.get("phone") and "phone" not in self.errors:
            self.add_error("phone", "Enter the number to call or text.")
        if "email" in methods and not data.get("email") and "email" not in self.errors:
            self.add_error("email", "Enter the address to email.")
        if methods & {"call", "text"} and data.get("safe_to_leave_message") is None:
            self.add_error("safe_to_leave_message", "Say whether it is safe to leave a message.")
        return data

    def _get_validation_exclusions(self) -> set[str]:
        own: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]  # the stubs leave it out
        return own | {"date_of_birth", "age_given"}

    def row(self) -> Any:
        return self.referral.young_person

    def write(self, referral: Referral) -> None:
        self.instance.save(update_fields=self._meta.fields)
