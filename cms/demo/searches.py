"""Invented searches of the past year: what people looked for in each district, and found or not."""

from collections import Counter
from datetime import timedelta

from accounts.clock import now
from accounts.models import Area
from cms.directory.models.demand import Slot
from cms.models import Demand

WEEKS = 56
# Needs for which there is nothing near, and in how many of the weeks somebody looks or tells us.
UNMET = {"need:homeless": 2, "need:neet": 3, "missing:homeless": 5, "missing:send": 9}
# Words with which nobody finds anything, and in how many of the weeks.
IN_VAIN = {"kayaking": 3, "skatepark": 2, "karting": 5, "driving": 4}


def build() -> None:
    """Some each week, more where more people live; the share that finds nothing differs."""
    districts = Area.objects.filter(kind=Area.Kind.DISTRICT).order_by("code")
    start = now().replace(hour=17, minute=0, second=0, microsecond=0) - timedelta(days=1)
    counts: Counter[Slot] = Counter()
    for week in range(WEEKS):
        hour = start - timedelta(weeks=week)
        for number, district in enumerate(districts):
            slot = (hour, district.code)
            counts[(*slot, "", Demand.Found.SOME)] += 3 + (number * 5 + week) % 7
            counts[(*slot, "", Demand.Found.NOTHING)] += (number * 3 + week) % 5 < number % 4
        for mark, often in (UNMET | {f"word:{word}": n for word, n in IN_VAIN.items()}).items():
            counts[hour, "", mark, Demand.Found.NOTHING] += week % often == 0
    Demand.objects.add({slot: many for slot, many in counts.items() if many})
