"""A list of choices kept in one array column, shown as checkboxes."""

from typing import Any

from django import forms
from django.contrib.postgres.fields import ArrayField
from django.db import models


class ManyChoicesField(ArrayField):
    """An array of codes from a fixed list. For lists that editors do not change themselves."""

    def __init__(self, base_field: models.Field, **kwargs: Any) -> None:
        super().__init__(base_field, **{"default": list, "blank": True, **kwargs})

    def formfield(self, **kwargs: Any) -> forms.Field:
        return forms.TypedMultipleChoiceField(
            choices=self.base_field.choices or [],
            coerce=self.base_field.to_python,
            required=False,
            label=kwargs.get("label") or str(self.verbose_name).capitalize(),
            help_text=self.help_text,
            widget=forms.CheckboxSelectMultiple,
        )
