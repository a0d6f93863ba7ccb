from typing import Any, ClassVar

from django import forms
from django.db.models import Q

from accounts import roles
from accounts.models import Area, Membership, User
from accounts.widgets import DateField
from accounts.wording import PlainErrors
from casework.calendar import today
from cms.directory.models import TaxonomyTerm

from . import policies
from .models import GapAction, Weights
from .models.weights import PARTS


class WeightsForm(PlainErrors, forms.ModelForm[Weights]):
    class Meta:
        model = Weights
        fields: ClassVar = list(PARTS)
        widgets: ClassVar = {part: forms.NumberInput({"size": 3}) for part in PARTS}


class _Choice(forms.ModelChoiceField):
    def to_python(self, value: Any) -> Any:
        """What is no key at all is no answer that is offered."""
        try:
            return super().to_python(value)
        except forms.ValidationError:
            raise forms.ValidationError(
                self.error_messages["invalid_choice"],
                code="invalid_choice",
                params={"value": value},
            ) from None


class _Place(_Choice):
    def label_from_instance(self, area: Any) -> str:
        """Wards of two districts may have one name."""
        return f"{area.name}, {area.parent.name}" if area.kind == Area.Kind.WARD else area.name


class GapActionForm(PlainErrors, forms.ModelForm[GapAction]):
    area = _Place(Area.objects.none(), label="Which place?", empty_label="Choose a place")
    need: Any = _Choice(
        TaxonomyTerm.objects.none(),
        label="Which need?",
        required=False,
        empty_label="The gap as a whole",
    )
    owner: Any = _Choice(
        User.objects.none(),
        label="Who answers for it?",
        empty_label="Choose somebody",
        help_text="Somebody who reads these pages. It stands on their My work once it is late.",
    )
    due_on = DateField(label="By when?", subject="The date by when")
    field_order = ("area", "need", "action", "owner", "due_on")

    class Meta:
        model = GapAction
        fields: ClassVar = ["area", "need", "action", "owner", "due_on"]
        labels: ClassVar = {"action": "What will be done?"}
        widgets: ClassVar = {"action": forms.Textarea({"rows": 3})}
        help_texts: ClassVar = {
            "action": "One thing that can be seen to be done. Everybody who reads these pages and "
            "their PDF sees it: write nothing about a person."
        }

    def __init__(self, *args: Any, by: User, district: Area | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        was = self.instance
        if was._state.adding:  # what is late already keeps its date until somebody moves it
            self.fields["due_on"].earliest = today  # type: ignore[attr-defined]
        places = Q(kind=Area.Kind.DISTRICT)
        if district:
            places = Q(pk=district.pk) | Q(parent=district, kind=Area.Kind.WARD)
        ours = Area.objects.filter(places, pk__in=by.area_ids_as(roles.ProgrammeManager))
        self._offer("area", ours.select_related("parent").order_by("kind", "name", "pk"))
        needs = TaxonomyTerm.objects.of("need")
        kept = needs.filter(pk=was.need.pk) if was.need else needs.none()
        self._offer("need", (needs.current() | kept).order_by("name", "pk"))
        readers = Membership.objects.in_force().as_role(*policies.READERS)
        here = Q(pk__in=readers.values("user")) | Q(pk=was.owner_id or by.pk)
        self._offer("owner", User.objects.filter(here).order_by("name", "pk"))

    def _offer(self, name: str, rows: Any) -> None:
        field: Any = self.fields[name]
        field.queryset = rows


class DoneForm(PlainErrors, forms.Form):
    done_on = DateField(label="When was it done?", subject="The day", latest=today)
