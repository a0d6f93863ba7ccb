"""Writing down a session, on a phone, in under a minute."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from accounts.widgets import Chips, DayBox, Radios, TimeField
from accounts.wording import PlainErrors
from casework.calendar import LONDON, london, now, today
from mentoring.choices import CAME, Activity, Attendance, Mode, Place
from mentoring.models import Match, Session
from mentoring.services import Report, Worry
from referrals.forms import ContactNoteForm
from referrals.forms.section import YES_NO

LENGTHS = (30, 45, 60, 90, 120)


def _yes_no(label: str, *, reveals: Any = None, **words: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        choices=YES_NO,
        coerce=lambda value: value == "True",
        widget=Radios({"aria-required": "true"}, reveals=reveals, inline=not reveals),
        **words,
    )


class SessionForm(PlainErrors, forms.Form):
    """One screen: did they come, when, how long, what, two questions, what next."""

    submit_key = forms.UUIDField(widget=forms.HiddenInput)
    attended = forms.ChoiceField(
        label="Did they come?",
        choices=Attendance.choices,
        widget=Radios,
        error_messages={"required": "Say whether they came."},
    )
    day = forms.DateField(label="Day", widget=DayBox)
    time = TimeField(label="Time it began")
    minutes = forms.TypedChoiceField(
        label="How long?",
        coerce=int,
        empty_value=None,
        required=False,
        choices=[("", "Choose"), *((str(each), f"{each} minutes") for each in LENGTHS)],
        widget=forms.Select({"aria-required": "true"}),
    )
    place = forms.ChoiceField(
        label="Where?",
        choices=[("", "Choose"), *Place.choices],
        required=False,
        widget=forms.Select({"aria-required": "true"}),
    )
    mode = forms.ChoiceField(label="How?", choices=Mode.choices)
    activities = forms.MultipleChoiceField(
        label="What did you do?", choices=Activity.choices, required=False, widget=Chips
    )
    did = forms.CharField(
        label="In a few words",
        max_length=2000,
        widget=forms.Textarea({"rows": 4}),
        help_text="What you did and how it went. The team reads this. If they did not come: how "
        "you tried to reach them. Do not name another young person.",
        error_messages={"required": "Write a few words: what you did, or how you tried."},
    )
    ete_moved = _yes_no(
        "A step forward in school, training or work?",
        required=False,
        empty_value=None,
    )
    is_worried = _yes_no(
        "Are you worried about them?",
        reveals={"True": ["worry", "is_danger"]},
        error_messages={"required": "Say whether you are worried about them."},
    )
    worry = forms.CharField(
        label="What worries you?",
        max_length=4000,
        required=False,
        widget=forms.Textarea({"rows": 4}),
        help_text="Only a safeguarding lead reads this; it is kept apart from the session.",
    )
    is_danger = forms.BooleanField(
        label="Somebody is in danger right now", required=False, help_text="Call 999 first."
    )
    next_day = forms.DateField(label="Day of the next session", widget=DayBox, required=False)
    next_time = TimeField(label="Time of the next session", required=False)

    def __init__(self, *args: Any, match: Match, **kwargs: Any) -> None:
        self.match = match
        kwargs["initial"] = {**offered(match), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self._offer_length(kwargs["initial"].get("minutes"))

    def _offer_length(self, last: int | None) -> None:
        """The last used length is among the choices, whatever it was."""
        if last and last not in LENGTHS:
            lengths = sorted({*LENGTHS, last})
            field: Any = self.fields["minutes"]
            field.choices = [("", "Choose"), *((str(each), f"{each} minutes") for each in lengths)]

    def clean_next_day(self) -> Any:
        day = self.cleaned_data["next_day"]
        if day and not today() <= day <= today() + timedelta(days=183):
            raise ValidationError("The next session must be within the next 6 months.")
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self._clean_moment(data)
        if data.get("attended") in CAME:
            if data.get("minutes") is None and "minutes" not in self.errors:
                self.add_error("minutes", "Say how long it was.")
            if not data.get("place") and data.get("mode") in (Mode.TOGETHER, Mode.GROUP):
                self.add_error("place", "Say where you were.")
            if data.get("ete_moved") is None and "ete_moved" not in self.errors:
                self.add_error("ete_moved", "Say whether there was a step forward.")
        if data.get("is_worried") is False and (data.get("worry") or data.get("is_danger")):
            self.add_error(
                "is_worried",
                "You told us of a worry and chose No. Choose Yes, or take the worry out.",
            )
        if data.get("is_worried") and not data.get("worry"):
            self.add_error("worry", "Write what worries you, so that a lead can act on it.")
        self._clean_next(data)
        return data

    def _clean_moment(self, data: dict[str, Any]) -> None:
        if not data.get("day") or not data.get("time"):
            return
        begins_at = data["begins_at"] = _moment(data["day"], data["time"])
        begun = london(self.match.referral.started_at)
        if begins_at > now():
            field = "time" if data["day"] == today() else "day"
            self.add_error(field, "A session can be written down once it has begun.")
        elif self._is_there(begins_at, data.get("submit_key")):
            self.add_error(
                "time", "A session that began then is written down already. Look at its time."
            )
        elif begins_at < begun:
            field = "time" if data["day"] == begun.date() else "day"
            self.add_error(field, "The session cannot be before the referral.")

    def _is_there(self, begins_at: datetime, key: Any) -> bool:
        """Whether another session of this match began then; this one may be sent again."""
        held = self.match.sessions.held().filter(begins_at=begins_at)
        return held.exclude(submit_key=key).exists()

    def _clean_next(self, data: dict[str, Any]) -> None:
        day, time = data.get("next_day"), data.get("next_time")
        if bool(day) != bool(time):
            if not {"next_day", "next_time"} & set(self.errors):
                missing = "next_time" if day else "next_day"
                self.add_error(missing, "Give the day and the time of the next session.")
        elif day and time:
            data["next_at"] = _moment(day, time)
            if data["next_at"] <= now():
                self.add_error("next_day", "The next session lies ahead.")

    @property
    def report(self) -> Report:
        data = self.cleaned_data
        return Report(
            begins_at=data["begins_at"],
            attended=data["attended"],
            did=data["did"],
            minutes=data["minutes"],
            place=data["place"],
            mode=data["mode"],
            activities=data["activities"],
            ete_moved=data["ete_moved"],
        )

    @property
    def worried(self) -> Worry | None:
        data = self.cleaned_data
        return Worry(data["worry"], data["is_danger"]) if data["is_worried"] else None


def _moment(day: Any, time: Any) -> datetime:
    return datetime.combine(day, time, LONDON)


def offered(match: Match) -> dict[str, Any]:
    """What is filled in at first: the planned session that is due, and the last used values."""
    found: dict[str, Any] = {"submit_key": uuid.uuid4(), "mode": Mode.TOGETHER, "day": today()}
    last = match.sessions.held().filter(attended__in=CAME).order_by("-begins_at").first()
    if last is not None:
        found |= {"minutes": last.minutes, "place": last.place, "mode": last.mode}
        found["time"] = _not_to_come(london(last.begins_at).time())
    if planned := due(match):
        begins_at = london(planned.begins_at)
        found |= {"day": begins_at.date(), "time": begins_at.time(), "mode": planned.mode}
        found["place"] = planned.place or found.get("place", "")
    if coming := match.sessions.ahead().order_by("begins_at").first():
        begins_at = london(coming.begins_at)
        found |= {"next_day": begins_at.date(), "next_time": begins_at.time()}
    return found


def _not_to_come(time: Any) -> Any:
    """The time of day of the last session, or an hour ago when that is still to come today."""
    if _moment(today(), time) <= now():
        return time
    return (london(now()) - timedelta(hours=1)).replace(minute=0).time()


def due(match: Match) -> Session | None:
    """The oldest planned session whose time has come."""
    planned = match.sessions.planned().filter(begins_at__lte=now())
    return planned.order_by("begins_at").first()


class PlanForm(PlainErrors, forms.Form):
    next_day = forms.DateField(label="Day", widget=DayBox)
    next_time = TimeField(label="Time")
    place = forms.ChoiceField(
        label="Where?", choices=[("", "Not settled yet"), *Place.choices], required=False
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("next_day") and data.get("next_time"):
            data["begins_at"] = _moment(data["next_day"], data["next_time"])
            if not now() < data["begins_at"] <= now() + timedelta(days=183):
                self.add_error("next_day", "The next session must be within the next 6 months.")
        return data


class FirstContactForm(ContactNoteForm):
    """Before they meet."""

    readers = "How it went, or what you tried and what you try next. The team reads this."


class CorrectionForm(PlainErrors, forms.Form):
    words = forms.CharField(
        label="What was wrong, and what is right?",
        max_length=2000,
        widget=forms.Textarea({"rows": 4}),
        help_text="What was written stays; this is added to it.",
    )
    submit_key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {}).setdefault("submit_key", uuid.uuid4())
        super().__init__(*args, **kwargs)
