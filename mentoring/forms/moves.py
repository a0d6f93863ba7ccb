"""What people say with the moves of a match."""

from datetime import datetime, timedelta
from typing import Any, ClassVar

from django import forms

from accounts.widgets import DateField, Radios
from casework.calendar import london, today
from casework.forms import MoveForm
from mentoring import policies, standard
from mentoring.choices import Ahead, Ending, NotThisMentor, WhatNext
from mentoring.services import adviser_of
from referrals.forms.moves import WhyForm, words

PLANNED = (Ending.GOALS_MET, Ending.PROGRAMME_END, Ending.AGED_OUT, Ending.STEP_DOWN)
UNPLANNED = tuple(
    each for each in Ending if each not in PLANNED and each is not Ending.REFERRAL_ENDED
)


def day(label: str, subject: str, **options: Any) -> DateField:
    """A day that has been, today at the latest."""
    return DateField(label=label, subject=subject, latest=today, **options)


def tick(label: str, missing: str) -> forms.BooleanField:
    return forms.BooleanField(label=label, error_messages={"required": missing})


class SayYesForm(MoveForm):
    intro = (
        "You take this young person on: about an hour a week, for a year as a rule. We introduce "
        "you, and somebody from us is there when you first meet."
    )
    commits = tick(
        "I have the time, and I know of no reason why I should not be their mentor.",
        "Tick this if you say yes. If you are not sure, ask your coordinator first.",
    )

    def details(self) -> dict[str, Any]:
        return {}


class TheirYesForm(MoveForm):
    intro = (
        "Young people who have a say in who it is stay longer. Tell them about the mentor first."
    )
    says_yes = tick(
        "I have asked the young person, they know who it is, and they said yes.",
        "Tick this once the young person has said yes.",
    )

    def details(self) -> dict[str, Any]:
        return {}


class SayNoForm(WhyForm):
    """A no of the mentor's own, or one that a coordinator writes down."""

    intro = "A no is all right. These two are not proposed to each other again."
    reason = forms.ChoiceField(
        label="Whose no is it?",
        choices=[each for each in NotThisMentor.choices if each[0] != NotThisMentor.COORDINATOR],
        widget=Radios,
    )
    field_order = ["reason", "why", "version"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if policies.is_its_mentor(self.case, self.by):  # type: ignore[arg-type]
            del self.fields["reason"]

    def details(self) -> dict[str, Any]:
        return {"reason": NotThisMentor.MENTOR_NO, **super().details()}


class IntroduceForm(MoveForm):
    met_on = day("When did they meet?", "The day they met")
    was_there = tick(
        "Somebody from us was there.", "The first meeting has one of us there. Plan it again."
    )

    def clean_met_on(self) -> Any:
        met_on = self.cleaned_data["met_on"]
        asked_at = self.case.asked_at  # type: ignore[attr-defined]
        if asked_at and met_on < london(asked_at).date():
            raise forms.ValidationError("The day they met must be after they were asked.")
        return met_on

    def details(self) -> dict[str, Any]:
        return {"met_on": self.cleaned_data["met_on"]}


class BeginForm(MoveForm):
    intro = (
        "Every check is made again as you begin. Sessions can be written down from the first "
        "meeting on."
    )
    agreed_on = day("When was the match agreement signed?", "The day of the agreement")
    is_signed = tick(
        "The young person, the mentor and one of us have signed it; a parent or carer too, where "
        "they know and it is needed.",
        "The match begins once the agreement is signed.",
    )

    def details(self) -> dict[str, Any]:
        return {"agreed_on": self.cleaned_data["agreed_on"]}


class AheadForm(WhyForm):
    """Asks what becomes of sessions that are planned ahead, where there are any."""

    ahead = forms.ChoiceField(
        label="What about the session that is planned?",
        choices=Ahead.choices,
        widget=Radios,
        error_messages={"required": "Say whether you keep the session that is planned."},
    )
    what_follows: ClassVar[str]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        planned: Any = self.case.sessions.ahead().order_by("begins_at")  # type: ignore[attr-defined]
        moments = [_when(each.begins_at) for each in planned]
        if moments:
            self.fields["ahead"].help_text = f"It is on {', '.join(moments)}. {self.what_follows}"
        else:
            del self.fields["ahead"]


def _when(moment: datetime) -> str:
    """Tuesday 4 June, 2:30pm."""
    there = london(moment)
    return f"{there:%A %-d %B}, {f'{there:%-I:%M%p}'.lower().replace(':00', '')}"


class PauseForm(AheadForm):
    review_on = DateField(label="When do you look at it again?", subject="The review date")
    field_order = ["why", "review_on", "ahead", "version"]
    what_follows = (
        "One that you keep is written down when support goes on. From the day when you look at it "
        "again, a session stays planned anyway."
    )

    def clean_review_on(self) -> Any:
        review_on = self.cleaned_data["review_on"]
        longest = standard.LONGEST_PAUSE_DAYS
        if not today() < review_on <= today() + timedelta(days=longest):
            raise forms.ValidationError(
                f"The review date must be within the next {longest} days. You can pause again."
            )
        return review_on


class BeginEndingForm(AheadForm):
    intro = "A good ending is planned: a last session or two, and something to look back on."
    reason = forms.ChoiceField(
        label="Why does it end?",
        choices=[(each.value, each.label) for each in (*PLANNED, *UNPLANNED)],
    )
    field_order = ["reason", "why", "ahead", "version"]
    what_follows = "It can be the last one. You can still plan another."


class EndForm(MoveForm):
    """The end of a match, and what comes after it."""

    reason = forms.ChoiceField(
        label="Why does it end?",
        choices=[(each.value, each.label) for each in (*PLANNED, *UNPLANNED)],
    )
    last_met_on = day("When did they last meet?", "The day they last met")
    what_next = forms.ChoiceField(
        label="What comes next for the young person?",
        choices=WhatNext.choices,
        widget=Radios,
    )
    afterwards = words(
        "What did you agree about contact afterwards?", limit=500, rows=2, required=False
    )
    why = words("Anything the team should know", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("reason", self.case.ended_for)  # type: ignore[attr-defined]
        if adviser_of(self.case.referral) is None:  # type: ignore[attr-defined]
            field: Any = self.fields["what_next"]
            field.choices = [each for each in WhatNext.choices if each[0] != WhatNext.ADVISER]

    def clean_last_met_on(self) -> Any:
        last = self.cleaned_data["last_met_on"]
        met_on = self.case.met_on  # type: ignore[attr-defined]
        if met_on and last < met_on:
            raise forms.ValidationError("They cannot have met for the last time before the first.")
        return last


class EndNowForm(WhyForm):
    intro = (
        "Use this when it cannot wait for a planned ending. The young person goes back to those "
        "who find a mentor. If anybody may be in danger, raise a concern as well."
    )
    reason = forms.ChoiceField(
        label="Why does it end?", choices=[(each.value, each.label) for each in UNPLANNED]
    )
    field_order = ["reason", "why", "version"]
