"""From one record of a feed to the values of our own. Cleans, never guesses, never raises on data.

Placeholders count as absent; names of persons and personal mailboxes are not taken over.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email

from accounts.clock import today
from accounts.models.organisations import charity_number, company_number
from accounts.places import normalise_postcode

from . import capacity, support
from .languages import Language
from .models import Location, Schedule, Service
from .plain import cut, fold, one_line, opening, paragraphs, to_text
from .said import amount, clock, day, dicts, folded, text
from .support import Support

EXAMPLES = re.compile(r"(^|\.)example\.(com|org|net)$")
SHARED = re.compile(
    r"^(info|inf|enquir|inquir|contact|hello|hi|admin|office|support|help|team|mail|post|reception|"
    r"referral|refer|booking|book|general|membership|service|youth|family|families|advice|customer|"
    r"secretar|volunteer|training|centre|center|school|club|clinic|church|library|directory|admission)"
)
STATUS = {
    "active": Service.Status.OPEN,
    "inactive": Service.Status.OPEN,
    "temporarily closed": Service.Status.PAUSED,
    "defunct": Service.Status.CLOSED,
}
LANGUAGES = {fold(str(language.label)): language.value for language in Language}
HOW = "application_process"
WAYS = {
    "is_in_person": "in person",
    "is_online": "online",
    "is_by_phone": "by phone",
    "is_at_home": "at home",
}
NUMBERS = {
    "GB-CHC": ("charity_number", charity_number),
    "GB-COH": ("company_number", company_number),
}
ACCESS = {str(access.label): access.value for access in Location.Access}
Values = dict[str, Any]
Said = dict[str, Any]
WHEN = ("freq", "byday", "bymonthday", "dtstart", "opens_at", "closes_at", "valid_from", "valid_to")


@dataclass
class Reading:
    """Reads values out of records and counts what it left out, by reason."""

    left_out: Counter[str] = field(default_factory=Counter)

    def service(self, record: dict[str, Any]) -> Values:
        """Values by field of `Service`, with its parts as lists. Everything fits JSON."""
        description = self.description(record)
        least, most = self.ages(record)
        summary = opening(description) or text(record.get("name"))
        return {
            "title": cut(one_line(text(record.get("name"))), 200),
            "status": STATUS[record["status"]].value,
            "notice": cut(one_line(text(record.get("alert"))), 200),
            "summary": cut(one_line(summary), 250),
            "body": "" if " ".join(description.split()) == summary else paragraphs(description),
            "eligibility": cut(to_text(text(record.get("eligibility_description"))), 1000),
            "how_to_get_help": cut(to_text(text(record.get(HOW))), 2000),
            "waiting_time": cut(one_line(capacity.waiting(record)), 200),
            "minimum_age": least,
            "maximum_age": most,
            "support_for": support.read(to_text(text(record.get("description")))) or None,
            **self.cost(record),
            "languages": self.languages(record),
            "phone": self.phone(record),
            "email": self.email(record.get("email")),
            "url": self.url(record.get("url")),
            "checked_on": self.past(record.get("assured_date")),
            **self.places_free(record),
            **self.ways(record),
            "is_anywhere": self.is_anywhere(record),
            "terms": self.terms(record),
            "areas": self.areas(record),
            "when": cut(one_line(_words(_irregular(record))), 300) or None,
            "schedules": self.schedules(record),
            "places": self.places(record),
        }

    def description(self, record: dict[str, Any]) -> str:
        """Without what its fields of their own say again at its end, as in our own feed."""
        said = to_text(text(record.get("description")))
        fields = [to_text(text(record.get(name))) for name in ("eligibility_description", HOW)]
        fields.append(support.sentence([Support(code).label for code in support.read(said)]))
        if how_long := to_text(capacity.waiting(record)):
            fields.append(f"Waiting time: {how_long}")
        again = "\n\n".join(filter(None, fields))
        return said.removesuffix(again).rstrip() if again else said

    def provider(self, record: dict[str, Any]) -> Values:
        name = cut(one_line(text(record.get("name"))), 200)
        description = cut(to_text(text(record.get("description"))), 2000)
        return {
            "name": name,
            "description": "" if description == name else description,
            "email": self.email(record.get("email")),
            "website": self.url(record.get("website") or record.get("url")),
            **self.numbers(record),
        }

    def numbers(self, record: dict[str, Any]) -> Values:
        """Those that it gives of the registers that we keep."""
        found = {}
        for row in dicts(record.get("organization_identifiers")):
            name, is_one = NUMBERS.get(text(row.get("identifier_scheme")), ("", None))
            number = one_line(text(row.get("identifier")))
            try:
                if is_one and number:
                    is_one(number)
                    found[name] = number
            except ValidationError:
                self.left_out["the register's number is not one"] += 1
        return found

    def ways(self, record: dict[str, Any]) -> Values:
        """How it is given; of a feed that does not tell, nothing."""
        said = record.get("attending_types")
        if not isinstance(said, list):
            return {}
        return {name: word in said for name, word in WAYS.items()}

    def places_free(self, record: dict[str, Any]) -> Values:
        said = capacity.places(record)
        said_on = said["places_said_on"]
        return capacity.NOTHING if said_on and self.past(said_on) is None else said

    def past(self, value: Any) -> str | None:
        """A day on which something was done; one that is still to come would never grow old."""
        found = day(value)
        if found and found > today().isoformat():
            self.left_out["the day is still to come"] += 1
            return None
        return found

    def ages(self, record: dict[str, Any]) -> tuple[int | None, int | None]:
        least, most = self.age(record.get("minimum_age")), self.age(record.get("maximum_age"))
        if least is not None and most is not None and least > most:
            self.left_out["the youngest age is above the oldest"] += 1
            return None, None
        return least, most

    def age(self, value: Any) -> int | None:
        number = amount(value)
        if number is None:
            return None
        if not 0 <= number <= 120:
            self.left_out["the age is not between 0 and 120"] += 1
            return None
        return int(number)

    def cost(self, record: dict[str, Any]) -> Values:
        """The first cost option; without one the words of `fees`, else we say to ask."""
        fees = cut(one_line(text(record.get("fees"))), 300)
        for option in dicts(record.get("cost_options")):
            price = amount(option.get("amount"))
            words = cut(one_line(text(option.get("amount_description"))), 300)
            if price == 0:
                return {"cost": Service.Cost.FREE.value, "price": None, "cost_words": words}
            if price is not None and 0 < price < 100_000:
                return {
                    "cost": Service.Cost.PRICE.value,
                    "price": f"{price:.2f}",
                    "cost_words": words or _without_price(fees, price),
                }
        if re.match(r"(it'?s |this (service )?is )?free\b", fees, re.IGNORECASE):
            words = "" if len(fees) < 6 else fees
            return {"cost": Service.Cost.FREE.value, "price": None, "cost_words": words}
        return {"cost": Service.Cost.ASK.value, "price": None, "cost_words": fees}

    def url(self, value: Any) -> str:
        address = one_line(text(value))
        if address and "://" not in address:
            address = f"https://{address}"
        if not address:
            return ""
        try:
            host = urlsplit(address).hostname or ""
            URLValidator(schemes=["http", "https"])(address)
        except (ValueError, ValidationError):
            self.left_out["the web address is not one"] += 1
            return ""
        if EXAMPLES.search(host) or len(address) > 200:
            self.left_out["the web address is a placeholder or too long"] += 1
            return ""
        return address

    def email(self, value: Any) -> str:
        address = one_line(text(value)).lower()
        if not address:
            return ""
        try:
            validate_email(address)
        except ValidationError:
            self.left_out["the email address is not one"] += 1
            return ""
        mailbox, _, host = address.partition("@")
        if EXAMPLES.search(host):
            self.left_out["the email address is a placeholder"] += 1
            return ""
        letters = re.sub(r"\W", "", mailbox)
        if not SHARED.match(mailbox) and not (
            len(letters) > 3 and letters in re.sub(r"\W", "", host)
        ):
            self.left_out["the email address may be a person's own"] += 1
            return ""
        return address

    def phone(self, record: dict[str, Any]) -> str:
        phones = dicts(record.get("phones"))
        phones += [p for c in dicts(record.get("contacts")) for p in dicts(c.get("phones"))]
        for phone in phones:
            number = one_line(text(phone.get("number")))
            if re.fullmatch(r"[+\d][\d ()\-]{2,28}", number):
                return number
            if number:
                self.left_out["the phone number is not one"] += 1
        return ""

    def languages(self, record: dict[str, Any]) -> list[str]:
        found = {}  # in the order of the feed
        for language in dicts(record.get("languages")):
            code = text(language.get("code")).lower()
            name = fold(text(language.get("name")))
            known = code if code in Language.values else LANGUAGES.get(name, "")
            if known and known != Language.ENGLISH:
                found[known] = True
            elif name and not known:
                self.left_out["the language is not on our list"] += 1
        return list(found)

    def terms(self, record: dict[str, Any]) -> list[Values]:
        """Of each its id, address and name, folded, by which the importer matches them with ours;
        and its name as it is, with the list that it is of."""
        terms = (row.get("taxonomy_term") for row in dicts(record.get("attributes")))
        return [
            {
                "words": folded(term.get("id"), term.get("term_uri"), term.get("name")),
                "name": one_line(text(term.get("name"))),
                "vocabulary": one_line(text(term.get("taxonomy")) or text(term.get("vocabulary"))),
            }
            for term in terms
            if isinstance(term, dict)
        ]

    def is_anywhere(self, record: dict[str, Any]) -> bool:
        areas = dicts(record.get("service_areas"))
        return any(fold(text(area.get("name"))) == "anywhere" for area in areas)

    def areas(self, record: dict[str, Any]) -> list[list[str]]:
        """Of each its code, which stands at the end of its address, and its name, folded."""
        areas = dicts(record.get("service_areas"))
        return [
            folded(text(area.get("uri")).rstrip("/").rpartition("/")[2], area.get("name"))
            for area in areas
        ]

    def schedules(self, record: dict[str, Any]) -> list[Values]:
        """Each at its place, if it has one: by the key of that place."""
        venues = {text(at.get("id")): key for key, at, _ in _venues(record)}
        rows, irregular = [], _irregular(record)
        for row in dicts(record.get("schedules")):
            if row is irregular:
                continue
            days = [
                d
                for d in Schedule.Day.values
                if d in re.findall(r"[A-Z]{2}", text(row.get("byday")))
            ]
            opens, closes = clock(row.get("opens_at")), clock(row.get("closes_at"))
            if opens and closes and closes <= opens:
                self.left_out["the closing time is not after the opening time"] += 1
                opens = closes = None
            every = text(row.get("freq")) or Schedule.Every.WEEK.value
            words = cut(one_line(_words(row)), 200)
            place = venues.get(text(row.get("service_at_location_id")))
            if (days or opens or words) and every in Schedule.Every.values:
                rows.append(
                    {"every": every, "days": days, "opens_at": opens, "closes_at": closes}
                    | {"words": words}
                    | self.span(row)
                    | ({"place": place} if place else {})
                )
        return rows

    def span(self, row: dict[str, Any]) -> Values:
        """The first and last day of these times, as far as they are said."""
        begins, ends = day(row.get("valid_from")), day(row.get("valid_to"))
        if begins and ends and ends < begins:
            self.left_out["the last day is before the first"] += 1
            return {}
        said = {"valid_from": begins, "valid_until": ends}
        return {name: value for name, value in said.items() if value}

    def places(self, record: dict[str, Any]) -> list[Values]:
        """Each venue once, with what it says of the service there as `note`."""
        rows: dict[str, Values] = {}
        for key, at, location in _venues(record):
            if key not in rows:
                note = cut(one_line(text(at.get("description"))), 200)
                rows[key] = {"key": key, "note": note} | self.place(location)
        return list(rows.values())

    def place(self, location: dict[str, Any]) -> Values:
        address = next(iter(dicts(location.get("addresses"))), {})
        latitude, longitude = amount(location.get("latitude")), amount(location.get("longitude"))
        is_point = (
            latitude is not None
            and longitude is not None
            and 49 <= latitude <= 61.5
            and -9 <= longitude <= 2.5
        )
        if not is_point and latitude is not None:
            self.left_out["the point on the map is not in the United Kingdom"] += 1
        city = cut(one_line(text(address.get("city"))), 100)
        name = cut(one_line(text(location.get("name"))), 200)
        access = [text(row.get("accessibility")) for row in dicts(location.get("accessibility"))]
        return {
            "name": name or city or "Address",
            "getting_there": cut(to_text(text(location.get("description"))), 1000),
            "access": [ACCESS[word] for word in dict.fromkeys(access) if word in ACCESS],
            "address_1": cut(one_line(text(address.get("address_1"))), 200),
            "city": city,
            "county": cut(one_line(text(address.get("state_province"))), 100),
            "postcode": normalise_postcode(text(address.get("postal_code"))) or "",
            "latitude": latitude if is_point else None,
            "longitude": longitude if is_point else None,
            "payload": location,
        }


def _venues(record: Said) -> Iterator[tuple[str, Said, Said]]:
    """Where somebody can go: a key, what is said of the service there, and of the place."""
    for at in dicts(record.get("service_at_locations")):
        location = at.get("location")
        if not isinstance(location, dict) or location.get("location_type") == "virtual":
            continue
        if key := cut(text(location.get("id")), 200):
            yield key, at, location


def _irregular(record: Said) -> Said:
    """The schedule that holds words alone, as our own feed ends with; empty if there is none."""
    for row in reversed(dicts(record.get("schedules"))):
        named = (*WHEN, "service_at_location_id")
        if _words(row) and not any(text(row.get(name)) for name in named):
            return row
    return {}


def _words(row: Said) -> str:
    return text(row.get("description")) or text(row.get("notes"))


def _without_price(fees: str, price: float) -> str:
    """What `fees` says besides the price, which we write before it."""
    pounds = f"£{price:,.2f}".removesuffix(".00")
    return fees.removeprefix(pounds).strip()
