"""What search engines read of the public site: a sitemap, robots.txt, and what the page of a
service or provider says of itself in schema.org's words. Nothing that the page itself withholds."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.text import slugify
from django.views.decorators.http import require_safe
from wagtail.models import Page

from accounts.models import Area

from .addresses import search_url
from .models import Location, Provider, Schedule, Service, TaxonomyTerm
from .outlines import towns


class Services(Sitemap):
    limit = 10_000

    def items(self) -> Any:
        return Service.objects.public().order_by("pk")

    def lastmod(self, item: Service) -> datetime | None:
        return item.last_modified


class Providers(Sitemap):
    limit = 10_000

    def items(self) -> Any:
        return Provider.objects.public().order_by("pk")


class Searches(Sitemap):
    """The directory, each need that some service is there for, each district and each town."""

    def items(self) -> list[str]:
        needs = TaxonomyTerm.objects.of("need").current().filter(services__listings__isnull=False)
        districts = Area.objects.filter(kind=Area.Kind.DISTRICT).order_by("name")
        places = [*(slugify(area.name) for area in districts), *(town.slug for town in towns())]
        return [
            search_url(),
            *(reverse("directory:need", args=[term.sign]) for term in needs.distinct()),
            *(reverse("directory:place", args=[slug]) for slug in dict.fromkeys(places)),
        ]

    def location(self, item: str) -> str:
        return item


class Pages(Sitemap):
    """What editors have written and published."""

    def items(self) -> Any:
        return Page.objects.live().public().filter(depth__gt=1).specific().order_by("path")

    def lastmod(self, item: Page) -> datetime | None:
        return item.last_published_at

    def location(self, item: Page) -> str:
        parts = item.get_url_parts()
        return parts[2] if parts else "/"


SITEMAPS: dict[str, type[Sitemap]] = {
    "pages": Pages,
    "searches": Searches,
    "services": Services,
    "providers": Providers,
}


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Only what is for the public; nothing of a demo, where everything is invented."""
    if settings.DEMO:
        lines = ["User-agent: *", "Disallow: /"]
    else:
        sitemap = request.build_absolute_uri(reverse("sitemap"))
        lines = ["User-agent: *", "Disallow: /sign-in/", "Disallow: /work/", f"Sitemap: {sitemap}"]
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")


# schema.org --------------------------------------------------------------------------------------
def described(service: Service) -> dict[str, Any]:
    """A service for `ld_json`, from what its page shows; it comes with its relations."""
    places = [at.location for at in service.service_at_locations.all()]
    known = {
        "@context": "https://schema.org",
        "@type": "Service",
        "name": service.title,
        "description": service.summary,
        "serviceType": [term.name for term in service.terms.all() if _is_type(term)],
        "provider": {"@type": "Organization", "name": service.provider.name},
        "areaServed": [area.name for area in service.areas.all()],
        "audience": _audience(service),
        "availableLanguage": ["English", *(str(one.label) for one in service.spoken)],
        "availableChannel": {
            "@type": "ServiceChannel",
            "serviceUrl": service.url,
            "servicePhone": service.phone,
            "serviceLocation": [_place(place) for place in places],
        },
        "hoursAvailable": list(_hours(service.schedules.all())),
        "isAccessibleForFree": service.cost == Service.Cost.FREE,
    }
    return {name: kept for name, value in known.items() if (kept := _kept(value)) is not None}


def described_provider(provider: Provider, offered: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """A provider for `ld_json`, with the names and whole addresses of what it offers."""
    known = {
        "@context": "https://schema.org",
        "@type": "Organization",
        "name": provider.name,
        "description": provider.description,
        "url": provider.website,
        "email": provider.email,
        "makesOffer": [
            {"@type": "Offer", "itemOffered": {"@type": "Service", "name": name, "url": url}}
            for name, url in offered
        ],
    }
    return {name: value for name, value in known.items() if value}


def _kept(value: Any) -> Any:
    """The value without what is empty in it; None when nothing is left but its type."""
    if isinstance(value, dict):
        inner = {key: kept for key, each in value.items() if (kept := _kept(each)) is not None}
        return inner if set(inner) - {"@type"} else None
    return None if value in ("", None, []) else value


def _is_type(term: TaxonomyTerm) -> bool:
    return term.taxonomy.code == "service_type"


def _audience(service: Service) -> dict[str, Any]:
    return {
        "@type": "PeopleAudience",
        "suggestedMinAge": service.minimum_age,
        "suggestedMaxAge": service.maximum_age,
    }


def _place(place: Location) -> dict[str, Any]:
    """Of a withheld address its town alone."""
    address = {"@type": "PostalAddress", "addressLocality": place.city, "addressCountry": "GB"}
    if place.is_address_withheld:
        return {"@type": "Place", "address": address}
    street = ", ".join(filter(None, (place.address_1, place.address_2)))
    address |= {"streetAddress": street, "postalCode": place.postcode}
    return {"@type": "Place", "name": place.name, "address": _kept(address)}


def _hours(rows: Iterable[Schedule]) -> Iterator[dict[str, Any]]:
    for row in rows:
        if row.every == Schedule.Every.WEEK and row.opens_at and row.closes_at:
            yield {
                "@type": "OpeningHoursSpecification",
                "dayOfWeek": [str(Schedule.Day(day).label) for day in row.days],
                "opens": f"{row.opens_at:%H:%M}",
                "closes": f"{row.closes_at:%H:%M}",
            }
