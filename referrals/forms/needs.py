"""What the young person said, why they need help now, and what could go wrong."""

from datetime import timedelta
from typing import Any, ClassVar

from django import forms

from accounts.widgets import Checks, DateField, Radios
from casework.calendar import today
from referrals.choices import Part, Scope, SectionCode
from referrals.models import Agreement, Need, Risk

from .section import AnswersForm, box, yes_no


class AgreementForm(AnswersForm):
    code = SectionCode.AGREEMENT
    intro = "Taking part is their choice. Tell them what you send us, who reads it and why."
    is_told = yes_no(
        "Have you talked to them about this referral?",
        reveals={"True": ["told_on", "agrees"], "False": "not_told_why"},
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
            "parent": Radios(reveals={Agreement.Parent.NOT_YET.value: "parent_why"}),
            "not_told_why": box(),
            "parent_why": box(),
            "competence_notes": box(),
        }
        error_messages: ClassVar = {
            "parent": {"required": "Say whether a parent or carer knows."},
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].choices = Agreement.Parent.choices  # type: ignore[attr-defined]
        self.fields["not_told_why"].help_text = "Such as: telling them now could add to the harm."
        if not self._is_under_16():
            del self.fields["competence_notes"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("is_told") is True:
            told_on = data.get("told_on")
            if told_on is None and "told_on" not in self.errors:
                self.add_error("told_on", "Enter the date when you talked to them.")
            elif told_on and told_on < today() - timedelta(days=365):
                self.add_error("told_on", "That is over a year ago. Talk to them again first.")
            if data.get("agrees") is None:
                self.add_error("agrees", "Say whether they agree to take part.")
        elif data.get("is_told") is False and not data.get("not_told_why"):
            self.add_error("not_told_why", "Say why they have not been told.")
        if data.get("parent") == Agreement.Parent.NOT_YET and not data.get("parent_why"):
            self.add_error("parent_why", "Say why no parent or carer knows yet.")
        self._check_competence(data)
        self._forget_the_other_branch(data)
        return data

    @staticmethod
    def _forget_the_other_branch(data: dict[str, Any]) -> None:
        """What belongs to an answer that was taken back goes with it (casework reference §2)."""
        if data.get("is_told") is False:
            data["told_on"] = data["agrees"] = None
        elif data.get("is_told") is True:
            data["not_told_why"] = ""
        if data.get("parent") != Agreement.Parent.NOT_YET:
            data["parent_why"] = ""

    def _is_under_16(self) -> bool:
        person = self.referral.young_person
        return person is not None and person.age is not None and person.age < 16

    def _check_competence(self, data: dict[str, Any]) -> None:
        """Under 16 without a parent: how the referrer judged that they understand (casework §4)."""
        is_young = self._is_under_16()
        alone = data.get("parent") in {Agreement.Parent.NOT_YET, Agreement.Parent.UNSAFE}
        if is_young and alone and data.get("agrees") and not data.get("competence_notes"):
            self.add_error(
                "competence_notes", "They are under 16: say how you judged that they understand."
            )

    def _get_validation_exclusions(self) -> set[str]:
        own: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]  # the stubs leave it out
        return own | {"is_told"}


class WhyNowForm(AnswersForm):
    code = SectionCode.WHY_NOW
    intro = "Write what somebody needs to know who has never met them. Leave out other names."
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
        widgets: ClassVar = {"happened": box(6), "helps": box(), "part": Radios}
        help_texts: ClassVar = {
            "happened": "Tell us what you have seen yourself, and when.",
            "helps": "People, places and things that keep them steady.",
        }
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
    intro = (
        "Coordinators and safeguarding leads read all of this. A mentor reads only what you write "
        "in the last box."
    )

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
            "fact": box(5),
            "opinion": box(),
            "what_to_do": box(),
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
        field.help_text = (
            "Coordinators and safeguarding leads of their area. Each time somebody looks, we keep "
            "who it was and when."
        )
        field.error_messages["required"] = "Tick to say that you understand who will see this."

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        levels = {data.get(name) for name in ["to_self", "from_others", "to_others"]}
        if levels & {"medium", "high"} and not data.get("fact"):
            self.add_error("fact", "Say what you know: you chose medium or high.")
        return data
