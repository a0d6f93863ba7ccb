"""What the demo's unit does about its gaps: one action is late, two are to come, one is done."""

from collections.abc import Mapping
from datetime import timedelta

from accounts.models import Area, User
from casework.calendar import at, now, today
from cms.directory.models import TaxonomyTerm

from .models import GapAction

# district, need, owner, what, planned how many days ago, due in how many, done how many ago
PLANNED: list[tuple[str, str, str, str, int, int, int | None]] = [
    ("E07000174", "", "cora", "Ask three Mansfield clubs to take referrals.", 75, -6, None),
    ("E07000170", "money", "bo", "Bring the money advice to Ashfield on Thursdays.", 40, 30, None),
    ("E06000018", "", "ana", "Ask the young people of Bestwood what would help.", 20, 55, None),
    ("E07000171", "", "pru", "Find out whether Worksop services still run.", 90, -25, 31),
]  # fmt: skip


def build(users: Mapping[str, User], areas: Mapping[str, Area]) -> None:
    needs = {term.code: term for term in TaxonomyTerm.objects.of("need")}
    for district, need, owner, action, ago, due, done in PLANNED:
        with at(now() - timedelta(days=ago)):
            row = GapAction(
                area=areas[district],
                need=needs.get(need),
                action=action,
                owner=users[owner],
                added_by=users["pru"],
            )
        row.due_on = today() + timedelta(days=due)
        if done is not None:
            row.done_on, row.done_by = today() - timedelta(days=done), users[owner]
        row.save()
