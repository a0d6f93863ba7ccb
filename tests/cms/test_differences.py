"""What a draft would change: nothing that an editor can write may change unseen."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import models

from accounts.clock import now, today
from accounts.models import Area, Organisation
from cms.directory.differences import differences
from cms.editor import LocationViewSet, ProviderViewSet, ServiceViewSet
from cms.models import Location, Provider, Service, ServiceAtLocation, TaxonomyTerm

OTHER = {
    models.BooleanField: lambda field, was: not was,
    models.FloatField: lambda field, was: 5.5,
    models.DecimalField: lambda field, was: Decimal("7.50"),
    models.DateTimeField: lambda field, was: now() - timedelta(days=400),
    models.DateField: lambda field, was: today() + timedelta(days=9),
    models.PositiveSmallIntegerField: lambda field, was: 5 if was != 5 else 6,
}


@pytest.fixture
def pair(site):
    """A service as it is, and once more to write in."""
    return [Service.objects.get(title="Forest days") for _ in range(2)]


def edited() -> list[str]:
    """Every field of a service that the editor offers."""
    form = ServiceViewSet().get_edit_handler().get_form_class()
    return list(form.base_fields)


def other(field, was):
    if field.choices:
        return next(value for value, _ in field.choices if value and value != was)
    for kind, make in OTHER.items():
        if isinstance(field, kind):
            return make(field, was)
    return "Another"


def test_every_field_that_an_editor_can_change_shows(pair):
    before, after = pair
    related = {
        "terms": lambda: [TaxonomyTerm.objects.first()],
        "areas": lambda: list(Area.objects.all()[:1]),
        "languages": lambda: ["pl"],
        "support_for": lambda: ["HI"],
        "provider": lambda: Provider.objects.exclude(pk=before.provider_id).first(),
    }
    unseen = []
    for name in edited():
        was = getattr(after, name)
        if name in related:
            value = related[name]()
            was = list(was.all()) if name in ("terms", "areas") else was
        else:
            value = other(Service._meta.get_field(name), was)
        setattr(after, name, value)
        if not differences(before, after):
            unseen.append(name)
        setattr(after, name, was)

    assert len(edited()) > 30
    assert unseen == []
    assert differences(before, after) == []


@pytest.mark.parametrize(
    ("model", "views"), [(Provider, ProviderViewSet), (Location, LocationViewSet)]
)
def test_every_field_of_a_provider_and_of_a_place_shows(site, model, views):
    before, after = model.objects.first(), model.objects.first()
    values = {"organisation": Organisation.objects.first(), "access": ["hoist"]}
    unseen = []
    fields = list(views().get_edit_handler().get_form_class().base_fields)
    for name in fields:
        was = getattr(after, name)
        setattr(after, name, values.get(name) or other(model._meta.get_field(name), was))
        if not differences(before, after):
            unseen.append(name)
        setattr(after, name, was)

    assert len(fields) > 5 and unseen == []


def test_a_place_and_a_link_that_lead_elsewhere_show(pair):
    before, after = pair
    before.body = '<p>Read <a href="https://here.test/">more</a>.</p>'
    after.body = '<p>Read <a href="https://there.test/">more</a>.</p>'

    (body,) = differences(before, after)

    assert "here.test" in body.before and "there.test" in body.after
    after.service_at_locations = [ServiceAtLocation(location=Location.objects.last())]
    assert {each.name for each in differences(before, after)} == {"What happens", "Where"}
