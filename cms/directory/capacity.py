"""What a record says of its places and of waiting for one, as HSDS 3.1 and our own feed have it."""

import re
from typing import Any

from .models import Service
from .plain import fold
from .said import amount, day, dicts, text

Said = dict[str, Any]
Values = dict[str, Any]
PLACES = ("free_places", "all_places", "weeks_to_wait", "places_said_on")
NOTHING: Values = dict.fromkeys(PLACES) | {"room": ""}
WEEKS = re.compile(r"about (\d{1,3}) weeks? to wait")
MOST_PLACES = 32_767  # that a column holds


def places(record: Said) -> Values:
    """What it says of its capacity, as HSDS 3.1 has it; nothing without a day. `room` is our
    `places`: here those are venues."""
    found = _capacity(record)
    free, every = amount(found.get("available")), amount(found.get("maximum"))
    said_on, room = day(found.get("updated")), _room(found)
    is_number = free is not None and 0 <= free <= (every or MOST_PLACES)
    if said_on is None or not (is_number or (free is None and room)):
        return NOTHING
    room = room or (Service.Places.OPEN if free else Service.Places.FULL)
    is_counted = free or (free is not None and room == Service.Places.OPEN)
    weeks = WEEKS.search(text(found.get("description"))) if room else None
    return {
        "room": room.value,
        "free_places": int(free or 0) if is_counted else None,
        "all_places": None if every is None or not 0 <= every <= MOST_PLACES else int(every),
        "weeks_to_wait": int(weeks[1]) if weeks and int(weeks[1]) <= 260 else None,
        "places_said_on": said_on,
    }


def _capacity(record: Said) -> Said:
    return next(iter(dicts(record.get("service_capacity"))), {})


def _room(capacity: Said) -> Service.Places | None:
    """What it says in our words, as our own feed does."""
    words = text(capacity.get("description"))
    return next((each for each in Service.Places if words.startswith(str(each.label))), None)


def waiting(record: Said) -> str:
    """How long people wait, unless it only says again how many places there are. "None" is an
    answer here, and no placeholder."""
    said, capacity = record.get("wait_time"), _capacity(record)
    is_none = isinstance(said, str) and fold(said).strip(" .") == "none"
    words = str(said) if is_none else text(said)
    is_again = _room(capacity) and words.startswith(text(capacity.get("description")))
    return "" if is_again else words
