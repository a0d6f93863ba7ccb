"""Sessions that lie ahead when support pauses or ends: none of them stays planned unseen."""

from datetime import date, datetime, time
from typing import Any

from casework.calendar import LONDON, london
from mentoring.models import Match, Session


def call_off(match: Match, *, because: str, before: date | datetime | None = None) -> int:
    """Call off what is planned ahead (as far as it lies before that day) and say why. Gives how
    many. What had begun stays: it is still to be written down."""
    rows: Any = match.sessions.ahead()
    if before is not None:
        day = london(before).date() if isinstance(before, datetime) else before
        rows = rows.filter(begins_at__lt=datetime.combine(day, time(), LONDON))
    return int(rows.update(status=Session.Status.MOVED, called_off_for=because))
