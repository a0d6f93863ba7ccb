"""What decides whether somebody goes to a service, and how much of it the page gives."""

from collections.abc import Callable
from typing import Any

from .models import LinkCheck, Service


def _is_broken(service: Service) -> bool:
    found = LinkCheck.of(service)
    return found is not None and found.is_broken


FACTS: dict[str, Callable[[Service], Any]] = {
    "ages": lambda service: service.minimum_age is not None or service.maximum_age is not None,
    "needs": lambda service: any(term.taxonomy.code == "need" for term in service.terms.all()),
    "area": lambda service: service.is_anywhere or service.areas.all(),
    "how to get help": lambda service: service.how_to_get_help,
    "contact": lambda service: service.phone or service.email or service.url,
    "times": lambda service: service.when or service.schedules.all(),
    "place": lambda service: service.service_at_locations.all() or not service.is_in_person,
    "waiting time": lambda service: service.waiting_time,
    "a web page that opens": lambda service: not _is_broken(service),
}


def missing(service: Service) -> list[str]:
    """Which of the facts its page does not give. The service comes whole."""
    return [name for name, is_given in FACTS.items() if not is_given(service)]


def percent(lacks: list[str]) -> int:
    """How complete a page is that lacks these."""
    return round(100 * (1 - len(lacks) / len(FACTS)))


def completeness(service: Service) -> int:
    """How many of them its page gives."""
    return len(FACTS) - len(missing(service))
