"""What comes after acceptance in the demo: mentors, matches, sessions, places, checks."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any

from accounts.models import Area, Organisation, User
from accounts.services import second_factor
from casework.calendar import today
from casework.workflow import move
from mentoring import demo as mentoring
from mentoring.models import Match, Mentor
from pathways import demo as pathways
from pathways.models import Opportunity, Placement
from referrals.models import Referral

from . import stories
from .stories import Teller, accepted, told

# kind, title, who offers it, one sentence, hours a week
OPPORTUNITIES = [
    ("course", "Bricklaying level 1", "Castle Gate College", "Three days a week, no GCSEs asked."),
    ("course", "Hair and beauty taster course", "Castle Gate College", "Six weeks, Tuesdays."),
    ("course", "Functional English and maths", "Meadow Adult Learning", "Small groups of six."),
    ("course", "Music production level 2", "Sound Yard Studios", "In a real studio, two days."),
    ("course", "Cooking for work", "The Old Bakery Kitchen", "Twelve weeks with a certificate."),
    ("apprenticeship", "Motor vehicle apprentice", "Lace Street Garage", "Two years, paid."),
    ("apprenticeship", "Plumbing apprentice", "Rowan Heating", "One day a week at college."),
    (
        "apprenticeship",
        "Childcare apprentice",
        "Little Acorns Nursery",
        "From 16 years on.",
    ),
    ("job", "Warehouse assistant", "Trentside Storage", "Early shift, bus at the door."),
    ("job", "Kitchen porter", "The Canal Café", "Evenings and weekends."),
    ("job", "Trainee barber", "Sharp and Fair", "Learn on the job with a patient owner."),
    ("job", "Garden centre assistant", "Rushcliffe Plants", "Outdoors in every weather."),
    ("taster", "A day with the fire service", "Invented Fire Station", "Once a month, for ten."),
    ("taster", "Try scaffolding", "Highrise Access", "Two days, boots are lent."),
    ("volunteering", "Food bank helper", "St Aidan's Pantry", "Thursday afternoons."),
    ("volunteering", "Dog rescue helper", "Muddy Paws", "Weekends, over 14."),
    ("re_engagement", "Back on Track", "Meadow Lane Youth Service", "Mornings, ten weeks."),
    ("re_engagement", "Forge: learn by making", "The Forge", "Metal, wood and lunch."),
    ("internship", "Supported internship in retail", "Hucknall Market Store", "With a job coach."),
    ("ambassador", "Youth ambassador", "Trent Violence Reduction Unit", "Paid by the session."),
]


class Support:
    """The register and the opportunities, then each story of support."""

    def __init__(self, teller: Teller, areas: dict[str, Area], at: dict[str, Organisation]) -> None:
        self.teller, self.areas, self.at = teller, areas, at

    def who(self, first: str) -> User:
        return self.teller.who(first)

    def fill_the_register(self) -> None:
        """Fourteen mentors at two charities, most since 190 days ago; one check has lapsed."""
        districts = [area for code, area in self.areas.items() if code]
        there = [each for each in mentoring.PEOPLE if each.until == "available"]
        coming = [each for each in mentoring.PEOPLE if each.until != "available"]
        told(190, partial(self._register, districts, there))
        told(190, partial(self._register_own, districts[0]))
        told(8, partial(self._register, districts, coming))
        for days in (150, 120, 90, 60, 32, 9):
            told(days, self._supervise)
        for user in User.objects.filter(memberships__role="mentor", password__gt=""):
            if second_factor.authenticator(user) is None:
                second_factor.give(user=user)

    def _register(self, districts: list[Area], those: list[mentoring.Person]) -> None:
        mentoring.register(
            by=self.who("cora"),
            organisations=[self.at["Steady"], self.at["Kestrel"]],
            areas=districts,
            account_areas=[self.areas[""]],
            supervisor=self.who("dev"),
            password=self.teller.password,
            people=those,
        )

    def _register_own(self, area: Area) -> None:
        """The two mentors who sign in under names that the README knows."""
        for first, gender in (("max", "male"), ("mia", "female")):
            own = self.who(first)
            person = mentoring.Person(
                own.name, gender, "NG7 1GH", 3, ("football", "music", "boxing"),
                ("mon_eve", "tue_eve", "wed_eve", "thu_eve", "sat"), ("school", "work"),
                about="Grew up nearby.", is_paid=True, capacity=6,
            )  # fmt: skip
            mentoring.mentor(
                by=self.who("cora"), person=person, organisation=self.at["Steady"], area=area,
                user=own, supervisor=self.who("dev"),
            )  # fmt: skip

    def _supervise(self) -> None:
        for entry in Mentor.objects.filter(status=Mentor.State.AVAILABLE):
            mentoring.supervise(entry, by=self.who("dev"))

    def open_doors(self) -> None:
        """Twenty opportunities, checked between one and seven weeks ago."""
        for number, (kind, title, by, summary) in enumerate(OPPORTUNITIES):
            told(50 - 2 * number, partial(self._opportunity, kind, title, by, summary))

    def _opportunity(self, kind: str, title: str, offered_by: str, summary: str) -> Opportunity:
        return pathways.opportunity(
            by=self.who("ada"), areas=[self.areas[""]], kind=kind, title=title,
            other_organisation=f"{offered_by} (invented)", summary=summary,
            places=3 if kind in {"job", "apprenticeship"} else 8,
            hours=16 if kind == "course" else 8 if kind in {"taster", "volunteering"} else 30,
        )  # fmt: skip

    # Stories ---------------------------------------------------------------------------------
    def matched(self, number: int, by: str, days: int, until: str) -> Match | None:
        """Accepted, then a mentor proposed and brought to `until`: proposed, approved, accepted or
        active. None when nobody may be proposed: then a mentor is still looked for."""
        referral, coordinator = accepted(self.teller, number, by, days)
        return self.match(referral, coordinator, days - 4, until)

    def match(self, referral: Referral, coordinator: str, days: int, until: str) -> Match | None:
        mentor: Mentor | None = told(
            days, lambda: mentoring.best(referral, by=self.who(coordinator))
        )
        if mentor is None:
            return None
        found: Match = told(
            days, lambda: mentoring.propose(referral, mentor, by=self.who(coordinator)), hour=11
        )
        order = ["proposed", "approved", "accepted", "active"]
        acts: list[Callable[..., Match]] = [mentoring.ask, mentoring.say_yes, mentoring.begin]
        for place, act in enumerate(acts[: order.index(until)]):
            ago = days - 1 - 2 * place
            if act is mentoring.begin:
                told(ago + 1, partial(mentoring.reach, found, by=mentoring.user_of(found)), hour=17)
            found = told(ago, partial(act, found, by=self.who(coordinator)), hour=12)
        return found

    def meet(self, match: Match, days: list[int], **last: Any) -> None:
        """A session on each of those days ago; `last` changes the last one."""
        for place, ago in enumerate(days):
            changes = last if place == len(days) - 1 else {}
            row = Match.objects.get(pk=match.pk)
            told(ago, partial(mentoring.session, row, story=place, **changes), hour=19)

    def move(self, match: Match, days: int, name: str, **detail: Any) -> Match:
        """A move of a match by its mentor."""
        row = self.again(match)
        act = partial(move, row, name, by=mentoring.user_of(row), **detail)
        moved: Match = told(days, act, hour=18)
        return moved

    def again(self, match: Match) -> Match:
        return Match.objects.get(pk=match.pk)

    def placed(self, number: int, by: str, days: int, until: str, offer: int) -> Placement:
        """Accepted for help into education or work, taken on by an adviser, placed."""
        referral, coordinator = accepted(self.teller, number, by, days, kinds=["ete"])
        adviser = "ada" if number % 2 else "ivo"
        referral = self.allocated(referral, coordinator, adviser, days - 4)
        return self.place(referral, adviser, days - 8, until, offer)

    def allocated(self, referral: Referral, coordinator: str, adviser: str, days: int) -> Referral:
        referral = stories.step(
            self.teller, referral, days, "allocate", coordinator,
            worker=self.who(adviser), role="adviser",
        )  # fmt: skip
        return stories.step(self.teller, referral, days - 1, "take_on", adviser)

    def place(
        self, referral: Referral, adviser: str, days: int, until: str, offer: int
    ) -> Placement:
        user = self.who(adviser)
        told(days, lambda: pathways.confirm(referral, by=user, code="619"))
        door = Opportunity.objects.get(title=OPPORTUNITIES[offer][1])
        placement: Placement = told(
            days - 1, lambda: pathways.apply(referral, door, by=self.who(adviser))
        )
        return self.bring(placement, adviser, days - 3, until)

    def bring(self, placement: Placement, adviser: str, days: int, until: str) -> Placement:
        for place, name in enumerate(pathways.PATHS[until]):
            ago = max(days - 4 * place, 0) if name not in {"complete", "leave"} else 9
            act = partial(pathways.step, placement, name, by=self.who(adviser))
            placement = told(ago, act, hour=13)
        return placement

    def answer(self, placement: Placement, adviser: str, days: list[int], **how: Any) -> None:
        for ago in days:
            told(ago, lambda: pathways.answer_due(placement, by=self.who(adviser), **how), hour=16)


def weeks(first: int, last: int) -> list[int]:
    """Days ago of a session each week, from `first` to `last` days ago."""
    return list(range(first, last - 1, -7))


def day(days_ago: int) -> date:
    return today() - timedelta(days=days_ago)
