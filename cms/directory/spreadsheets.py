"""Services as rows of a spreadsheet, out of the feed and into it: a row is a record of Open
Referral UK 3.0 laid flat. A service with several venues has a row for each, with the same id.

What a spreadsheet cannot hold (times in weeks of the month, access, capacity) is in the feed alone.
"""

import csv
import io
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from accounts.import_report import Fault, Report, shown
from accounts.importing import Column, Refused, Table, TextFile
from accounts.places import normalise_postcode

from . import capacity
from .plain import fold
from .said import amount, clock, day
from .shaped import shaped_id

Record = dict[str, Any]
Cells = Mapping[str, str]
DAYS = {
    "MO": "Monday",
    "TU": "Tuesday",
    "WE": "Wednesday",
    "TH": "Thursday",
    "FR": "Friday",
    "SA": "Saturday",
    "SU": "Sunday",
}
# Our name for a column, its heading, and what others call it (patterns).
HEADINGS: dict[str, tuple[str, ...]] = {
    "id": ("Id", "Service id"),
    "name": ("Name", "Service name", "Title"),
    "organisation": ("Organisation", "Organization", "Provider", "Organi[sz]ation name"),
    "organisation_id": ("Organisation id", "Organization id", "Provider id"),
    "status": ("Status",),
    "description": ("Description", "Service description"),
    "eligibility": ("Who it is for", "Eligibility"),
    "youngest": ("Youngest age", "Minimum age"),
    "oldest": ("Oldest age", "Maximum age"),
    "how": ("How to get help", "How to apply"),
    "waiting": ("Waiting time",),
    "cost": ("Cost", "Fees"),
    "phone": ("Phone", "Telephone"),
    "email": ("Email", "Email address"),
    "web": ("Web page", "Website", "URL"),
    **{code.lower(): (name,) for code, name in DAYS.items()},
    "times": ("Other times", "Opening times"),
    "venue": ("Venue", "Location name"),
    "street": ("Street", "Address", "Address 1"),
    "town": ("Town", "City"),
    "county": ("County",),
    "postcode": ("Postcode", "Post code"),
    "languages": ("Languages",),
    "kinds": ("Kinds and needs", "Categories"),
    "areas": ("Areas served",),
    "checked": ("Last checked",),
}
STATUSES = {"": "active", "active": "active", "open": "active", "paused": "temporarily closed"} | {
    word: word for word in ("inactive", "temporarily closed", "defunct")
}
HOURS = re.compile(r"(\d?\d[:.]\d\d)(?:\s*(?:-|–|to)\s*(\d?\d[:.]\d\d))?")
PRICE = re.compile(r"£\s*(\d+(?:\.\d\d)?)(?!\d)\s*(.*)", re.DOTALL)
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would work out


# Out ---------------------------------------------------------------------------------------------
def lines(records: Iterable[Record]) -> Iterator[str]:
    """The lines of a CSV file, its headings first."""
    yield _line(names[0] for names in HEADINGS.values())
    for record in records:
        for cells in _flat(record):
            yield _line(cells.get(key, "") for key in HEADINGS)


def _line(cells: Iterable[str]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow([f"'{c}" if c.startswith(FORMULA) else c for c in cells])
    return out.getvalue()


def _flat(record: Record) -> Iterator[dict[str, str]]:
    organisation = record.get("organization") or {}
    cells = {
        "id": record["id"],
        "name": record["name"],
        "organisation": organisation.get("name", ""),
        "organisation_id": organisation.get("id", ""),
        "status": record["status"],
        "description": record.get("description", ""),
        "eligibility": record.get("eligibility_description", ""),
        "youngest": str(record.get("minimum_age", "")),
        "oldest": str(record.get("maximum_age", "")),
        "how": record.get("application_process", ""),
        "waiting": capacity.waiting(record),
        "cost": record.get("fees", ""),
        "phone": next((phone["number"] for phone in record.get("phones", [])), ""),
        "email": record.get("email", ""),
        "web": record.get("url", ""),
        "languages": _list(record.get("languages", [])),
        "kinds": _list(row["taxonomy_term"] for row in record.get("attributes", [])),
        "areas": _list(record.get("service_areas", [])),
        "checked": record.get("assured_date", ""),
        **_hours(record.get("schedules", [])),
    }
    for at in record.get("service_at_locations") or [{}]:
        yield cells | _venue(at.get("location") or {})


def _list(rows: Iterable[Record]) -> str:
    return "; ".join(row["name"] for row in rows)


def _venue(location: Record) -> dict[str, str]:
    address: Record = next(iter(location.get("addresses", [])), {})
    return {
        "venue": location.get("name", ""),
        "street": address.get("address_1", ""),
        "town": address.get("city", ""),
        "county": address.get("state_province", ""),
        "postcode": address.get("postal_code", ""),
    }


def _hours(schedules: Sequence[Record]) -> dict[str, str]:
    """By day; what holds on some weeks only, or says more in words, is left to its words."""
    found: dict[str, list[str]] = {}
    for row in schedules:
        opens, closes = row.get("opens_at", "")[:5], row.get("closes_at", "")[:5]
        if row.get("description"):
            found.setdefault("times", []).append(row["description"])
        elif opens and row.get("freq") == "WEEKLY":
            for code in row["byday"].split(","):
                found.setdefault(code.lower(), []).append("-".join(filter(None, (opens, closes))))
    return {key: "; ".join(said) for key, said in found.items()}


# In ----------------------------------------------------------------------------------------------
def columns(path: Path | None) -> list[Column]:
    """Our columns; of those that a map names (TOML, our name = "their heading"), as it says.
    Raises Refused for a map that cannot be used."""
    given: dict[str, Any] = {}
    if path:
        try:
            given = tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise Refused(f"{path} is no map of columns ({error}).") from None
    strange = [
        key for key, said in given.items() if key not in HEADINGS or not isinstance(said, str)
    ]
    if strange:
        raise Refused(
            f'{path}: {shown(strange[0])} is not a line such as name = "Their heading". '
            f"Our names are {', '.join(HEADINGS)}."
        )
    return [
        Column(
            key, (re.escape(given[key]),) if key in given else names, key in given or key == "name"
        )
        for key, names in HEADINGS.items()
    ]


def records(file: TextFile, wanted: Sequence[Column], report: Report) -> dict[int, Record]:
    """Records by the line on which each begins; rows that cannot be taken go to the report."""
    try:
        table = Table(file, wanted)
    except Refused as refusal:
        hint = 'Or say what is what in a file of lines such as name = "Their heading": --columns.'
        raise Refused(f"{refusal} {hint}") from None
    found: dict[int, Record] = {}
    begun: dict[str, Record] = {}
    for line, row in table.rows(report):
        cells = {key: cell.removeprefix("'") for key, cell in row.items()}
        if faults := list(_faults(cells)):
            report.reject(line, faults)
            continue
        record = _record(cells)
        if known := begun.get(record["id"]):
            known["service_at_locations"] += record["service_at_locations"]
        else:
            begun[record["id"]] = found[line] = record
    return found


def _faults(cells: Cells) -> Iterator[Fault]:
    if not cells["name"]:
        yield Fault("name", "There is no name.", "Give every service one.")
    if fold(cells.get("status", "")) not in STATUSES:
        yield Fault("status", f"{shown(cells['status'])} is no state.", "Use active or paused.")
    for key in ("youngest", "oldest"):
        age = cells.get(key, "")
        if age and not ((number := amount(age)) is not None and 0 <= number <= 120):
            yield Fault(key, f"{shown(age)} is no age.", "Use a number from 0 to 120.")
    if cells.get("postcode") and not normalise_postcode(cells["postcode"]):
        yield Fault("postcode", f"{shown(cells['postcode'])} is no postcode.", "Correct it.")
    if cells.get("checked") and not day(_iso(cells["checked"])):
        yield Fault("checked", f"{shown(cells['checked'])} is no day.", "Use one like 2026-03-31.")
    for code in DAYS:
        for said in _split(cells.get(code.lower(), "")):
            if not _from_to(said):
                yield Fault(code, f"{shown(said)} are no hours.", "Use hours like 16:00-18:30.")


def _record(cells: Cells) -> Record:
    def cell(key: str) -> str:
        return cells.get(key, "")

    organisation = cell("organisation")
    organisation_id = cell("organisation_id") or shaped_id("row", fold(organisation))
    return {
        "id": cell("id") or shaped_id("row", fold(organisation), fold(cell("name"))),
        "name": cell("name"),
        "status": STATUSES[fold(cell("status"))],
        "description": cell("description"),
        "eligibility_description": cell("eligibility"),
        "minimum_age": cell("youngest"),
        "maximum_age": cell("oldest"),
        "application_process": cell("how"),
        "wait_time": cell("waiting"),
        "email": cell("email"),
        "url": cell("web"),
        "assured_date": _iso(cell("checked")),
        "organization": {"id": organisation_id, "name": organisation},
        "phones": [{"number": cell("phone")}],
        "languages": [{"name": name} for name in _split(cell("languages"))],
        "attributes": [{"taxonomy_term": {"name": name}} for name in _split(cell("kinds"))],
        "service_areas": [{"name": name} for name in _split(cell("areas"))],
        "schedules": list(_schedules(cells)),
        "service_at_locations": list(_venues(cells)),
        **_cost(cell("cost")),
    }


def _split(said: str) -> list[str]:
    return [part.strip() for part in re.split(r"[;|\n]", said) if part.strip()]


def _iso(said: str) -> str:
    """31/03/2026 as 2026-03-31; anything else as it is."""
    return re.sub(r"^(\d\d?)/(\d\d?)/(\d{4})$", lambda m: f"{m[3]}-{m[2]:0>2}-{m[1]:0>2}", said)


def _cost(said: str) -> Record:
    if price := PRICE.match(said):
        return {"cost_options": [{"amount": price[1], "amount_description": price[2]}]}
    return {"fees": said}


def _schedules(cells: Cells) -> Iterator[Record]:
    by_hours: dict[tuple[str | None, ...], list[str]] = {}
    for code in DAYS:
        for said in _split(cells.get(code.lower(), "")):
            by_hours.setdefault(_from_to(said), []).append(code)
    for (opens, closes), codes in by_hours.items():
        yield {"freq": "WEEKLY", "byday": ",".join(codes), "opens_at": opens, "closes_at": closes}
    for words in _split(cells.get("times", "")):
        yield {"description": words}


def _from_to(said: str) -> tuple[str | None, ...]:
    """When it opens and, if said, closes; empty if these are no hours."""
    hours = HOURS.fullmatch(said)
    times = tuple(clock((part or "").replace(".", ":")) for part in hours.groups()) if hours else ()
    opens, closes = times or (None, None)
    is_good = opens and (not hours or not hours[2] or (closes and closes > opens))
    return times if is_good else ()


def _venues(cells: Cells) -> Iterator[Record]:
    said = {key: cells.get(key, "") for key in ("venue", "street", "town", "county", "postcode")}
    if any(said.values()):
        address = {
            "address_1": said["street"],
            "city": said["town"],
            "state_province": said["county"],
            "postal_code": said["postcode"],
        }
        key = shaped_id("row", *(fold(part) for part in said.values()))
        yield {"location": {"id": key, "name": said["venue"], "addresses": [address]}}
