"""What happens to the generated referrals: a few stories, played once by the app's own services and
moves under the engine's clock. `stamping` makes as many copies of what they leave as wanted."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.test.utils import override_settings

from accounts.models import Area, Organisation, User
from casework import calendar, escalation, outbox
from casework.workflow import move
from referrals.models import Referral
from referrals.services import raise_concern
from waymark.demo import making

from .world import World

BEGINS = time(15)  # in London: when the first step of a day happens
MARKS = {
    "legal_name": "Zzfirst Zzlast",
    "known_as": "Zzfirst",
    "postcode": "NG1 1AA",
    "lines": "1 Zzstreet",
}

Step = tuple[int, str, str, dict[str, Any]]  # working days before the end, move, by whom, details


@dataclass(frozen=True)
class Story:
    """`share` of all referrals in thousandths; `is_past`: over, at any time in the years before."""

    share: int
    written: int
    steps: list[Step] = field(default_factory=list)
    is_past: bool = False


@dataclass(frozen=True)
class Cast:
    """Who plays: exchanged for other people in each copy."""

    area: Area
    school: Organisation
    referrer: User
    coordinator: User
    adviser: User
    mentor: User
    lead: User

    def users(self) -> dict[str, User]:
        names = ("referrer", "coordinator", "adviser", "mentor", "lead")
        return {name: getattr(self, name) for name in names}


TRIAGED = making.TRIAGED


def _sent(day: int) -> Step:
    return (day, "send", "referrer", {})


def _read(day: int) -> list[Step]:
    return [_sent(day), (day - 1, "start_triage", "coordinator", {})]


def _accepted(day: int) -> list[Step]:
    return [*_read(day), (day - 2, "accept", "coordinator", {**TRIAGED, "why": "Right for us."})]


def _active(day: int, role: str, taken: int) -> list[Step]:
    return [
        *_accepted(day),
        (taken + 1, "allocate", "coordinator", {"worker": role, "role": role}),
        (taken, "take_on", role, {}),
    ]


def _over(day: int, *last: Step) -> list[Step]:
    return [*_read(day), *last]


_DECLINED = {"reason": "out_of_area", "signposted_to": [], "words": "They live outside our area."}
_REPORT = {
    "changed": "They kept their place.",
    "left": "Little: a bus pass.",
    "ahead": "The club goes on.",
}
_ENDED = {"ending": "needs_met_elsewhere", "why": "A club took this on and it works."}
_WITHDRAWN = {"ending": "moved_area", "why": "The family moved."}

STORIES: list[Story] = [
    *(Story(7, day) for day in (1, 4, 12)),
    *(Story(10, day, [_sent(day)]) for day in (0, 0)),
    *(Story(7, day, _read(day)) for day in (1, 2, 4)),
    Story(2, 16, [*_read(16), *((day, "sweep", "system", {}) for day in range(10, -1, -1))]),
    Story(8, 6, [*_read(6), (3, "ask", "coordinator", {"question": "When may we ring?"})]),
    Story(2, 3, [*_read(3), (0, "danger", "referrer", {})]),
    *(
        Story(8, day, [*_read(day), (day - 3, "wait", "coordinator", TRIAGED)])
        for day in (6, 14, 20)
    ),
    *(Story(9, day, _accepted(day)) for day in (3, 5, 6)),
    Story(9, 8, _active(8, "adviser", 0)[:-1]),
    *(Story(8, day, _active(day, "adviser", taken)) for day, taken in ((9, 2), (40, 4), (90, 1))),
    *(Story(8, day, _active(day, "mentor", taken)) for day, taken in ((9, 3), (55, 2))),
    Story(5, 50, [*_active(50, "mentor", 9), (2, "start_closing", "mentor", _ENDED)]),
    Story(
        460,
        90,
        [
            *_active(90, "mentor", 70),
            (6, "start_closing", "mentor", _ENDED),
            (3, "write_report", "mentor", _REPORT),
            (2, "approve_end", "coordinator", {}),
        ],
        True,
    ),
    Story(80, 12, [*_accepted(12), (2, "close_early", "coordinator", _ENDED)], True),
    Story(130, 6, _over(6, (2, "decline", "coordinator", _DECLINED)), True),
    Story(60, 6, _over(6, (2, "redirect", "coordinator", _DECLINED)), True),
    Story(60, 6, _over(6, (2, "withdraw", "referrer", _WITHDRAWN)), True),
]


class Stage:
    """`last` is the working day on which the open stories end."""

    def __init__(self, world: World, last: date) -> None:
        self.world, self.last = world, last
        area = world.districts[0]
        school = world.schools[area.code][0]
        self.cast = Cast(
            area,
            school,
            world.referrers[school][0],
            world.coordinators[area.code][-1],
            world.advisers[0],
            world.mentors[0],
            world.lead,
        )

    def moment(self, working_days_ago: int, minute: int = 0) -> datetime:
        day = self.last
        while working_days_ago:
            day -= timedelta(days=1)
            working_days_ago -= calendar.is_working_day(day)
        begins = datetime.combine(day, BEGINS, calendar.LONDON).astimezone(UTC)
        return begins + timedelta(minutes=minute)

    def play(self, story: Story) -> Referral:
        """Leaves the rows of one referral in the database."""
        cast = self.cast
        with _told(self.moment(story.written)):
            typed = making.answers(**MARKS)
            own = making.draft(
                by=cast.referrer, programme=self.world.programme, organisation=cast.school
            )
            referral = making.fill(own, typed, by=cast.referrer)
        for minute, (day, name, by, detail) in enumerate(story.steps, 5):
            with _told(self.moment(day, minute)):
                referral = self._step(referral, name, by, detail)
        return referral

    def _step(self, referral: Referral, name: str, by: str, detail: dict[str, Any]) -> Referral:
        if name == "sweep":
            escalation.sweep()
            return referral
        who = self.cast.users()
        if name == "danger":
            return self._danger(referral)
        if "worker" in detail:
            detail = {**detail, "worker": who[detail["worker"]]}
        return move(referral, name, by=User.objects.get(pk=who[by].pk), **detail)

    def _danger(self, referral: Referral) -> Referral:
        cast = self.cast
        concern = raise_concern(
            by=cast.referrer,
            area=cast.area,
            referral=referral,
            origin="danger",
            is_danger=True,
            fact="Somebody waits outside the home.",
        )
        move(concern, "acknowledge", by=cast.lead)
        return Referral.objects.get(pk=referral.pk)


@contextmanager
def _told(moment: datetime) -> Iterator[None]:
    """At that moment, its letters sent a minute later, to nobody."""
    with calendar.at(moment):
        yield
    nowhere = "django.core.mail.backends.dummy.EmailBackend"
    with calendar.at(moment + timedelta(minutes=1)), override_settings(EMAIL_BACKEND=nowhere):
        outbox.relay()
