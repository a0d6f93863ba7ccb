"""Records of Open Referral UK 1.0 as 3.0 says them, as far as we read them."""

from typing import Any

from .said import dicts, text

Shape = dict[str, Any]
# Where the terms of a service stand, by the standard and in live feeds.
TERMS = ("link_taxonomies", "link_taxonomie", "service_taxonomys", "service_taxonomies")
NAMES = {"cost_options": "costs_options", "service_areas": "service_area"}


def modern(record: Any) -> Any:
    """A 1.0 record in the shape of 3.0; what has not that shape stays as it is."""
    if not isinstance(record, dict):
        return record
    found = {new: record[old] for new, old in NAMES.items() if old in record} | record
    return found | {
        "organization": _organization(record.get("organization")),
        "service_at_locations": [_at(each) for each in _several(record, "service_at_location")],
        "attributes": [_attribute(each) for name in TERMS for each in dicts(record.get(name))],
        "schedules": _several(record, "regular_schedule") + _several(record, "schedule"),
        "languages": [
            {"name": text(each.get("language"))} | each for each in _several(record, "language")
        ],
        **_ages(record),
    }


def _several(record: Shape, name: str) -> list[Shape]:
    """Feeds differ in whether the name of a list has an s."""
    return dicts(record.get(f"{name}s")) or dicts(record.get(name))


def _organization(found: Any) -> Any:
    if not isinstance(found, dict):
        return found
    return {"website": found.get("url")} | found


def _at(found: Shape) -> Shape:
    place = found.get("location")
    if not isinstance(place, dict):
        return found
    return found | {
        "location": place
        | {
            "addresses": dicts(place.get("physical_addresses")) or dicts(place.get("addresses")),
            "accessibility": dicts(place.get("accessibility_for_disabilities")),
        }
    }


def _attribute(found: Shape) -> Shape:
    return {"taxonomy_term": found.get("taxonomy") or found.get("taxonomy_term")} | found


def _ages(record: Shape) -> Shape:
    for each in _several(record, "eligibility"):
        if "minimum_age" in each or "maximum_age" in each:
            return {name: each.get(name) for name in ("minimum_age", "maximum_age")}
    return {name: record[name] for name in ("minimum_age", "maximum_age") if name in record}
