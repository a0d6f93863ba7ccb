"""Errors as people say them: each names its question and what to do. Django's own do neither."""

from typing import Any

from django import forms

# What a form says when it has nothing better; `{label}` is the question.
SENTENCES = {
    "required": "Fill in “{label}”.",
    "max_length": "“{label}” takes at most %(limit_value)d characters, and there are "
    "%(show_value)d. Make it shorter.",
    "min_length": "“{label}” needs at least %(limit_value)d characters, and there are "
    "%(show_value)d.",
    "null_characters_not_allowed": "“{label}” holds a character that cannot be kept. Type the "
    "words instead of pasting them.",
    "min_value": "“{label}” must be %(limit_value)s or more.",
    "max_value": "“{label}” must be %(limit_value)s or less.",
    "invalid": "Check what you gave for “{label}”.",
    "invalid_choice": "Choose one of the answers that are offered for “{label}”.",
    "invalid_list": "Choose from the answers that are offered for “{label}”.",
    "invalid_pk_value": "Choose from the answers that are offered for “{label}”.",
}
BY_KIND: list[tuple[type[forms.Field], dict[str, str]]] = [
    (forms.ChoiceField, {"required": "Choose an answer for “{label}”."}),
    (forms.EmailField, {"invalid": "Enter an email address like name@example.com."}),
    (forms.IntegerField, {"invalid": "“{label}” must be a whole number, such as 12."}),
    (forms.DateTimeField, {"invalid": "Enter a date and a time for “{label}”."}),
    (forms.DateField, {"invalid": "Enter a real date for “{label}”."}),
]
# Django says these; a form that says something else has its reasons.
_STOCK = {
    str(message)
    for field in (
        *(forms.Field, forms.IntegerField, forms.DateField, forms.DateTimeField),
        *(forms.ChoiceField, forms.MultipleChoiceField, forms.ModelChoiceField),
        *(forms.UUIDField, forms.BooleanField),
    )
    for message in field.default_error_messages.values()
}


class PlainErrors:
    """For a form: stock errors become sentences about the question; a field's own words stay."""

    fields: dict[str, forms.Field]

    def full_clean(self) -> None:
        for name, field in self.fields.items():
            _give_words(field, str(field.label or name.replace("_", " ").capitalize()))
        super().full_clean()  # type: ignore[misc]


def _give_words(field: forms.Field, label: str) -> None:
    own: dict[str, Any] = {}
    for kind, sentences in BY_KIND:
        if isinstance(field, kind):
            own = sentences
            break
    for code, sentence in {**SENTENCES, **own}.items():
        said = field.error_messages.get(code)
        # A validator's own sentence has the code "invalid" and must not be hidden by a general one.
        is_free = said is None and (code in own or not code.startswith("invalid"))
        if is_free or (said is not None and str(said) in _STOCK):
            field.error_messages[code] = sentence.replace("{label}", label.replace("%", "%%"))
