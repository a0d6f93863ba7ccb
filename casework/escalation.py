"""What happens when a clock runs out: the owner is told, then whom they report to, then the area's
coordinators, then the programme managers; a kind of case may have a ladder of its own. Each step
leaves an Event."""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from accounts import roles
from accounts.models import Membership, User, deputy

from . import clocks, history, outbox, registry
from .actors import SYSTEM
from .calendar import now
from .models import Case, ClockRule

if TYPE_CHECKING:
    from collections.abc import Iterable

PEOPLE: dict[str, Callable[[Case], "Iterable[User]"]] = {
    "holders": lambda case: told_first(case),
    "superiors": lambda case: [each for one in holders(case) for each in _superiors(case, one)],
    "deputy": lambda case: _deputies(case),
    "coordinators": lambda case: _in_role(case, roles.Coordinator),
    "managers": lambda case: _in_role(case, roles.ProgrammeManager),
}
log = logging.getLogger("waymark.clocks")

STEPS = 4


def holders(case: Case) -> list[User]:
    """Whose turn it is: the owner, or everybody in the queue of the owner role for the area."""
    if case.owner:
        return [case.owner]
    return _in_role(case, roles.by_code[case.owner_role]) if case.owner_role else []


def told_first(case: Case) -> list[User]:
    return list({user.pk: user for user in [*holders(case), *case.watchers()]}.values())


def _in_role(case: Case, *wanted: type[roles.Role]) -> list[User]:
    if not case.area_id:
        return []
    memberships = Membership.objects.in_force().as_role(*wanted).for_area(case.area_id)
    return [membership.user for membership in memberships.select_related("user")]


def _deputies(case: Case) -> list[User]:
    found = deputy(case.area_id, now()) if case.area_id else None
    return [found] if found else []


def next_rung(case: Case) -> tuple[int, list[User]]:
    """The next step (1 to 4) on which somebody stands, and who they are; steps where nobody does
    are passed at once. Nobody on any of them: none is taken, and the next sweep looks again."""
    for step, people in enumerate(case.LADDER, start=1):
        if step <= case.escalation:
            continue
        if found := [user for user in PEOPLE[people](case) if _may_be_told(user, case)]:
            return step, found
    return case.escalation, []


def _may_be_told(user: User, case: Case) -> bool:
    """What waits in a queue is not for whoever began it: they may not decide on it."""
    may_not_act = case.owner_id is None and case.NOT_BY
    return user.is_active and not (may_not_act and user.pk == getattr(case, f"{case.NOT_BY}_id"))


def _superiors(case: Case, user: User) -> "Iterable[User]":
    """To whom this person reports in the role that has to act there: to whom they report as
    something else learns nothing of the case."""
    held = Membership.objects.in_force().filter(user=user, role=case.owner_role)
    if case.owner_role == roles.Referrer.code:  # who answers for what they wrote wherever it is
        held = held.filter(organisation=getattr(case, "organisation_id", None))
    elif case.area_id:
        held = held.for_area(case.area_id)
    rows = held.filter(reports_to__isnull=False).select_related("reports_to")
    return [row.reports_to for row in rows if row.reports_to]


def sweep() -> dict[str, int]:
    """Remind of what is due soon and escalate what is late. Safe to run as often as one likes.
    Counts cases; one that has had its reminder is not reminded again."""
    counts = {"reminded": 0, "escalated": 0, "failed": 0}
    rules = {(rule.kind, rule.state): rule for rule in ClockRule.objects.all()}
    for model in registry.kinds().values():
        own = [rule for rule in rules.values() if rule.kind == model.KIND]
        for case in _to_look_at(model, own):
            rule = rules.get((case.KIND, case.clock_state))
            if rule is None:
                continue
            try:
                counts["reminded"] += _remind_if_soon(case, rule)
                counts["escalated"] += _escalate_if_late(case, rule)
            except Exception:  # one bad row must not stop the sweep for everybody after it
                log.exception("clock sweep failed for one %s", case.KIND)
                counts["failed"] += 1
    if counts["reminded"] or counts["escalated"]:
        outbox.wake()
    return counts


def _to_look_at(model: type[Case], rules: "Iterable[ClockRule]") -> "Iterable[Case]":
    """Those that are late, or so near their date that the longest reminder could be due."""
    cases: Any = model._default_manager
    ahead = [clocks.add(now(), rule.remind_before + 1, rule.unit) for rule in rules]
    soon = cases.unfinished().filter(due_at__lte=max(ahead, default=now()), escalation__lt=STEPS)
    return list(soon.select_related("owner").order_by("due_at", "pk"))


def _remind_if_soon(case: Case, rule: ClockRule) -> int:
    if case.due_at is None or not rule.remind_before:
        return 0
    begin = clocks.before(case.due_at, rule.remind_before, rule.unit)
    if not begin <= now() < case.due_at:
        return 0
    return int(outbox.tell_people(case, "reminder", told_first(case), wakes=False) > 0)


def _escalate_if_late(seen: Case, rule: ClockRule) -> int:
    if seen.due_at is None or seen.status in seen.EXPIRING:
        return 0
    if now() < _step_due(rule, seen.due_at, seen.escalation):
        return 0
    with transaction.atomic():
        case = type(seen)._base_manager.select_for_update(of=("self",)).get(pk=seen.pk)
        if (case.version, case.is_finished) != (seen.version, False):
            return 0
        case.escalation, people = next_rung(case)
        if people:
            history.note(case, "escalate", by=SYSTEM, step=case.escalation)
            outbox.tell_people(case, "late", people, wakes=False)
    return int(bool(people))


def _step_due(rule: ClockRule, due_at: datetime, step: int) -> datetime:
    """The first step is due with the clock itself, each later one `escalate_every` units after
    it."""
    return due_at if step == 0 else clocks.add(due_at, step * rule.escalate_every, rule.unit)
