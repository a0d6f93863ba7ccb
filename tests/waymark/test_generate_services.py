"""The generator of services: its search rows are what saving such a service would have written."""

import random

import pytest
from django.db import connection

from cms import demo
from cms.directory import listings
from cms.directory.models import Listing, Service, ServiceAtLocation
from tests import databases
from waymark import reference
from waymark.demo.people import areas
from waymark.generate import services

pytestmark = [pytest.mark.slow, pytest.mark.thorough]  # it builds the demo's site in a database

MANY = 60
COLUMNS = [field.attname for field in Listing._meta.concrete_fields if field.attname != "id"]


@pytest.fixture(scope="module")
def copies(django_db_setup, django_db_blocker):
    """The ids of the copies, in a database that goes with this module."""
    name = f"wm_services_{databases.run_id()}_{random.randrange(10**6)}"
    databases.clone(databases.schema_name(), name)
    with django_db_blocker.unblock():
        before = databases.use(name)
        try:
            areas()
            reference.load()
            demo.build()
            originals = set(Service.objects.values_list("pk", flat=True))
            services.write(MANY, 1)
            yield list(Service.objects.exclude(pk__in=originals).values_list("pk", flat=True))
        finally:
            connection.close()
            databases.use(before)
            databases.drop(name)


def test_each_has_the_rows_that_saving_it_would_write(copies):
    def rows():
        kept = Listing.objects.filter(service__in=copies).order_by("service")
        return [tuple(map(str, row)) for row in kept.values_list(*COLUMNS)]

    generated = rows()
    listings.refresh(copies)

    assert len(generated) == len(copies) == MANY
    assert rows() == generated


def test_each_satisfies_its_model_and_has_a_place_of_its_own(copies):
    for service in Service.objects.filter(pk__in=copies):
        service.full_clean()
    assert ServiceAtLocation.objects.filter(service__in=copies).count() == MANY
    assert len(set(Service.objects.values_list("slug", flat=True))) == Service.objects.count()
