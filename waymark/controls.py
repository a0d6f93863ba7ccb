"""What the form templates need to know of a field: its kind, its links, its choices."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms import BaseForm
from django.forms.boundfield import BoundField
from django.forms.formsets import BaseFormSet
from django.utils.safestring import SafeString

from accounts.widgets import Chips

WIDTHS = (2, 3, 4, 5, 10, 20, 30)
KINDS: tuple[tuple[type[forms.Widget], str], ...] = (
    (Chips, "chips"),
    (forms.CheckboxSelectMultiple, "checkboxes"),
    (forms.RadioSelect, "radios"),
    (forms.MultiWidget, "group"),
    (forms.CheckboxInput, "checkbox"),
    (forms.Textarea, "textarea"),
    (forms.Select, "select"),
    (forms.PasswordInput, "password"),
    (forms.FileInput, "file"),
)
CLASSES = {
    "textarea": "govuk-textarea",
    "select": "govuk-select",
    "file": "govuk-file-upload",
    "checkbox": "govuk-checkboxes__input",
}
DEFAULT_ROWS = "10"  # Django's own; ours is 5, so that short answers look wanted


def kind(field: BoundField) -> str:
    """Which template draws this field."""
    if field.is_hidden:
        return "hidden"
    widget = field.field.widget
    return next((name for type_, name in KINDS if isinstance(widget, type_)), "input")


def is_optional(field: BoundField) -> bool:
    """Whether the label says "(optional)". `aria-required` means: needed, checked elsewhere. Where
    people search (`is_search`), nobody expects that they must fill in all."""
    if (
        getattr(field.form, "is_search", False)
        or field.field.required
        or kind(field) == "checkbox"
        or field.field.disabled
    ):
        return False
    says_so = "optional" in str(field.label).lower()
    needed = field.field.widget.attrs.get("aria-required")
    return not says_so and not needed and not is_revealed(field)


def revealed(form: BaseForm) -> set[str]:
    """The fields that are drawn under a choice of another field."""
    return {
        name
        for field in form.fields.values()
        for names in getattr(field.widget, "reveals", {}).values()
        for name in names
    }


def is_revealed(field: BoundField) -> bool:
    return field.name in revealed(field.form)


def first_id(field: BoundField) -> str:
    """The id of the control that an error links to: of a group, its first box."""
    own = field.field.widget.attrs.get("id") or field.auto_id
    grouped = kind(field) in {"chips", "checkboxes", "radios", "group"}
    return f"{own}_0" if own and grouped else own


def choices(field: BoundField) -> list[dict[str, Any]]:
    """The choices of radios or checkboxes, each with its hint and the bound fields it reveals."""
    options = []
    for option in field.subwidgets:
        data = dict(option.data)
        names = data.get("reveals", ())
        data["revealed"] = [field.form[name] for name in names if name in field.form.fields]
        data["hint"] = data.get("hint", "")
        data["attrs"] = {
            key: value
            for key, value in data["attrs"].items()
            if key not in {"required", "aria-describedby", "aria-invalid"}
        }
        options.append(data)
    return options


def control(field: BoundField) -> SafeString:
    """The control itself with its classes. Nothing that is typed is cut: no `maxlength` is set."""
    what = kind(field)
    base = CLASSES.get(what, "govuk-input")
    widget = field.field.widget
    attrs: dict[str, Any] = {"maxlength": False, "minlength": False}
    classes = [base]
    if field.errors:
        classes.append(f"{base}--error")
    if width := _width(widget.attrs.get("size")):
        classes.append(f"govuk-input--width-{width}")
    if what == "password":
        classes.append("govuk-password-input__input govuk-js-password-input-input")
        attrs |= {"spellcheck": "false", "autocapitalize": "none"}
    if what == "textarea":
        attrs["cols"] = False
        if widget.attrs.get("rows") == DEFAULT_ROWS:
            attrs["rows"] = 5
        if limit(field):
            classes.append("govuk-js-character-count")
            described = [field.aria_describedby, f"{field.auto_id}-info"]
            attrs["aria-describedby"] = " ".join(filter(None, described))
    return field.as_widget(attrs={**attrs, "class": " ".join(classes)})


def limit(field: BoundField) -> int | None:
    """How many characters a text box takes, when it says."""
    return getattr(field.field, "max_length", None) if kind(field) == "textarea" else None


def _width(size: Any) -> int | None:
    wanted = int(size or 0)
    return next((width for width in WIDTHS if width >= wanted), WIDTHS[-1]) if wanted else None


def problems(*sources: BaseForm | BaseFormSet) -> list[tuple[str, str]]:
    """Every error once, in the order of the page, as (id to link to or "", sentence)."""
    found: list[tuple[str, str]] = []
    for source in sources:
        for problem in _problems(source):
            if problem not in found:
                found.append(problem)
    return found


def _problems(source: BaseForm | BaseFormSet) -> Iterator[tuple[str, str]]:
    if isinstance(source, BaseFormSet):
        if source.is_bound:
            yield from (("", str(error)) for error in source.non_form_errors())
        for form in source.forms:
            yield from _problems(form)
        return
    yield from (("", str(error)) for error in source.non_field_errors())
    for field in source:
        link = "" if field.is_hidden else first_id(field)
        yield from ((link, str(error)) for error in field.errors)
