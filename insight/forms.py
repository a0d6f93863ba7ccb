from typing import ClassVar

from django import forms

from accounts.wording import PlainErrors

from .models import Weights
from .models.weights import PARTS


class WeightsForm(PlainErrors, forms.ModelForm[Weights]):
    class Meta:
        model = Weights
        fields: ClassVar = list(PARTS)
        widgets: ClassVar = {part: forms.NumberInput({"size": 3}) for part in PARTS}
