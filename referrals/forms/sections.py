"""The sections of the referral form: one question set each, saved by itself."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from phonenumbers import NumberParseException, format_number, is_possible_number, parse
from phonenumbers import PhoneNumberFormat as Format

from accounts.models import Area, Organisation
from accounts.widgets import Checks, DateField, PostcodeField, Radios
from casework.calendar import today

from .. import nccis, services
from ..choices import Interest, Part, Scope, SectionCode, Slot
from ..choices import Support as Kind
from ..models import Agreement, Education, HomeAddress, Need, Referral, Risk, Support, YoungPerson
from .levels import LEVELS

YES_NO = [("True", "Yes"), ("False", "No")]


def yes_no(label: str, *, required: bool = True, **words: Any) -> forms.TypedChoiceField:
    """A question with two answers; unanswered is neither of them."""
    return forms.TypedChoiceField(
        label=label,
        choices=YES_NO,
        coerce=lambda value: {"True": True, "False": False}[value],
        empty_value=None,
        required=required,
        widget=Radios(inline=True, reveals=words.pop("reveals", None)),
        **words,
    )


class SectionForm(forms.Form):
    """What every section has: the referral, its code, what it shows of earlier answers, how it saves."""

    code: ClassVar[SectionCode]
    intro: ClassVar[str] = ""

    def __init__(self, *args: Any, referral: Referral, **kwargs: Any) -> None:
        self.referral = referral
        kwargs["initial"] = {**self.answers(), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)

    @classmethod
    def bound_to(cls, referral: Referral) -> "SectionForm":
        """The form filled with what is saved, to check it again before sending."""
        unbound = cls(referral=referral)
        data = {
            unbound.add_prefix(name): field.prepare_value(unbound.initial.get(name))
            for name, field in unbound.fields.items()
        }
        return cls(_as_typed(unbound, data), referral=referral)

    def answers(self) -> dict[str, Any]:
        row = self.row()
        return {} if row is None else forms.models.model_to_dict(row)

    def row(self) -> Any:
        """The saved row of this section, or None."""
        raise NotImplementedError

    def write(self, referral: Referral) -> None:
        """Save the cleaned answers. Called with the referral's row locked."""
        raise NotImplementedError

    def save(self, *, by: Any) -> Referral:
        return services.save_section(referral=self.referral, code=self.code, save=self.write, by=by)


def _as_typed(form: forms.Form, data: dict[str, Any]) -> dict[str, Any]:
    """Saved values in the shape in which a browser would send them."""
    typed: dict[str, Any] = {}
    for name, value in data.items():
        widget = form.fields[name].widget
        if isinstance(widget, forms.MultiWidget):
            parts = widget.decompress(value)
            typed.update({f"{name}_{i}": part for i, part in enumerate(parts)})
            names = getattr(widget, "widgets_names", [])
            typed.update({f"{name}{end}": part for end, part in zip(names, parts, strict=False)})
        elif value is not None and value is not False:
            typed[name] = value
        elif value is False and not isinstance(widget, forms.CheckboxInput):
            typed[name] = "False"
    return typed


class AnswersForm(SectionForm, forms.ModelForm):  # type: ignore[type-arg]
    """A section whose answers are one row of its own model, `referral.<name>`."""

    def __init__(self, *args: Any, referral: Referral, **kwargs: Any) -> None:
        self.referral = referral
        row = self.row() or self._meta.model(referral=referral)
        forms.ModelForm.__init__(self, *args, instance=row, **kwargs)

    def row(self) -> Any:
        return getattr(self.referral, self._meta.model._meta.model_name, None)

    def write(self, referral: Referral) -> None:
        self.instance.referral = referral
        self.instance.save()


class BeforeForm(SectionForm):
    """The interrupt page: what this form is not for, who will read it."""

    code = SectionCode.BEFORE
    understood = forms.BooleanField(
        label="I understand. Nobody is in danger right now, and I know who will read this.",
        error_messages={"required": "Tick to say that you have read this page."},
    )

    def answers(self) -> dict[str, Any]:
        return {"understood": self.code in self.referral.sections_done}

    def write(self, referral: Referral) -> None:
        """Nothing is kept but that it was confirmed (`sections_done`)."""


class LevelForm(SectionForm):
    """Danger now, and the level of need in the words of the area's own thresholds."""

    code = SectionCode.LEVEL
    is_danger = yes_no(
        "Is anybody in danger right now?",
        help_text="The young person, or somebody else because of them.",
        error_messages={"required": "Say whether anybody is in danger right now."},
    )
    level_of_need = forms.TypedChoiceField(
        label="Which level describes them best?",
        coerce=int,
        choices=[(str(number), name) for number, (name, _) in enumerate(LEVELS["other"], 1)],
        error_messages={"required": "Choose the level that describes them best."},
    )

    def __init__(self, *args: Any, referral: Referral, **kwargs: Any) -> None:
        super().__init__(*args, referral=referral, **kwargs)
        levels = LEVELS[self.thresholds]
        field: Any = self.fields["level_of_need"]
        field.choices = [(str(number), name) for number, (name, _) in enumerate(levels, 1)]
        field.widget = Radios(hints={str(n): words for n, (_, words) in enumerate(levels, 1)})
        field.widget.choices = field.choices

    @property
    def thresholds(self) -> str:
        return self.area.thresholds

    @property
    def area(self) -> Area:
        referral = self.referral
        return referral.area or services.place(referral, "")

    def answers(self) -> dict[str, Any]:
        return {
            "is_danger": self.referral.is_danger,
            "level_of_need": self.referral.level_of_need,
        }

    @property
    def stops(self) -> bool:
        """Danger now or level 4 stops the referral (casework reference §5)."""
        return bool(self.cleaned_data["is_danger"]) or self.cleaned_data["level_of_need"] == 4

    def write(self, referral: Referral) -> None:
        referral.is_danger = self.cleaned_data["is_danger"]
        referral.level_of_need = self.cleaned_data["level_of_need"]


class PersonForm(SectionForm, forms.ModelForm):  # type: ignore[type-arg]
    code = SectionCode.PERSON
    date_of_birth = DateField(
        label="Date of birth", subject="Date of birth", latest=today, required=False, birthday=True
    )
    lines = forms.CharField(
        label="Home address", required=False, max_length=200, help_text="House, street and town."
    )
    postcode = PostcodeField(label="Postcode", required=False)
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
        widgets: ClassVar = {"gender": Radios}
        error_messages: ClassVar = {
            "legal_name": {"required": "Enter their full name."},
            "gender": {"required": "Say how they describe themselves."},
        }

    def __init__(self, *args: Any, referral: Referral, **kwargs: Any) -> None:
        self.referral = referral
        person = referral.young_person
        home = HomeAddress.objects.filter(young_person=person).first() if person else None
        own = ["lines", "postcode", "no_fixed_address", "is_protected"]
        initial = {name: getattr(home, name) for name in own} if home else {}
        kwargs["initial"] = {**initial, **kwargs.get("initial", {})}
        forms.ModelForm.__init__(self, *args, instance=person or YoungPerson(), **kwargs)
        self.fields["gender"].choices = YoungPerson.Gender.choices  # type: ignore[attr-defined]
        self.fields["age_given"].help_text = "If you do not know the date of birth."

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self._check_age(data)
        if not data.get("postcode") and not data.get("no_fixed_address"):
            if "postcode" not in self.errors:
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

    def _get_validation_exclusions(self) -> set[str]:
        """The age rule has its own sentence above; the constraint would say it twice."""
        return super()._get_validation_exclusions() | {"date_of_birth", "age_given"}

    def row(self) -> Any:
        return self.referral.young_person

    @transaction.atomic
    def write(self, referral: Referral) -> None:
        person = self.instance
        person.save()
        HomeAddress.objects.update_or_create(
            young_person=person,
            defaults={
                name: self.cleaned_data[name]
                for name in ["lines", "postcode", "no_fixed_address", "is_protected"]
            },
        )
        referral.young_person = person
        referral.area = services.place(referral, self.cleaned_data["postcode"])


class ReachingForm(SectionForm, forms.ModelForm):  # type: ignore[type-arg]
    code = SectionCode.REACHING
    contact_methods = forms.MultipleChoiceField(
        label="How may we contact them?",
        choices=YoungPerson.Contact.choices,
        widget=Checks(reveals={"call": "phone", "text": "phone", "email": "email"}),
        error_messages={"required": "Choose at least one way to contact them."},
    )
    phone = forms.CharField(
        label="Their phone number",
        max_length=20,
        required=False,
        widget=forms.TextInput({"inputmode": "tel", "autocomplete": "off", "size": 20}),
    )
    email = forms.EmailField(label="Their email address", required=False)
    safe_to_leave_message = yes_no("Is it safe to leave a message?", required=False)
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
        widgets: ClassVar = {"engagement_tips": forms.Textarea({"rows": 3})}

    def __init__(self, *args: Any, referral: Referral, **kwargs: Any) -> None:
        self.referral = referral
        forms.ModelForm.__init__(
            self, *args, instance=referral.young_person or YoungPerson(), **kwargs
        )

    def clean_phone(self) -> str:
        """A UK number, kept as people write it (phonenumbers)."""
        text: str = self.cleaned_data["phone"]
        if not text:
            return ""
        try:
            number = parse(text, "GB")
        except NumberParseException:
            number = None
        if number is None or not is_possible_number(number):
            raise ValidationError("Enter a phone number, like 07700 900 982.")
        return format_number(number, Format.NATIONAL)

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
        return super()._get_validation_exclusions() | {"date_of_birth", "age_given"}

    def row(self) -> Any:
        return self.referral.young_person

    def write(self, referral: Referral) -> None:
        self.instance.save(update_fields=self._meta.fields)


class AgreementForm(AnswersForm):
    code = SectionCode.AGREEMENT
    is_told = yes_no(
        "Have you talked to them about this referral?",
        error_messages={"required": "Say whether you have talked to them."},
    )
    told_on = DateField(
        label="When did you talk to them?", subject="The date", latest=today, required=False
    )
    agrees = yes_no("Do they agree to take part?", required=False)

    class Meta:
        model = Agreement
        fields: ClassVar = [
            "is_told",
            "told_on",
            "agrees",
            "not_told_why",
            "parent",
            "parent_why",
            "competence_notes",
        ]
        widgets: ClassVar = {
            "parent": Radios,
            "not_told_why": forms.Textarea({"rows": 3}),
            "competence_notes": forms.Textarea({"rows": 3}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].choices = Agreement.Parent.choices  # type: ignore[attr-defined]
        self.fields["not_told_why"].help_text = "Only if you have not: telling could add to harm."

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("is_told") is True:
            if data.get("told_on") is None and "told_on" not in self.errors:
                self.add_error("told_on", "Enter the date when you talked to them.")
            if data.get("agrees") is None:
                self.add_error("agrees", "Say whether they agree to take part.")
        elif data.get("is_told") is False and not data.get("not_told_why"):
            self.add_error("not_told_why", "Say why they have not been told.")
        if data.get("parent") == Agreement.Parent.NOT_YET and not data.get("parent_why"):
            self.add_error("parent_why", "Say why no parent or carer knows yet.")
        self._check_competence(data)
        return data

    def _check_competence(self, data: dict[str, Any]) -> None:
        """Under 16 without a parent: how the referrer judged that they understand (casework §4)."""
        person = self.referral.young_person
        is_young = person is not None and person.age is not None and person.age < 16
        alone = data.get("parent") in {Agreement.Parent.NOT_YET, Agreement.Parent.UNSAFE}
        if is_young and alone and data.get("agrees") and not data.get("competence_notes"):
            self.add_error(
                "competence_notes", "They are under 16: say how you judged that they understand."
            )

    def _get_validation_exclusions(self) -> set[str]:
        return super()._get_validation_exclusions() | {"is_told"}


class WhyNowForm(AnswersForm):
    code = SectionCode.WHY_NOW
    scope = forms.MultipleChoiceField(
        label="What is it about?",
        choices=Scope.choices,
        widget=Checks,
        help_text="Tick all that apply, also when they were harmed or are at risk.",
        error_messages={
            "required": "Choose at least one. If none fits, look for help in the directory."
        },
    )

    class Meta:
        model = Need
        fields: ClassVar = ["happened", "helps", "scope", "part"]
        widgets: ClassVar = {
            "happened": forms.Textarea({"rows": 6}),
            "helps": forms.Textarea({"rows": 3}),
            "part": Radios,
        }
        help_texts: ClassVar = {"happened": "Tell us what you have seen yourself, and when."}
        error_messages: ClassVar = {
            "happened": {"required": "Tell us what has happened."},
            "part": {"required": "Say what their part in it was."},
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["part"].choices = Part.choices  # type: ignore[attr-defined]

    def row(self) -> Any:
        return getattr(self.referral, "need", None)


class RiskForm(AnswersForm):
    code = SectionCode.RISK

    class Meta:
        model = Risk
        fields: ClassVar = [
            "to_self",
            "from_others",
            "to_others",
            "fact",
            "opinion",
            "what_to_do",
            "understands_readers",
        ]
        widgets: ClassVar = {
            "to_self": Radios(inline=True),
            "from_others": Radios(inline=True),
            "to_others": Radios(inline=True),
            "fact": forms.Textarea({"rows": 5}),
            "opinion": forms.Textarea({"rows": 3}),
        }
        help_texts: ClassVar = {
            "to_self": "Self-harm, suicide, going missing, being taken advantage of.",
            "fact": "Facts: what happened, when, who told you.",
            "opinion": "Your own view, apart from the facts.",
            "what_to_do": "Mentors see only this. Such as: meet in public places.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ["to_self", "from_others", "to_others"]:
            field: Any = self.fields[name]
            field.choices = [choice for choice in field.choices if choice[0]]
            field.error_messages["required"] = f"Choose a level: {field.label.lower()}."
        field = self.fields["understands_readers"]
        field.required = True
        field.error_messages["required"] = "Tick to say that you understand who will see this."

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        levels = {data.get(name) for name in ["to_self", "from_others", "to_others"]}
        if levels & {"medium", "high"} and not data.get("fact"):
            self.add_error("fact", "Say what you know: you chose medium or high.")
        return data


class EducationForm(AnswersForm):
    code = SectionCode.EDUCATION
    since = DateField(label="Since when?", subject="The date", latest=today, required=False)
    school = forms.ModelChoiceField(
        Organisation.objects.filter(kind__in=["school", "college"], is_open=True),
        label="School or college",
        required=False,
    )

    class Meta:
        model = Education
        fields: ClassVar = [
            "status",
            "since",
            "source",
            "school",
            "year_group",
            "sessions_possible",
            "sessions_missed",
            "suspensions",
            "hopes",
        ]
        widgets: ClassVar = {"source": Radios, "hopes": forms.Textarea({"rows": 3})}
        labels: ClassVar = {
            "sessions_possible": "Sessions they could have attended this term",
            "sessions_missed": "Sessions they missed",
        }
        help_texts: ClassVar = {"sessions_possible": "A session is half a school day."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["status"].choices = [("", "Choose"), *nccis.choices]  # type: ignore[attr-defined]
        self.fields["source"].choices = Education.Source.choices  # type: ignore[attr-defined]
        self.fields["status"].error_messages["required"] = "Choose what they are doing now."
        self.fields["source"].error_messages["required"] = "Say who says so."

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        possible, missed = data.get("sessions_possible"), data.get("sessions_missed")
        if missed is not None and possible is None:
            self.add_error("sessions_possible", "Say how many sessions there were.")
        elif missed is not None and possible is not None and missed > possible:
            self.add_error("sessions_missed", "They cannot have missed more than there were.")
        return data

    def _get_validation_exclusions(self) -> set[str]:
        return super()._get_validation_exclusions() | {"sessions_missed"}


class SupportForm(AnswersForm):
    code = SectionCode.SUPPORT
    kinds = forms.MultipleChoiceField(
        label="What support are you asking for?",
        choices=Kind.choices,
        widget=Checks,
        error_messages={"required": "Choose at least one."},
    )
    interests = forms.MultipleChoiceField(
        label="What do they like to do?", choices=Interest.choices, widget=Checks, required=False
    )
    free_times = forms.MultipleChoiceField(
        label="When are they free?", choices=Slot.choices, widget=Checks, required=False
    )

    class Meta:
        model = Support
        fields: ClassVar = [
            "kinds",
            "mentor_gender",
            "gender_required",
            "mentor_language",
            "language_required",
            "interests",
            "free_times",
            "travel_km",
        ]
        widgets: ClassVar = {"mentor_gender": Radios}
        help_texts: ClassVar = {"mentor_language": "A preference is not a promise."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["mentor_gender"]
        field.choices = Support.MentorGender.choices

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("language_required") and not data.get("mentor_language"):
            self.add_error("mentor_language", "Enter the language they would need.")
        return data


SECTIONS: dict[str, type[SectionForm]] = {
    form.code: form
    for form in [
        BeforeForm,
        LevelForm,
        PersonForm,
        ReachingForm,
        AgreementForm,
        WhyNowForm,
        RiskForm,
        EducationForm,
        SupportForm,
    ]
}
