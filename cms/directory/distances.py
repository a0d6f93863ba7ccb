"""How far a service's places are from where its reader looked. A link to a service carries the town
or the first half of a postcode and no more, for it may be passed on."""

from math import hypot
from urllib.parse import urlencode

from accounts.places import Place, locate, outward

from .models import Location

LONGEST = 60


def sign_of(place: Place) -> str:
    """What stands for a place in the address of a service: `NG7`, `Mansfield`."""
    return outward(place.label)


def from_place(url: str, place: Place | None) -> str:
    """The address of a service for somebody who looked from this place."""
    return f"{url}?{urlencode({'place': sign_of(place)})}" if place else url


def asked(typed: str) -> Place | None:
    """The place in the address of a service; None when it is none that we know."""
    return locate(typed[:LONGEST]) if typed.strip() else None


def metres(place: Place, venue: Location) -> float | None:
    """None for a venue that cannot be said to be anywhere, or may not."""
    if venue.is_address_withheld or venue.easting is None or venue.northing is None:
        return None
    return hypot(venue.easting - place.easting, venue.northing - place.northing)
