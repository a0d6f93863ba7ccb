"""Sixty young people, none of them real, and how far each has come. A story is told in days ago,
each step made by the service or move that a person would use, with the engine's clock standing
there."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from accounts.models import User
from casework import outbox
from casework.calendar import LONDON, at, is_working_day, now, today
from casework.workflow import move
from referrals import services
from referrals.models import Concern, Programme, Referral

from . import making

SEED = 20_261
GIRLS = {
    *("Aaliyah", "Dani", "Eshe", "Farah", "Hana", "Jaya", "Leila", "Nadia"),
    *("Petra", "Suki", "Una", "Wiktoria", "Yusra", "Amara", "Carys", "Elif"),
    *("Freya", "Halima", "Keira", "Maja", "Noor", "Priya", "Saoirse", "Ula"),
    *("Yana", "Cleo", "Daria", "Gia", "Ines"),
}
FIRST = [
    "Aaliyah",
    "Ben",
    "Callum",
    "Dani",
    "Eshe",
    "Farah",
    "Gabe",
    "Hana",
    "Isaac",
    "Jaya",
    "Kofi",
    "Leila",
    "Milo",
    "Nadia",
    "Otis",
    "Petra",
    "Quinn",
    "Rhys",
    "Suki",
    "Tariq",
    "Una",
    "Vinnie",
    "Wiktoria",
    "Xander",
    "Yusra",
    "Zeke",
    "Amara",
    "Blake",
    "Carys",
    "Dylan",
    "Elif",
    "Freya",
    "Gus",
    "Halima",
    "Idris",
    "Jude",
    "Keira",
    "Leon",
    "Maja",
    "Noor",
    "Oskar",
    "Priya",
    "Ravi",
    "Saoirse",
    "Tobi",
    "Ula",
    "Viktor",
    "Wren",
    "Yana",
    "Zane",
    "Ayo",
    "Bilal",
    "Cleo",
    "Daria",
    "Emre",
    "Fenn",
    "Gia",
    "Hugo",
    "Ines",
    "Jonah",
]
LAST = [
    "Sampleton",
    "Madeup",
    "Fictor",
    "Testwell",
    "Invent",
    "Nobody",
    "Pretend",
    "Imagine",
    "Example",
    "Standin",
    "Placeholder",
    "Mockford",
    "Demoson",
    "Fabley",
    "Notreal",
]
HAPPENED = [
    "Was threatened on the way home by older boys near the tram stop. Has missed two weeks.",
    "A kitchen knife was found in a school bag. Said it was for the walk home. No one was hurt.",
    "Has been seen with people who are known to sell drugs, and came home with new trainers twice.",
    "Was in a fight outside a takeaway and was hurt. The other group has posted about it since.",
    "A cousin was stabbed in the summer. Has not slept well since and is angry most days.",
    "Went missing overnight twice this month and will not say where. Has a second phone.",
]
HELPS = [
    "Football, and one teacher who listens.",
    "Being outdoors. Short conversations, side by side.",
    "Music. Time to settle before being asked anything.",
    "Someone who turns up when they said they would.",
]
SCOPES = ["weapon_violence", "assault", "county_lines", "knife_possession", "weapon_robbery"]
POSTCODES = {
    "alex": ["NG5 1AB", "NG3 2QR", "NG8 3EF", "NG7 1GH"],
    "omar": ["NG17 1AB", "NG18 2QR", "NG19 3EF"],
    "yaz": ["NG2 1AB", "NG9 2QR", "NG4 3EF", "NG16 2GH"],
    "finn": ["NG24 1AB", "S80 1QR", "NG22 1EF"],
}


@dataclass
class Teller:
    """Everything that a story needs: the people, the programmes, chance with a seed."""

    users: dict[str, User]
    programmes: list[Programme]
    chance: random.Random
    password: str

    def who(self, first: str) -> User:
        return making.again(self.users[first])


OPENS, CLOSES = 8, 20  # the hours in which people of the stories act


def moment(days_ago: int, hour: int = 10, minute: int = 0) -> datetime:
    """That many days ago in London, never later than now. What falls on a day off, or on a day of
    which too little is over, is told on the working day before: days that share one share its
    hours out between them, so that what came first stays first."""
    day = today() - timedelta(days=days_ago)
    first, last = day, day + timedelta(days=1)
    while not _acts_on(first):
        first -= timedelta(days=1)
    while not _acts_on(last):
        last += timedelta(days=1)
    passed = (day - first).days + ((hour - OPENS) * 60 + minute) / _minutes(OPENS, CLOSES)
    closes = min(now().astimezone(LONDON).hour, CLOSES) if first == today() else CLOSES
    share = passed / (last - first).days
    opens = datetime.combine(first, time(OPENS), LONDON)
    return opens + timedelta(minutes=int(share * _minutes(OPENS, closes)))


def _acts_on(day: date) -> bool:
    """Whether people of the stories act on that day: today only once the morning is over."""
    begun = day != today() or now().astimezone(LONDON).hour >= 12
    return begun and is_working_day(day)


def _minutes(opens: int, closes: int) -> int:
    return 60 * (closes - opens)


def told(days_ago: int, act: Callable[[], Any], hour: int = 10, minute: int = 0) -> Any:
    """Do something on that day, and send the letters that it leaves."""
    when = moment(days_ago, hour, minute)
    with at(when):
        done = act()
        outbox.relay()
    return done


def answers(teller: Teller, number: int, by: str, **fixed: Any) -> dict[str, dict[str, Any]]:
    """What the referrer typed about young person `number`."""
    chance = teller.chance
    first, last = FIRST[number % len(FIRST)], LAST[number % len(LAST)]
    youngest = 15 if number % 7 == 0 else 13  # Next Move begins at 14
    age = max(youngest, chance.choice([13, 14, 14, 15, 15, 16, 16, 17]))
    told_us: dict[str, Any] = dict(  # noqa: C408  names as a referrer's form has them
        legal_name=f"{first} {last}",
        known_as=first if chance.random() < 0.7 else "",
        date_of_birth_year=str(today().year - age),
        gender=_gender(first),
        postcode=chance.choice(POSTCODES[by]),
        is_protected="on" if number % 17 == 3 else "",
        happened=chance.choice(HAPPENED),
        helps=chance.choice(HELPS),
        scope=chance.sample(SCOPES, chance.choice([1, 1, 2])),
        part=chance.choice(["at_risk", "harmed", "saw", "said_to_harm"]),
        from_others=chance.choice(["low", "medium", "medium", "high"]),
        status=chance.choice(["110", "110", "110", "610", "619", "230"]),
        interests=chance.sample(["football", "music", "gaming", "boxing", "cooking", "art"], 2),
        free_times=chance.sample(["mon_eve", "tue_eve", "wed_eve", "thu_eve", "sat"], 3),
        kinds=chance.choice([["mentoring"], ["mentoring"], ["mentoring", "ete"], ["ete"]]),
        travel_km="15",
    )
    return making.answers(**{**told_us, **fixed})


def _gender(first: str) -> str:
    if first in {"Quinn", "Blake", "Wren"}:
        return "other"
    return "female" if first in GIRLS else "male"


def written(
    teller: Teller, number: int, by: str, days_ago: int, *, sends: bool = True, **fixed: Any
) -> Referral:
    """A referral written (and sent) that many days ago."""
    referrer = teller.who(by)
    programme = teller.programmes[number % 7 == 0]

    def write() -> Referral:
        draft = making.draft(by=referrer, programme=programme)
        typed = answers(teller, number, by, **fixed)
        if not sends:
            typed = {code: typed[code] for code in list(typed)[: 3 + number % 5]}
        filled = making.fill(draft, typed, by=referrer)
        return move(filled, "send", by=referrer) if sends else filled

    referral: Referral = told(days_ago, write, hour=9 + number % 7, minute=(number * 7) % 60)
    return referral


def step(
    teller: Teller, referral: Referral, days_ago: int, name: str, by: str, **detail: Any
) -> Referral:
    moved: Referral = told(
        days_ago, lambda: move(referral, name, by=teller.who(by), **detail), hour=14
    )
    return moved


def triaged(
    teller: Teller, number: int, by: str, days_ago: int, **fixed: Any
) -> tuple[Referral, str]:
    """Sent, and taken up by a coordinator the next working day."""
    coordinator = "cora" if number % 2 else "cleo"
    referral = written(teller, number, by, days_ago, **fixed)
    return step(teller, referral, max(days_ago - 1, 0), "start_triage", coordinator), coordinator


def accepted(
    teller: Teller, number: int, by: str, days_ago: int, **fixed: Any
) -> tuple[Referral, str]:
    referral, coordinator = triaged(teller, number, by, days_ago, **fixed)
    decision = {
        **making.TRIAGED,
        "risk_tier": teller.chance.choice([1, 1, 2, 2, 3]),
        "why": "In scope. Talked to the referrer on the phone.",
    }
    return step(
        teller, referral, max(days_ago - 3, 0), "accept", coordinator, **decision
    ), coordinator


def in_danger(teller: Teller, number: int, by: str, days_ago: int) -> Referral:
    """A draft that was stopped because somebody was in danger."""
    referrer = teller.who(by)
    typed = answers(teller, number, by)
    typed["level"] = {"is_danger": "True", "level_of_need": "4"}
    stopped: Referral = told(
        days_ago,
        lambda: making.fill(
            making.draft(by=referrer, programme=teller.programmes[0]), typed, by=referrer
        ),
    )
    return stopped


def worry(teller: Teller, referral: Referral, by: str, days_ago: int, fact: str) -> Concern:
    """Somebody is worried about a young person who is on their way already."""
    area = services.place(referral, "") if referral.area is None else referral.area
    concern: Concern = told(
        days_ago,
        lambda: services.raise_concern(
            by=teller.who(by), area=area, referral=referral, origin="worry", fact=fact
        ),
    )
    return concern
