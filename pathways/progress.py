"""Where a young person stands on the way into a place, and a placement on its own way: what pages
show, in words."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from accounts.models import User
from casework.calendar import close_of, london, today
from referrals import nccis, progress
from referrals.models import Referral

from .models import EteStatus, Placement, SustainmentCheck

P = Placement.State
Status = SustainmentCheck.Status


def day(value: date | None) -> str:
    """4 June, with the year when it is not this one."""
    if value is None:
        return ""
    year = "" if value.year == today().year else f" {value.year}"
    return f"{value.day} {value:%B}{year}"


# A status ------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Sign:
    """A few words and the tone of their tag."""

    words: str
    tone: str = ""


def sign_of(status: EteStatus | None) -> Sign:
    """Whether what we know is still current. A status that has lapsed keeps its code."""
    if status is None:
        return Sign("Not confirmed yet", "soon")
    if status.is_lapsed:
        return Sign(f"Not current, last confirmed {day(status.verified_on)}", "late")
    if status.is_lapsing:
        return Sign(f"To be confirmed by {day(status.lapses_on)}", "soon")
    if status.code in ("810", "820", "150"):
        return Sign("Not known", "soon")
    return Sign(f"Confirmed {day(status.verified_on)}", "ok" if status.is_in_place else "")


def facts_of(status: EteStatus) -> list[dict[str, str]]:
    """A status as rows of a summary list; what was not asked is left out."""
    source = f"{status.get_evidence_display()}{f': {status.source}' if status.source else ''}"
    rows = {
        "What they do": status.label,
        "Since": day(status.starts_on) or "Not known",
        "Hours a week": str(status.hours or ""),
        "Until": day(status.ends_on),
        "How we know": source,
        "Confirmed": f"{day(status.verified_on)}, by {status.verified_by}",
        "Counts until": day(status.lapses_on),
    }
    return [{"key": key, "value": value} for key, value in rows.items() if value]


def what_referrer_wrote(referral: Referral) -> str:
    written = getattr(referral, "education", None)
    return nccis.by_code[written.status].label if written else ""


# A placement ---------------------------------------------------------------------------------
_NEXT: dict[str, str] = {
    P.APPLIED: "The organisation answers",
    P.OFFERED: "They answer the offer",
    P.ACCEPTED: "They start",
    P.COMPLETED: "What comes next begins",
    P.LEFT_EARLY: "Speak with them",
}


def next_of(placement: Placement) -> str:
    """What has to happen next. Needs `with_checks()`."""
    if placement.is_finished:
        return ""
    if placement.status == P.LEFT_EARLY and placement.is_contacted:
        return "What they agreed comes next"
    if placement.status in _NEXT:
        return _NEXT[placement.status]
    due = [check for check in _checks(placement) if check.is_due]
    return due[0].name if due else "Ask how it goes"


def _checks(placement: Placement) -> list[SustainmentCheck]:
    found: list[SustainmentCheck] = getattr(placement, "current_checks", [])
    return sorted(found, key=lambda check: check.due_on)


def check_line(check: SustainmentCheck, by: User) -> progress.Line:
    """A check in a list of what is owed: the line of its placement, with its own day."""
    line = placement_line(check.placement, by)
    return replace(line, next="Ask whether the place holds", due_at=close_of(check.due_on))


def placement_line(placement: Placement, by: User) -> progress.Line:
    """One placement in My work. Needs `with_people()` and `with_checks()`."""
    person = placement.referral.young_person
    return progress.Line(
        "Placement",
        placement.reference,
        placement.home(),
        person.called if person else "No name yet",
        progress.Sign(placement.status, placement.get_status_display()),
        progress.turn(placement, by),
        next_of(placement),
        placement.due_at,
    )


@dataclass(frozen=True)
class Step:
    """A step of a path, as `components/path.html` draws it."""

    label: str
    state: str
    words: str = ""


def path_of(placement: Placement) -> list[Step]:
    """From the application to the last check; a way that ended early ends the path. Needs
    `with_checks()`."""
    applied = Step("Applied", "done", day(_local(placement.created_at)))
    if placement.started_on is None:
        return [applied, *_before_start(placement)]
    dated = [(placement.started_on, Step("Started", "done", day(placement.started_on)))]
    if placement.ended_on is not None:
        label = "Left" if placement.reason else "Completed"
        dated.append((placement.ended_on, Step(label, "done", day(placement.ended_on))))
    dated += [(check.due_on, _step_of(check, placement)) for check in _checks(placement)]
    dated.sort(key=lambda pair: pair[0])
    return [applied, *_with_one_current([step for _, step in dated])]


def _with_one_current(steps: list[Step]) -> list[Step]:
    """The first that is to come is where they are now."""
    first = next((step for step in steps if step.state == "next"), None)
    return [replace(step, state="current") if step is first else step for step in steps]


def _step_of(check: SustainmentCheck, placement: Placement) -> Step:
    label = check.name
    if not check.is_due:
        when = check.asked_on or (_local(check.answered_at) if check.answered_at else None)
        return Step(label, "done", f"{check.get_status_display()}, {day(when)}")
    waits = placement.status in Placement.BETWEEN and not check.is_askable(placement)
    if waits and placement.ended_on is not None and check.due_on > placement.ended_on:
        until = day(placement.bridge_ends_on)
        return Step(label, "next", f"Goes on if they are in another place by {until}")
    return Step(label, "next", f"Due {day(check.due_on)}")


def _local(moment: datetime) -> date:
    return london(moment).date()


def _before_start(placement: Placement) -> list[Step]:
    if placement.is_finished:
        why = placement.get_reason_display() if placement.reason else ""
        return [Step(placement.get_status_display(), "current", why)]
    order = [
        (P.APPLIED, "Offered", "The organisation answers"),
        (P.OFFERED, "Start agreed", "They answer"),
        (P.ACCEPTED, "Started", day(placement.starts_on)),
    ]
    at = [state for state, _, _ in order].index(P(placement.status))
    done = [Step(label, "done") for _, label, _ in order[:at]]
    _, label, words = order[at]
    rest = [Step(label, "next") for _, label, _ in order[at + 1 :]]
    checks = [Step(f"{point.value}-week check", "next") for point in SustainmentCheck.Point]
    is_step = placement.opportunity.is_step
    return [*done, Step(label, "current", words), *rest, *([] if is_step else checks)]


# A young person in a list --------------------------------------------------------------------
@dataclass(frozen=True)
class Person:
    """One line of the overview."""

    reference: str
    url: str
    name: str
    does: str
    sign: Sign
    adviser: str
    places: list[Placement] = field(default_factory=list)

    @property
    def next(self) -> list[tuple[str, Any]]:
        """What comes next in each open placement, and when."""
        return [(next_of(placement), placement.due_at) for placement in self.places]


def people(referrals: Iterable[Referral], *, by: User) -> list[Person]:
    """Lines of an overview in three queries, however many. Needs `with_workers()`."""
    rows = list(referrals)
    statuses = {
        status.young_person_id: status
        for status in EteStatus.objects.visible_to(by)
        .current()
        .filter(young_person__in=[row.young_person_id for row in rows])
        .select_related("verified_by")
    }
    places: dict[Any, list[Placement]] = {}
    found = Placement.objects.visible_to(by).unfinished().filter(referral__in=rows)
    for placement in found.with_people().with_checks().order_by("due_at", "pk"):
        places.setdefault(placement.referral_id, []).append(placement)
    return [
        _person(
            row,
            statuses.get(row.young_person_id) if row.young_person_id else None,
            places.get(row.pk, []),
        )
        for row in rows
    ]


def _person(referral: Referral, status: EteStatus | None, places: list[Placement]) -> Person:
    advisers = [
        each.worker.name
        for each in referral.assignments.all()
        if each.ended_at is None and each.role == "adviser"
    ]
    person = referral.young_person
    return Person(
        referral.reference,
        f"{referral.home()}?tab=education",
        person.called if person else "No name yet",
        status.label if status else what_referrer_wrote(referral),
        sign_of(status),
        advisers[0] if advisers else "",
        places,
    )
