"""Clocks: whose turn it is in a state, until when, and whom to tell when it is late."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ImproperlyConfigured

from accounts import roles

from . import calendar, registry
from .models import Case, ClockRule, Term

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True)
class Clock:
    """A default rule as a kind of case declares it in `CLOCKS`; `load_clocks` makes rows of
    them."""

    role: type[roles.Role]
    limit: int
    unit: str = "working_days"
    since: str = "state"
    remind_before: int = 1
    escalate_every: int = 1
    pauses: bool = False

    def columns(self) -> dict[str, Any]:
        values = {name: getattr(self, name) for name in self.__dataclass_fields__ if name != "role"}
        return {"owner_role": self.role.code, **values}


def load(models: "Iterable[type[Case]]") -> int:
    """Make the rules that are not there yet. Rules that the unit has edited stay as they are."""
    made = 0
    for model in models:
        for state, clock in model.CLOCKS.items():
            _, new = ClockRule.objects.get_or_create(
                kind=model.KIND, state=state, defaults=clock.columns()
            )
            made += new
    return made


def record_term(name: str, first: date, last: date) -> Term:
    """A school term, first and last day both in it; one that begins on a day that is known has its
    end corrected. Raises ValidationError when it ends before it begins."""
    term = Term.objects.filter(starts_on=first).first() or Term(starts_on=first)
    term.name, term.ends_on = name, last
    term.full_clean()
    term.save()
    return term


_RULE = "SELECT {} FROM casework_clockrule WHERE kind = %s AND state = %s"


def rule_for(case: Case) -> ClockRule | None:
    """The rule of the state the case is in; None when the state is final."""
    if case.is_finished:
        return None
    for rule in ClockRule.objects.raw(
        _RULE.format(registry.columns(ClockRule)), [case.KIND, case.clock_state]
    ):
        return rule
    raise ImproperlyConfigured(
        f"No clock for {case.KIND} {case.clock_state}. Run: manage.py load_clocks"
    )


def start(
    case: Case, *, detail: dict[str, Any], given: str | None = None, from_state: str | None = None
) -> None:
    """Set `owner_role`, `due_at` and `entered_at` for the state that the case has come to."""
    rule = rule_for(case)
    previous_due = case.due_at
    if from_state != case.status:
        case.entered_at = calendar.now()
        case.escalation = 0
    if rule is None:
        case.owner_role, case.due_at, case.days_kept = "", None, None
        return
    case.owner_role = rule.owner_role
    case.due_at = _deadline(case, rule, detail.get(given) if given else case.next_date)
    if case.due_at > calendar.now():  # a new date in the same state: the next lateness begins anew
        case.escalation = 0
    if rule.pauses:
        if previous_due and case.days_kept is None:
            left = calendar.working_days_between(calendar.now(), previous_due)
            case.days_kept = max(left, 1)
    elif case.days_kept is not None and rule.since == ClockRule.Since.OPENED:
        case.due_at = calendar.working_days_after(calendar.now(), case.days_kept)
        case.days_kept = None


def _deadline(case: Case, rule: ClockRule, given: date | datetime | None) -> datetime:
    if rule.since == ClockRule.Since.GIVEN and given is not None:
        date_given = given if isinstance(given, datetime) else calendar.close_of(given)
        return max(date_given, calendar.now())  # one that has passed is due at once
    begin = calendar.now()
    if rule.since == ClockRule.Since.OPENED:
        begin = case.started_at
    deadline = add(begin, rule.limit, rule.unit)
    return max(deadline, calendar.now()) if rule.since == ClockRule.Since.OPENED else deadline


def add(moment: datetime, count: int, unit: str) -> datetime:
    """`moment` and `count` units later; whole days end at five in the afternoon in London."""
    if unit == ClockRule.Unit.MINUTES:
        return moment + timedelta(minutes=count)
    if unit == ClockRule.Unit.DAYS:
        return calendar.close_of(calendar.london(moment).date() + timedelta(days=count))
    return calendar.working_days_after(moment, count, terms=_terms(unit))


def before(moment: datetime, count: int, unit: str) -> datetime:
    """Roughly `count` units before, for reminders: days that count are stepped back one by one."""
    if unit == ClockRule.Unit.MINUTES:
        return moment - timedelta(minutes=count)
    day, terms = calendar.london(moment).date(), _terms(unit)
    while count > 0:
        day -= timedelta(days=1)
        count -= unit == ClockRule.Unit.DAYS or calendar.counts(day, terms)
    return datetime.combine(day, datetime.min.time(), calendar.LONDON).astimezone(UTC)


def _terms(unit: str) -> calendar.Terms:
    if unit != ClockRule.Unit.SCHOOL_DAYS:
        return ()
    return list(Term.objects.values_list("starts_on", "ends_on"))
