"""What people of an organisation say about the organisation itself and about the places where its
services happen. Services of others may happen there too, so every change is sent and read first."""

from typing import Any, ClassVar

from django import forms
from django.db import transaction

from accounts.models import User
from accounts.wording import PlainErrors
from cms.directory.differences import published
from cms.directory.models import Location, Provider, Service, ServiceAtLocation
from cms.directory.values import Kept, latest

from . import drafts


class ProviderForm(PlainErrors, forms.ModelForm[Provider]):
    website = forms.URLField(required=False, assume_scheme="https")

    class Meta:
        model = Provider
        fields: ClassVar = [
            *("name", "description", "email", "website", "charity_number", "company_number"),
        ]
        widgets: ClassVar = {"description": forms.Textarea({"rows": 5})}
        help_texts: ClassVar = {"email": "One that several people read. Not a person's own."}


class PlaceForm(PlainErrors, forms.ModelForm[Location]):
    class Meta:
        model = Location
        fields: ClassVar = [
            *("name", "address_1", "address_2", "city", "county", "postcode"),
            *("is_address_withheld", "access", "getting_there"),
        ]
        widgets: ClassVar = {"getting_there": forms.Textarea({"rows": 3})}


FORMS: dict[type[Provider] | type[Location], type[forms.ModelForm[Any]]] = {
    Provider: ProviderForm,
    Location: PlaceForm,
}


@transaction.atomic
def send(draft: Kept, *, by: User) -> None:
    """Keep the draft and ask the editors to publish it: a new place goes with its service."""
    drafts.keep(draft, by=by)
    if published(draft):
        drafts.send(draft, by=by)


@transaction.atomic
def add_place(place: Location, *, to: Service, by: User) -> None:
    """A place that nobody has named yet, in the draft of a service. Raises Refused."""
    service = drafts.held(to)
    if closed := drafts.why_closed(service):
        raise drafts.Refused(closed)
    place.provider, place.live = service.provider, False
    place.save()
    drafts.keep(place, by=by)
    draft = latest(service)
    rows = list(draft.service_at_locations.all())
    draft.service_at_locations.set([*rows, ServiceAtLocation(location=place, sort_order=len(rows))])
    drafts.keep(draft, by=by)
