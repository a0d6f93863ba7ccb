"""Times and places of a service, of which there may be several, edited as rows of a form.

A row is known by its public id, so that one which somebody else took off meanwhile is a new row
and no fault.
"""

from typing import Any, ClassVar

from django import forms
from django.db.models import Q

from accounts.wording import PlainErrors
from cms.directory.models import Location, Schedule, Service
from cms.directory.models.occasions import ServiceAtLocation

MOST = 30


class RowForm(PlainErrors, forms.ModelForm[Any]):
    Meta: Any
    relation: ClassVar[str]
    key = forms.CharField(required=False, widget=forms.HiddenInput)

    def for_service(self, service: Service) -> None:
        """Offer what this service may choose from."""


class TimeRow(RowForm):
    relation = "schedules"
    legend = "Opening time"

    class Meta:
        model = Schedule
        fields: ClassVar = ["days", "opens_at", "closes_at", "words"]
        labels: ClassVar = {"words": "More about these times"}
        widgets: ClassVar = {
            "opens_at": forms.TimeInput({"type": "time"}, format="%H:%M"),
            "closes_at": forms.TimeInput({"type": "time"}, format="%H:%M"),
        }


class PlaceRow(RowForm):
    relation = "service_at_locations"
    legend = "Place"

    class Meta:
        model = ServiceAtLocation
        fields: ClassVar = ["location", "note"]
        labels: ClassVar = {"location": "Where it happens"}

    def for_service(self, service: Service) -> None:
        """Addresses that are withheld, and new places, are offered to nobody but whose they are."""
        there = Q(service_at_locations__service__provider=service.provider_id)
        theirs = there | Q(provider=service.provider_id)
        field: Any = self.fields["location"]
        anybody = Q(is_address_withheld=False, live=True)
        field.queryset = Location.objects.filter(anybody | theirs).distinct()


class Rows(forms.BaseFormSet[RowForm]):
    service: Service

    def _construct_form(self, i: int, **kwargs: Any) -> RowForm:
        form: RowForm = super()._construct_form(i, **kwargs)  # type: ignore[misc]  # not in the stubs
        form.for_service(self.service)
        return form

    def add_fields(self, form: RowForm, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["DELETE"].label = "Take this one off"

    def clean(self) -> None:
        """The same place twice is a slip that the database would refuse."""
        seen = set()
        for form in self.kept:
            place = form.cleaned_data.get("location")
            if place and place in seen:
                form.add_error("location", "This place is in the list already.")
            seen.add(place)

    @property
    def kept(self) -> list[RowForm]:
        return [
            form
            for form in self.forms
            if hasattr(form, "cleaned_data")
            and form.cleaned_data
            and form not in self.deleted_forms
            and (form.initial or form.has_changed())
        ]

    def apply(self, service: Service) -> None:
        relation = getattr(service, self.form.relation)
        before = {str(row.uuid): row for row in relation.all()}
        rows = []
        for order, form in enumerate(self.kept):
            row = before.pop(form.cleaned_data["key"], None) or self.form.Meta.model()
            for name in self.form.Meta.fields:
                setattr(row, name, form.cleaned_data[name])
            row.sort_order = order
            rows.append(row)
        relation.set(rows)


def rows_of(form: type[RowForm], service: Service, data: Any) -> Rows:
    """The rows of that kind in the draft of a service, and one empty one."""
    kind: Any = forms.formset_factory(
        form, formset=Rows, extra=1, can_delete=True, max_num=MOST, validate_max=True
    )
    names = form.Meta.fields
    initial = [
        {"key": str(row.uuid)} | {name: _value(row, name) for name in names}
        for row in getattr(service, form.relation).all()
    ]
    kind.service = service
    made: Rows = kind(data, initial=initial, prefix=form.relation)
    return made


def _value(row: Any, name: str) -> Any:
    return row.location_id if name == "location" else getattr(row, name)
