"""What people say with the moves of a placement, and how one begins."""

from datetime import timedelta
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from accounts.models import User
from accounts.widgets import DateField, Radios
from accounts.wording import PlainErrors
from casework.calendar import today
from casework.forms import MoveForm
from pathways import statuses
from pathways.models import Opportunity, Placement
from pathways.services import advisers
from referrals.models import Referral

from .facts import EvidenceFields, ahead, box, hours

Reason = Placement.Reason
_THEIRS = [
    Reason.OTHER_PLACE,
    Reason.NOT_FOR_THEM,
    Reason.TRAVEL,
    Reason.MONEY,
    Reason.HEALTH,
    Reason.CARING,
    Reason.SAFETY,
    Reason.CUSTODY,
    Reason.NOT_REACHED,
    Reason.OTHER,
]


class ApplyForm(PlainErrors, forms.Form):
    """One young person and one opportunity; either may be chosen on the page before."""

    referral: Any = forms.ModelChoiceField(
        None, label="Who is it for?", empty_label="Choose a young person"
    )
    opportunity: Any = forms.ModelChoiceField(
        None, label="Which opportunity?", empty_label="Choose an opportunity"
    )
    agreed_on = DateField(
        label="When did they agree that we share their details with this organisation?",
        subject="The day they agreed",
        latest=today,
        help_text="Share only what this organisation needs, and not by email.",
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people: Any = self.fields["referral"]
        people.queryset = advisers.placeable(by)
        people.label_from_instance = _called
        offers: Any = self.fields["opportunity"]
        offers.queryset = Opportunity.objects.visible_to(by).with_places().with_room()
        offers.label_from_instance = _offered


def _called(referral: Referral) -> str:
    person = referral.young_person
    return f"{person.called if person else 'No name yet'}, {referral.reference}"


def _offered(opportunity: Opportunity) -> str:
    left = f"{opportunity.left} place{'s' if opportunity.left != 1 else ''} left"
    return f"{opportunity.title}, {opportunity.offered_by} ({left})"


class OfferForm(MoveForm):
    answer_by = DateField(label="Until when do they have to answer?", subject="The last day")
    conditions = box("What has to happen first?", required=False)
    field_order = ["answer_by", "conditions", "version"]
    intro = "A place is held for them from now on."

    def clean_answer_by(self) -> Any:
        return ahead(self.cleaned_data["answer_by"], days=120, subject="The last day")


class ChaseForm(MoveForm):
    words = box("What did they say?", required=False)
    ask_again_on = DateField(label="When do you ask again?", subject="The day to ask again")
    field_order = ["words", "ask_again_on", "version"]

    def clean_ask_again_on(self) -> Any:
        return ahead(self.cleaned_data["ask_again_on"], days=30, subject="The day to ask again")


class ReasonForm(MoveForm):
    """Why it came to nothing: a code that can be counted, and words for the team."""

    reasons: ClassVar[list[Placement.Reason]] = _THEIRS
    reason = forms.ChoiceField(label="Why?", widget=Radios)
    words = box("Anything the team should know", required=False)
    field_order = ["reason", "words", "version"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["reason"]
        field.choices = [(reason.value, reason.label) for reason in self.reasons]


class NotOfferedForm(ReasonForm):
    reasons: ClassVar[list[Placement.Reason]] = [
        Reason.FULL,
        Reason.REQUIREMENTS,
        Reason.CONVICTIONS,
        Reason.INTERVIEW,
        Reason.NO_ANSWER,
        Reason.CLOSED,
        Reason.OTHER,
    ]


class WithdrawnForm(ReasonForm):
    pass


class RefusedForm(ReasonForm):
    intro = "The place is free again for somebody else."


class FellThroughForm(ReasonForm):
    reasons: ClassVar[list[Placement.Reason]] = [Reason.CLOSED, Reason.CONVICTIONS, *_THEIRS]
    intro = "The place is free again for somebody else."


class AcceptedForm(MoveForm):
    starts_on = DateField(label="What is their first day?", subject="The first day")
    intro = "We remind you three days before, so that somebody can call them."

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("starts_on", self.case.opportunity.starts_on)  # type: ignore[attr-defined]

    def clean_starts_on(self) -> Any:
        """A first day that has just passed is right: the offer was taken on the phone."""
        day = self.cleaned_data["starts_on"]
        if not today() - timedelta(days=60) <= day <= today() + timedelta(days=400):
            raise ValidationError("Check the year: that is too far from today.")
        return day


class PostponedForm(AcceptedForm):
    words = box("Why has it changed?", required=False)
    field_order = ["starts_on", "words", "version"]
    intro = ""

    def clean_starts_on(self) -> Any:
        return ahead(self.cleaned_data["starts_on"], days=400, subject="The first day")


class StartedForm(EvidenceFields, MoveForm):
    """A taster asks for no status: it is a step on the way."""

    started_on = DateField(label="On which day did they start?", latest=today, subject="The day")
    code = forms.ChoiceField(
        label="What do they do now?", choices=statuses.choices(statuses.STARTED)
    )
    hours = hours()
    ends_on = DateField(
        label="When does it end?", required=False, subject="The end", help_text="If that is known."
    )
    field_order = [
        "started_on", "code", "hours", "ends_on", "evidence", "source", "version"
    ]  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        placement: Any = self.case
        opportunity = placement.opportunity
        if placement.starts_on and placement.starts_on <= today():
            self.initial.setdefault("started_on", placement.starts_on)
        self.initial.setdefault("hours", opportunity.hours)
        self.initial.setdefault("code", Opportunity.USUAL_CODE.get(opportunity.kind))
        if opportunity.is_step:
            for name in ("code", "hours", "ends_on"):
                del self.fields[name]
        else:
            self.fields["started_on"].help_text = "Checks follow 4, 13 and 26 weeks after this."


class CompletedForm(MoveForm):
    ended_on = DateField(label="On which day did it end?", latest=today, subject="The day")
    next_step = box(
        "What comes next, who does it and by when?",
        help_text="There are no dead ends: agree it with them first.",
    )
    field_order = ["ended_on", "next_step", "version"]


class LeftForm(ReasonForm):
    reasons: ClassVar[list[Placement.Reason]] = [Reason.DISMISSED, Reason.CLOSED, *_THEIRS]
    ended_on = DateField(label="What was their last day?", latest=today, subject="The last day")
    field_order = ["ended_on", "reason", "words", "version"]
    intro = (
        "Somebody speaks with them within 2 working days. If they are in another place within 28 "
        "days of their last day, the checks go on as they were."
    )


class ContactForm(MoveForm):
    next_step = box("What did you agree comes next?")
    review_on = DateField(label="When do you look again?", subject="The day")
    field_order = ["next_step", "review_on", "version"]

    def clean_review_on(self) -> Any:
        return ahead(self.cleaned_data["review_on"], days=28, subject="The day")


class OnwardForm(EvidenceFields, MoveForm):
    code = forms.ChoiceField(
        label="What do they do now?",
        choices=[("", "Choose"), *statuses.choices(statuses.IN_PLACE)],
    )
    starts_on = DateField(label="Since when?", latest=today, subject="The day")
    hours = hours()
    field_order = ["code", "starts_on", "hours", "evidence", "source", "version"]
    intro = (
        "For a place that they found without us. If it is one of our opportunities, apply for it "
        "with them instead: the checks go along when they start."
    )
