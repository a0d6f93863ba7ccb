"""The invented public site: pages with real words, fifty services, numbers that ring nowhere.

Called by `manage.py demo` once areas and organisations are there. Again, it changes nothing.
"""

from django.db import transaction

from accounts.places import load_localities
from cms import first_pages
from cms.directory.loading import load_synonyms, load_taxonomies
from cms.models import Service
from cms.services import begin_site

from . import neighbours, numbers, searches, services, translations

__all__ = ["build", "neighbours", "numbers", "searches", "services", "translations"]


@transaction.atomic
def build() -> None:
    """Make the whole public site with its services."""
    load_localities()
    load_taxonomies()
    load_synonyms()
    home = begin_site(
        service_name="Waymark",
        unit_name="Nottingham and Nottinghamshire Violence Reduction Partnership (invented)",
        contact_email="hello@waymark.example.org",
        contact_phone="0115 496 0040 (invented)",
    )
    numbers.build()
    if not Service.objects.exists():
        services.build()
        searches.build()
    first_pages.build(home, places="Nottingham and Nottinghamshire")
    translations.build()
