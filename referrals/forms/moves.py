"""What people say with the moves of a referral."""

from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet

from accounts import roles
from accounts.models import Membership, User
from accounts.widgets import Checks, DateField, Radios
from casework.calendar import today
from casework.forms import MoveForm
from cms.signposting import services_to_signpost
from referrals import services
from referrals.choices import (
    BEFORE_ACCEPTANCE,
    Basis,
    Complexity,
    Decline,
    Ending,
    Prevention,
    RiskTier,
)
from referrals.decision import suggested_complexity, suggested_prevention, suggested_tier
from referrals.fitting import terms_of
from referrals.models import Assignment, Concern
from referrals.models.triage import CHECK_FIRST, sent_long_ago
from referrals.reading import day


def words(label: str, *, limit: int = 2000, rows: int = 4, **options: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=limit, widget=forms.Textarea({"rows": rows}), **options
    )


class WhyForm(MoveForm):
    why = words("Why?", help_text="The team reads this.")


class OfferForm(MoveForm):
    """Asks nothing, unless the referral was sent so long ago that it may no longer be right."""

    still_right = forms.BooleanField(
        label="I have checked with the referrer or the family that their details are still right.",
        error_messages={"required": CHECK_FIRST},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sent_at: Any = self.case.sent_at  # type: ignore[attr-defined]
        if sent_long_ago(self.case):
            self.fields["still_right"].help_text = f"It was sent on {day(sent_at)}."
        else:
            del self.fields["still_right"]


class ReopenForm(WhyForm):
    intro = "It opens again where it was accepted, with a new clock."


class AcceptForm(MoveForm):
    """Triage: what the coordinator decides (casework reference §7, accept)."""

    intro = "What you choose here decides which mentors may work with them."
    prevention = forms.ChoiceField(
        label="Prevention tier", choices=Prevention.choices, widget=Radios
    )
    risk_tier = forms.TypedChoiceField(
        label="Risk tier", choices=RiskTier.choices, coerce=int, widget=Radios(inline=True)
    )
    complexity = forms.ChoiceField(
        label="Complexity", choices=Complexity.choices, widget=Radios(inline=True)
    )
    basis = forms.ChoiceField(label="Lawful basis", choices=Basis.choices, widget=Radios)
    why = words("Anything the team should know", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("basis", Basis.PUBLIC_TASK)
        tier, why = suggested_tier(self.case)
        level, reasons = suggested_complexity(self.case)
        prevention = suggested_prevention(self.case)
        for name, words in [
            ("prevention", prevention.label),
            ("risk_tier", f"{tier}, because {why}"),
            ("complexity", f"{level.label}. {' '.join(reasons)}".removesuffix(".")),
        ]:
            self.fields[name].help_text = f"Suggested: {words}. You decide."

    def clean(self) -> dict[str, Any]:
        """Likely duplicates are decided first (casework reference §7)."""
        for other in services.undecided(self.case, by=self.by):  # type: ignore[arg-type]
            self.add_error(
                None, f"Say first whether {other.reference} is about the same young person."
            )
        return super().clean() or {}


class KeepWaitingForm(MoveForm):
    words = words(
        "What should the referrer know?",
        limit=1000,
        help_text="They read exactly this. Say how long it may take, and what helps meanwhile.",
    )


class AskForm(MoveForm):
    question = words("What do you need to know?", limit=1000)
    intro = "The referrer sees only this question. The clock of triage stands still meanwhile."


class AnswerForm(MoveForm):
    answer = words("Your answer", limit=4000, rows=6)


class SignpostForm(MoveForm):
    reason = forms.ChoiceField(label="Reason", choices=Decline.choices, widget=Radios)
    words = words(
        "What should the referrer know?",
        help_text="They read exactly this. Say what would help instead.",
    )
    signposted_to = forms.MultipleChoiceField(
        label="Services in the directory that may help", required=False, widget=Checks
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["signposted_to"]
        person = self.case.young_person  # type: ignore[attr-defined]
        field.choices = services_to_signpost(
            age=person.age if person else None,
            area=self.case.area,
            terms=terms_of(self.case, in_full=True),  # type: ignore[arg-type]
        )
        if not field.choices:
            field.help_text = "The directory has no service for this age and place yet."


class DeclineForm(SignpostForm):
    """Not accepted, with a reason and where else to turn."""


class RedirectForm(SignpostForm):
    """Passed on: at least one service is named."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["signposted_to"]
        field.required = True
        field.error_messages["required"] = "Choose the service that you pass them on to."


class LetGoForm(MoveForm):
    advice = words("What have you decided, and what should happen now?")
    readers = "The referrer reads exactly this."

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["advice"].help_text = self.readers

    def clean(self) -> dict[str, Any]:
        unread = self.case.concerns.filter(status=Concern.State.RAISED)  # type: ignore[attr-defined]
        for concern in unread:
            self.add_error(None, f"Read concern {concern.reference} first: nobody has read it yet.")
        return super().clean() or {}


class ReleaseForm(LetGoForm):
    readers = "Only safeguarding leads read this."
    guidance = words(
        "What should the coordinator and whoever helps them do, or not do?",
        required=False,
        help_text="They read exactly this. Leave out what only safeguarding leads may know.",
    )


class AllocateForm(MoveForm):
    worker = forms.ModelChoiceField(User.objects.none(), label="Pathway adviser", empty_label=None)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["worker"]
        field.queryset = self._advisers()
        field.widget = Radios()
        field.widget.choices = field.choices
        if not field.queryset.exists():
            field.help_text = "Nobody has this role for the area. An administrator has to add one."
        self.fields["worker"].error_messages["required"] = "Choose who should take this on."

    def _advisers(self) -> QuerySet[User]:
        if self.case.area_id is None:
            return User.objects.none()
        rows = Membership.objects.in_force().as_role(roles.PathwayAdviser)
        return User.objects.filter(
            pk__in=rows.for_area(self.case.area_id).values("user"), is_active=True
        )

    def details(self) -> dict[str, Any]:
        return {**super().details(), "role": Assignment.Role.ADVISER}


class PauseForm(WhyForm):
    intro = (
        "Sessions with a mentor that are planned before you look at it again are called off. To "
        "keep one, pause on the page of the match instead."
    )
    review_on = DateField(label="When do you look at it again?", subject="The review date")
    field_order = ["why", "review_on", "version"]

    def clean_review_on(self) -> Any:
        day = self.cleaned_data["review_on"]
        if not today() < day <= today() + timedelta(days=30):
            raise forms.ValidationError("The review date must be within the next 30 days.")
        return day


class EndForm(WhyForm):
    ending = forms.ChoiceField(label="How does it end?", choices=[("", "Choose"), *Ending.choices])
    field_order = ["ending", "why", "version"]


class BeginEndingForm(EndForm):
    intro = (
        "Sessions with a mentor that are planned ahead are called off. A last one can be planned "
        "again on the page of the match."
    )


class EndReportForm(MoveForm):
    """The end report, in the three parts that whoever referred needs (casework reference §10)."""

    intro = (
        "The referrer reads this once a coordinator who did not write it has approved it. Write "
        "what helps them, and nothing from your notes."
    )
    changed = words("What has changed?", help_text="For the young person, and in what they do.")
    left = words("What is left to do?", help_text="What they still need, and who helps with it.")
    ahead = words("What comes next?", help_text="Where they go on, and whom to ask if it fails.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, text in services.report_of(self.case).items():  # type: ignore[arg-type]
            self.initial.setdefault(name, text)
        if better := services.to_better(self.case):  # type: ignore[arg-type]
            self.shown = [("What should be better", better)]


class ApproveEndForm(MoveForm):
    """Asks nothing: shows what the referrer will read."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shown = services.report_shown(self.case)  # type: ignore[arg-type]
        writer: Any = self.case.reported_by  # type: ignore[attr-defined]
        self.intro = f"{writer.name} wrote this. The referrer reads exactly these words."  # type: ignore[misc]


class BetterReportForm(WhyForm):
    why = words("What should be better?", help_text="Whoever writes the report reads this.")


class WithdrawForm(WhyForm):
    ending = forms.ChoiceField(
        label="Why is it withdrawn?",
        choices=[(ending.value, ending.label) for ending in BEFORE_ACCEPTANCE],
        widget=Radios,
    )
    why = words("What happened?", help_text="The referrer and the coordinators read this.")
    field_order = ["ending", "why", "version"]
