"""A world of its own for these tests: the tests' world with a register and a match in every state,
made once by services and moves and then cloned; each test rolls back."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from accounts.models import Organisation
from casework.calendar import at, now, today
from casework.workflow import move
from mentoring import demo
from mentoring.demo import Person
from mentoring.models import Match, Mentor
from referrals.choices import Interest, Slot
from referrals.models import Referral
from tests import databases
from tests.conftest import signed_in
from tests.personas import PEOPLE
from tests.world import World
from waymark.demo import making

MAX = Person(
    "Max Invented", "male", "NG1 3AA", 2,
    (Interest.FOOTBALL, Interest.MUSIC), (Slot.MON_EVE, Slot.SAT), ("school",),
    ("English", "Polish"), "Plays football.", is_paid=True, capacity=12,
)  # fmt: skip
MIA = Person(
    "Mia Invented", "female", "NG1 5DT", 1, (Interest.CARS,), (Slot.WED_EVE,), ("work",),
)  # fmt: skip
S = Match.State
# So that there is a time between referral and test in which sessions may lie.
BUILT_AGO = timedelta(days=3)


class Register:
    """The register and what a coordinator makes of it, by short calls."""

    def __init__(self, world: Any) -> None:
        self.world = world
        self.charity = Organisation.objects.get(name="Steady Steps Trust (invented)")

    def add(self, person: Person, who: str = "max", **options: Any) -> Mentor:
        return demo.mentor(
            by=self.world.cora,
            person=person,
            organisation=self.charity,
            area=self.world.city,
            user=getattr(self.world, who),
            **{"supervisor": self.world.dev, **options},
        )

    @property
    def max(self) -> Mentor:
        """Level 2, likes football and music, free on Monday evening and Saturday, 12 places."""
        return Mentor.objects.get(user=self.world.max)

    @property
    def mia(self) -> Mentor:
        """Level 1, supervised by nobody, 2 places."""
        return Mentor.objects.get(user=self.world.mia)

    def mia_free(self) -> Mentor:
        """Mia, after the match that the world gave her has ended."""
        for match in Match.objects.live().filter(mentor=self.mia):
            move(match, "withdraw", by=self.world.cora, why="A mistake.")
        return self.mia

    def accepted(self, **changes: Any) -> Referral:
        """A new referral that waits for a worker; slow, where the one of the world will do."""
        tier = changes.pop("risk_tier", 2)
        sent = making.refer(by=self.world.alex, programme=self.world.programme, **changes)
        return making.accept(sent, by=self.world.cora, risk_tier=tier)

    @property
    def waiting(self) -> Referral:
        """The referral of the world for whom no mentor was proposed yet."""
        return Referral.objects.get(status="accepted", matches__isnull=True)

    def match(self, state: str) -> Match:
        """The match of max in that state that the world has."""
        return Match.objects.get(status=state, mentor__user=self.world.max)

    def start(self) -> None:
        self.add(MAX)
        self.add(MIA, "mia", supervisor=None)

    def build(self) -> None:
        self.start()
        self.accepted()
        for state in S:
            tier = 1 if state == S.SUPERSEDED else 2
            referral = self.accepted(risk_tier=tier)
            match = demo.propose(referral, self.max, by=self.world.cora)
            for step in STEPS[state]:
                match = step(match, self.world)
            assert match.status == state


def _go(name: str, who: str = "cora", **detail: Any) -> Any:
    return lambda match, world: move(match, name, by=getattr(world, who), **detail)


_ASK = [_go("approve")]
_YES = [*_ASK, _go("agree"), _go("accept", "max")]
_MET = [*_YES, lambda match, world: move(match, "introduce", by=world.cora, met_on=today())]
_RUN = [*_MET, lambda match, world: move(match, "activate", by=world.cora, agreed_on=today())]
_CLOSING = [*_RUN, _go("start_closing", "max", reason="goals_met", why="Done.")]


def _supersede(match: Match, world: Any) -> Match:
    """Another mentor is asked instead."""
    rival = demo.propose(match.referral, Register(world).mia, by=world.cora)
    move(rival, "approve", by=world.cora)
    return Match.objects.get(pk=match.pk)


STEPS: dict[str, list[Any]] = {
    S.PROPOSED: [],
    S.APPROVED: _ASK,
    S.ACCEPTED: _YES,
    S.INTRODUCED: _MET,
    S.ACTIVE: _RUN,
    S.PAUSED: [
        *_RUN,
        lambda match, world: move(
            match, "pause", by=world.max, why="Exams.", review_on=today() + timedelta(days=10)
        ),
    ],
    S.CLOSING: _CLOSING,
    S.CLOSED: [*_CLOSING, lambda match, world: demo.end(match, by=world.cora)],
    S.DECLINED: [*_ASK, _go("decline", "max", reason="mentor_no", why="No time.")],
    S.EXPIRED: [*_ASK, _go("expire")],
    S.SUPERSEDED: [_supersede],
    S.WITHDRAWN: [_go("withdraw", why="A mistake.")],
}


class Browsers:
    """Everybody's browser, signed in once for all tests."""

    def __init__(self, sessions: dict[str, str]) -> None:
        self.sessions = sessions

    def __call__(self, who: str) -> Client:
        client = Client()
        client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[who]
        return client


def build() -> dict[str, str]:
    """The register; gives everybody's session."""
    with at(now() - BUILT_AGO):
        Register(World()).build()
    cookie = settings.SESSION_COOKIE_NAME
    return {who: signed_in(getattr(World(), who)).cookies[cookie].value for who in PEOPLE}


@pytest.fixture(scope="session")
def mentoring_database(
    django_db_setup: None, django_db_blocker: Any
) -> Iterator[tuple[str, Browsers]]:
    with django_db_blocker.unblock():
        name, sessions = databases.once("mentoring", build)
    yield name, Browsers(sessions)


@pytest.fixture
def there(mentoring_database: tuple[str, Browsers], django_db_blocker: Any) -> Iterator[None]:
    """Django points at the database that has the register, while the test runs."""
    with django_db_blocker.unblock():
        before = databases.use(mentoring_database[0], keep=True)
    yield
    with django_db_blocker.unblock():
        databases.use(before, keep=True)


@pytest.fixture
def world(there: None, db: None) -> Any:
    """The people of the tests' world."""
    return World()


@pytest.fixture
def register(world: Any) -> Register:
    return Register(world)


@pytest.fixture
def browse(world: Any, mentoring_database: tuple[str, Browsers]) -> Browsers:
    """`browse("cora").get(…)`: the browser of somebody who is signed in."""
    return mentoring_database[1]
