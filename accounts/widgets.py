"""What forms say about their controls: choices with hints, dates in three boxes, postcodes.

Only meaning is kept here; how a control looks is in `waymark/templates/django/forms`. It lives in
the lowest package because the forms of every package use it.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.renderers import TemplatesSetting

from accounts import clock
from accounts.places import normalise_postcode

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
TIMES = ("%H:%M", "%H:%M:%S", "%I:%M%p", "%I%p")

Hints = Mapping[Any, str] | Callable[[Any], str]
Limit = date | Callable[[], date]


class Renderer(TemplatesSetting):
    """Forms are drawn with the templates of the pages, so `FORM_RENDERER` names this class."""


class Explained:
    """Adds to a choice widget a hint for each choice and the field that a choice reveals.

    `hints` maps a value to a sentence, or is called with the value (of a model choice: with the
    instance). `reveals` maps a value to the name of a field of the same form, or to several names;
    without JavaScript these are always seen, so none is required by itself: the form's `clean()`
    decides. A field is revealed by one choice only: it is drawn under it.
    """

    def __init__(
        self,
        attrs: dict[str, Any] | None = None,
        choices: Sequence[Any] = (),
        *,
        hints: Hints | None = None,
        reveals: Mapping[Any, str | Sequence[str]] | None = None,
        inline: bool = False,
    ) -> None:
        super().__init__(attrs, choices)  # type: ignore[call-arg]
        self.hints = hints or {}
        self.reveals = {
            str(value): (names,) if isinstance(names, str) else tuple(names)
            for value, names in (reveals or {}).items()
        }
        self.inline = inline

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option: dict[str, Any] = super().create_option(name, value, *args, **kwargs)  # type: ignore[misc]
        if callable(self.hints):
            option["hint"] = self.hints(getattr(value, "instance", value))
        else:
            option["hint"] = self.hints.get(getattr(value, "value", value), "")
        option["reveals"] = self.reveals.get(str(value), ())
        return option


class Radios(Explained, forms.RadioSelect):
    """One of a few."""


class Checks(Explained, forms.CheckboxSelectMultiple):
    """Any of a few."""


class Chips(Checks):
    """Any of a few, as large chips for a thumb; no hints, no reveals."""


class DayBox(forms.DateInput):
    """A day in the browser's own picker: for staff who log something of today or yesterday."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class TimeBox(forms.TimeInput):
    """A time of day in the browser's own picker, with plain typing where it has none."""

    input_type = "time"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%H:%M")


class MomentBox(forms.DateTimeInput):
    """A day and a time of day in the browser's own picker, for a `DateTimeField`."""

    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")


class TimeField(forms.TimeField):
    """Takes 14:30, 2:30pm, 2.30 pm and 2pm."""

    widget = TimeBox
    default_error_messages = {
        "required": "Enter a time, like 2:30pm",
        "invalid": "Enter a time, like 2:30pm",
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(input_formats=TIMES, **kwargs)

    def to_python(self, value: Any) -> time | None:
        if isinstance(value, str):
            value = re.sub(r"\s+", "", value).lower().replace(".", ":").removesuffix(":")
            value = value.replace("a:m", "am").replace("p:m", "pm")
        return super().to_python(value)


class DateParts(forms.MultiWidget):
    """Day, month and year in three boxes; `birthday` lets the browser fill in the person's own."""

    template_name = "django/forms/date_parts.html"

    def __init__(self, attrs: dict[str, Any] | None = None, *, birthday: bool = False) -> None:
        parts: dict[str, forms.Widget | type[forms.Widget]] = {}
        for name, letters in (("day", 2), ("month", 2), ("year", 4)):
            own = {"inputmode": "numeric", "size": letters, "autocomplete": "off"}
            if birthday:
                own["autocomplete"] = f"bday-{name}"
            parts[name] = forms.TextInput(own)
        super().__init__(parts, attrs)

    def decompress(self, value: date | str | None) -> list[Any]:
        if isinstance(value, str) and value:  # a draft kept as JSON
            value = date.fromisoformat(value)
        return (
            [value.day, value.month, value.year] if isinstance(value, date) else [None, None, None]
        )


class DateField(forms.Field):
    """A date typed as day, month and year; the month may be a word. Gives a `date` or None.

    `earliest` and `latest` are dates or callables asked at each check; `subject` begins the
    sentences of its errors ("Date of birth must be in the past").
    """

    widget = DateParts
    empty_values = [*forms.Field.empty_values, ["", "", ""], [None, None, None]]

    def __init__(
        self,
        *,
        subject: str = "The date",
        earliest: Limit | None = None,
        latest: Limit | None = None,
        birthday: bool = False,
        **kwargs: Any,
    ) -> None:
        self.subject, self.earliest, self.latest = subject, earliest, latest
        kwargs.setdefault("widget", DateParts(birthday=birthday))
        super().__init__(**kwargs)
        if "required" not in (kwargs.get("error_messages") or {}):
            words = subject[0].lower() + subject[1:]
            self.error_messages["required"] = f"Enter {words}"

    def to_python(self, value: Any) -> date | None:
        if isinstance(value, datetime):
            return value.date()
        if value in self.empty_values or isinstance(value, date):
            return value if isinstance(value, date) else None
        parts = [str(part or "").strip() for part in value]
        typed = dict(zip(("day", "month", "year"), parts, strict=True))
        if missing := [name for name, text in typed.items() if not text]:
            if len(missing) == 3:
                return None
            raise ValidationError(
                f"{self.subject} must include a {' and '.join(missing)}", code="partial"
            )
        if not re.fullmatch(r"\d{4}", typed["year"], re.ASCII):
            raise ValidationError("The year must have 4 numbers, like 2009", code="year")
        try:
            return date(int(typed["year"]), _month(typed["month"]), int(typed["day"]))
        except (ValueError, OverflowError):
            raise ValidationError(f"{self.subject} must be a real date", code="invalid") from None

    def validate(self, value: date | None) -> None:
        super().validate(value)
        if value is None:
            return
        earliest, latest = _day(self.earliest) or date(1900, 1, 1), _day(self.latest)
        if latest and value > latest:
            limit = _words(latest, "in the past", "before")
            raise ValidationError(f"{self.subject} must be {limit}", code="late")
        if value < earliest:
            limit = _words(earliest, "in the future", "after")
            raise ValidationError(f"{self.subject} must be {limit}", code="early")


def _day(limit: Limit | None) -> date | None:
    return limit() if callable(limit) else limit


def _month(text: str) -> int:
    """The number of a month written as one or as a word; ValueError when it is neither."""
    return int(text) if text.isdecimal() else MONTHS.index(text[:3].lower()) + 1


def _words(limit: date, beyond_today: str, beyond: str) -> str:
    if limit == clock.today():
        return f"today or {beyond_today}"
    return f"{limit.day} {limit:%B %Y} or {beyond}"


class PostcodeField(forms.CharField):
    """A full UK postcode in any spelling; gives it in capitals with one space ("NG1 5DT")."""

    default_error_messages = {
        "required": "Enter a postcode",
        "invalid": "Enter a full UK postcode, like NG1 5DT",
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 12)
        kwargs.setdefault(
            "widget",
            forms.TextInput({"size": 10, "autocomplete": "postal-code", "spellcheck": "false"}),
        )
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        text = re.sub(r"[\s.\-]", "", super().to_python(value) or "")
        if not text:
            return ""
        postcode = normalise_postcode(text)
        if postcode is None:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return postcode
