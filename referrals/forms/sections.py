"""The sections of the referral form: one question set each, saved by itself."""

from typing import Any, ClassVar

from django import forms

from accounts.models import Area, Organisation
from accounts.widgets import Checks, Chips, DateField, Radios
from casework.calendar import today
from referrals import nccis, services
from referrals.choices import Interest, SectionCode, Slot
from referrals.choices import Support as Kind
from referrals.levels import LEVELS
from referrals.models import Education, Referral, Support

from .needs import AgreementForm, RiskForm, WhyNowForm
from .person import PersonForm, ReachingForm
from .section import AnswersForm, SectionForm, box, line, number, yes_no


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
    intro = (
        "Your answer decides what happens next. Danger now, or level 4, stops this form: we show "
        "you whom to ring and tell a safeguarding lead at once."
    )
    is_danger = yes_no(
        "Is anybody in danger right now?",
        help_text="The young person, or somebody else because of them.",
        error_messages={"required": "Say whether anybody is in danger right now."},
    )
    level_of_need = forms.TypedChoiceField(
        label="Which level describes them best?",
        coerce=int,
        choices=[(str(n), name) for n, (name, _) in enumerate(LEVELS["other"], 1)],
        error_messages={"required": "Choose the level that describes them best."},
    )

    def __init__(self, *args: Any, referral: Referral, **kwargs: Any) -> None:
        super().__init__(*args, referral=referral, **kwargs)
        levels = LEVELS[self.thresholds]
        field: Any = self.fields["level_of_need"]
        field.choices = [(str(n), name) for n, (name, _) in enumerate(levels, 1)]
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
        """Danger now or level 4 stops the referral (casework reference §5), unless a lead has let
        it go on with this very answer."""
        if self.referral.released_at and not self.has_changed():
            return False
        return bool(self.cleaned_data["is_danger"]) or self.cleaned_data["level_of_need"] == 4

    def write(self, referral: Referral) -> None:
        referral.is_danger = self.cleaned_data["is_danger"]
        referral.level_of_need = self.cleaned_data["level_of_need"]


class EducationForm(AnswersForm):
    code = SectionCode.EDUCATION
    intro = "A place that they want and can keep is what we work towards."
    since = DateField(
        label="Since when?",
        subject="The date",
        latest=today,
        required=False,
        help_text="For example, 5 9 2025. The month and year are enough: give the 1st.",
    )
    school = forms.ModelChoiceField(
        Organisation.objects.filter(kind__in=["school", "college"], is_open=True),
        label="School or college",
        required=False,
        empty_label="None, or not on this list",
        help_text="Begin to type its name. Leave it empty if it is not on the list.",
        widget=forms.Select({"data-wm-choose": ""}),
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
        widgets: ClassVar = {
            "source": Radios,
            "year_group": number(2),
            "sessions_possible": number(),
            "sessions_missed": number(),
            "suspensions": number(2),
            "hopes": box(),
        }
        labels: ClassVar = {
            "year_group": "Year group",
            "sessions_possible": "Sessions they could have attended this term",
            "sessions_missed": "Sessions they missed",
        }
        help_texts: ClassVar = {
            "sessions_possible": "A session is half a school day.",
            "hopes": "In their own words, if you have asked them.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["status"].choices = [("", "Choose"), *nccis.choices]  # type: ignore[attr-defined]
        self.fields["source"].choices = Education.Source.choices  # type: ignore[attr-defined]
        self.fields["status"].error_messages["required"] = "Choose what they are doing now."
        self.fields["source"].error_messages["required"] = "Say who says so."
        if self.instance._state.adding:  # most are referred by the school that they go to
            self.initial["school"] = self.referral.organisation_id

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        person, since = self.referral.young_person, data.get("since")
        if since and person and person.date_of_birth and (person.age_on(since) or 0) < 4:
            self.add_error("since", "They were under 4 then. Check the year.")
        possible, missed = data.get("sessions_possible"), data.get("sessions_missed")
        if missed is not None and possible is None:
            self.add_error("sessions_possible", "Say how many sessions there were.")
        elif missed is not None and possible is not None and missed > possible:
            self.add_error("sessions_missed", "They cannot have missed more than there were.")
        return data

    def _get_validation_exclusions(self) -> set[str]:
        own: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]  # the stubs leave it out
        return own | {"sessions_missed"}


class SupportForm(AnswersForm):
    code = SectionCode.SUPPORT
    intro = "What you tell us here is a wish, not a promise. It helps us to find the right person."
    kinds = forms.MultipleChoiceField(
        label="What support are you asking for?",
        choices=Kind.choices,
        widget=Checks,
        error_messages={"required": "Choose at least one."},
    )
    interests = forms.MultipleChoiceField(
        label="What do they like to do?", choices=Interest.choices, widget=Chips, required=False
    )
    free_times = forms.MultipleChoiceField(
        label="When are they free?", choices=Slot.choices, widget=Chips, required=False
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
        widgets: ClassVar = {
            "mentor_gender": Radios,
            "mentor_language": line(20),
            "travel_km": number(2),
        }
        labels: ClassVar = {
            "gender_required": "They would not take part with anybody else",
            "language_required": "They need somebody who speaks it",
        }
        help_texts: ClassVar = {"mentor_language": "Leave empty if English is fine."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["mentor_gender"]
        field.choices = Support.MentorGender.choices

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("language_required") and not data.get("mentor_language"):
            self.add_error("mentor_language", "Enter the language they would need.")
        if data.get("gender_required") and data.get("mentor_gender") == Support.MentorGender.ANY:
            self.add_error("mentor_gender", "Say whom they would take part with.")
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
