"""What every section of the referral form shares."""

from typing import Any, ClassVar

from django import forms

from accounts.widgets import Radios
from accounts.wording import PlainErrors
from referrals import services
from referrals.choices import SectionCode
from referrals.models import Referral

YES_NO = [("True", "Yes"), ("False", "No")]


def yes_no(
    label: str, *, required: bool = True, reveals: Any = None, **words: Any
) -> forms.TypedChoiceField:
    """A question with two answers; unanswered is neither of them."""
    return forms.TypedChoiceField(
        label=label,
        choices=YES_NO,
        coerce=lambda value: {"True": True, "False": False}[str(value)],
        empty_value=None,
        required=required,
        widget=Radios(inline=not reveals, reveals=reveals),
        **words,
    )


def box(rows: int = 3) -> forms.Textarea:
    """A box for sentences."""
    return forms.Textarea({"rows": rows})


def line(size: int = 30, **attrs: str) -> forms.TextInput:
    """One line about somebody else: the browser must not offer the writer's own."""
    return forms.TextInput({"size": size, "autocomplete": "off", **attrs})


def number(size: int = 3) -> forms.TextInput:
    """A whole number. Plain text, because a wheel or a spinner changes numbers by accident."""
    return line(size, inputmode="numeric")


class SectionForm(PlainErrors, forms.Form):
    """What every section has: its code, its referral, what it shows of it and how it saves."""

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

    def keep(self, *, by: Any) -> Referral:
        return services.save_sections(referral=self.referral, saves={self.code: self.write}, by=by)


def _as_typed(form: forms.Form, data: dict[str, Any]) -> dict[str, Any]:
    """Saved values in the shape in which a browser would send them."""
    typed: dict[str, Any] = {}
    for name, value in data.items():
        widget = form.fields[name].widget
        if isinstance(widget, forms.MultiWidget):
            parts: list[Any] = widget.decompress(value) or []
            typed.update({f"{name}_{i}": part for i, part in enumerate(parts)})
            names = getattr(widget, "widgets_names", [])
            typed.update({f"{name}{end}": part for end, part in zip(names, parts, strict=False)})
        elif value is not None and value is not False:
            typed[name] = value
        elif value is False and not isinstance(widget, forms.CheckboxInput):
            typed[name] = "False"
    return typed


class AnswersForm(SectionForm, forms.ModelForm):
    """A section whose answers are one row of its own model, `referral.<name>`."""

    def __init__(self, *args: Any, referral: Referral, **kwargs: Any) -> None:
        self.referral = referral
        row = self.row() or self._meta.model(referral=referral)
        kwargs["instance"] = row
        forms.ModelForm.__init__(self, *args, **kwargs)

    def row(self) -> Any:
        return getattr(self.referral, self._meta.model._meta.model_name, None)

    def write(self, referral: Referral) -> None:
        self.instance.referral = referral
        rows = self._meta.model._default_manager.filter(referral=referral)
        keep_as(self.instance, rows.values_list("pk", flat=True).first(), self._meta.fields)


def keep_as(row: Any, there: Any, fields: Any) -> None:
    """Save a form's row: as the one with the key `there`, when a submit of a moment ago has made it
    since; then only what this form asks, because other forms write the same row."""
    if there is None:
        row.save(force_insert=True)
        return
    row.pk, row._state.adding = there, False
    row.save(update_fields=fields)
