"""Fills a database of its own through COPY with referrals in every state. The same seed and last
day give the same referrals, but for the ids of people and places, which services give."""

import random
import time
from array import array
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta

from django.db import connection, models, transaction

from accounts import places
from casework import calendar
from casework.references import ALPHABET

from . import databases, stamping, world
from .quiet import quiet
from .stamping import TABLES, Stamp
from .stories import STORIES, Stage

CHUNK = 2_000  # referrals between two COPYs: what is held in memory
WEEKS = 200  # how far back what is over began
Say = Callable[[str], None]
FIRST_NAMES = ("Ada", "Ben", "Cal", "Dee", "Eli", "Fay", "Gus", "Hal", "Ivy", "Jo", "Kit", "Lou")
LAST_NAMES = ("Archer", "Baker", "Carter", "Dyer", "Fisher", "Glover", "Hooper", "Mason", "Porter")


def fill(referrals: int, *, seed: int, last: date | None = None, say: Say) -> str:
    """Make `waymark_generated_<referrals>` anew. Returns its name."""
    name, scratch = databases.name_of(referrals), f"{databases.name_of(referrals)}_new"
    started = time.monotonic()
    databases.clone(databases.schema(), scratch)
    with databases.using(scratch), quiet():
        made = world.make()
        say(f"People and places ({time.monotonic() - started:.0f} s)")
        write(made, referrals, seed, last or last_day(), say)
    databases.drop(name)
    databases.rename(scratch, name)
    databases.say_of(name, _made_of(seed))
    say(f"{name} holds {referrals:,} referrals ({time.monotonic() - started:.0f} s)")
    return name


def ensure(referrals: int, *, seed: int = 1, say: Say) -> str:
    """The same, unless it is there already from the same seed, migrations and generator."""
    name = databases.name_of(referrals)
    if databases.said_of(name) == _made_of(seed):
        return name
    return fill(referrals, seed=seed, say=say)


def _made_of(seed: int) -> str:
    return f"seed {seed}, {databases.digest('waymark/generate/*.py')}"


def last_day() -> date:
    """The latest working day on which every story has ended by now."""
    day = calendar.london(calendar.now() - timedelta(hours=BEFORE_END)).date()
    while not calendar.is_working_day(day):
        day -= timedelta(days=1)
    return day


BEFORE_END = 16  # the last steps happen before four in the afternoon


def write(made: world.World, referrals: int, seed: int, last: date, say: Say) -> None:
    stage = Stage(made, last)
    stamps = [_stamp(stage, number) for number in range(len(STORIES))]
    copier = Copier(made, stamps, random.Random(seed))  # noqa: S311  chance with a seed, not a secret
    done = 0
    for blocks, count in copier.chunks(referrals):
        with transaction.atomic():
            for model, lines in blocks.items():
                _copy(model, lines)
        done += count
        if done % 50_000 < count:
            say(f"{done:,} referrals")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _stamp(stage: Stage, number: int) -> Stamp:
    """Play a story, read what it left, and undo it."""
    with transaction.atomic():
        stage.play(STORIES[number])
        stamp = Stamp(stage.cast, with_answers=not STORIES[number].is_past)
        transaction.set_rollback(True)
    return stamp


def _copy(model: type[models.Model], lines: list[str]) -> None:
    names = ", ".join(f'"{column}"' for column in stamping.columns(model))
    with (
        connection.cursor() as cursor,
        cursor.cursor.copy(f'COPY "{model._meta.db_table}" ({names}) FROM STDIN') as copy,
    ):
        copy.write("".join(lines))


class Copier:
    """Draws one copy after the other."""

    def __init__(self, made: world.World, stamps: list[Stamp], chance: random.Random) -> None:
        self.world, self.stamps, self.chance = made, stamps, chance
        self.references = References(chance)
        self.sectors = _sectors()
        self._moments: dict[tuple[str, int], datetime] = {}

    def chunks(self, referrals: int) -> Iterator[tuple[dict[type[models.Model], list[str]], int]]:
        plan = self._plan(referrals)
        for begin in range(0, referrals, CHUNK):
            blocks: dict[type[models.Model], list[str]] = {model: [] for model in TABLES}
            part = plan[begin : begin + CHUNK]
            for code in part:
                self._add(blocks, code % len(self.stamps), code // len(self.stamps))
            yield {model: lines for model, lines in blocks.items() if lines}, len(part)

    def _plan(self, referrals: int) -> "array[int]":
        """Which story how many weeks ago, the oldest first: four bytes for each referral."""
        kinds = len(self.stamps)
        drawn = self.chance.choices(
            range(kinds), weights=[story.share for story in STORIES], k=referrals
        )
        weeks = self.chance.randrange
        codes = (
            kind + kinds * (1 + weeks(WEEKS) if STORIES[kind].is_past else 0) for kind in drawn
        )
        return array("L", sorted(codes, key=lambda code: -(code // kinds)))

    def _add(self, blocks: dict[type[models.Model], list[str]], kind: int, weeks: int) -> None:
        stamp = self.stamps[kind]
        values = self._values(stamp, weeks)
        for body, gap in stamp.bodies:
            values[gap] = stamping.digest(body.fill(values))
        for model, line in stamp.rows.items():
            blocks[model].append(line.fill(values))

    def _values(self, stamp: Stamp, weeks: int) -> list[str]:
        own = self._own()
        bits = self.chance.getrandbits
        earlier = timedelta(microseconds=self.chance.randrange(6 * 3_600_000_000))
        values = []
        for kind, was in stamp.gaps:
            if kind == "id":
                values.append(_uuid(bits(128)))
            elif kind == "time":
                moment = self._moment(was, weeks) - earlier
                values.append(moment.isoformat(timespec="microseconds"))
            elif kind == "due":
                values.append(self._moment(was, weeks).isoformat(timespec="microseconds"))
            elif kind == "day":
                values.append(stamping.day_before(was, weeks))
            elif kind == "reference":
                values.append(self.references.next())
            else:
                values.append(own.get(f"{kind} {was}", ""))  # a hash comes when it is known
        return values

    def _own(self) -> dict[str, str]:
        """Place, people and names of one copy, by the kind of gap and what it was."""
        pick = self.chance.choice
        area = pick(self.world.districts)
        school = pick(self.world.schools[area.code])
        first, last = pick(FIRST_NAMES), pick(LAST_NAMES)
        people = {
            "referrer": pick(self.world.referrers[school]),
            "coordinator": pick(self.world.coordinators[area.code]),
            "adviser": pick(self.world.advisers),
            "mentor": pick(self.world.mentors),
            "lead": self.world.lead,
        }
        own = {
            "area ": str(area.pk),
            "school ": str(school.pk),
            "name legal": f"{first} {last}",
            "name first": first,
            "postcode ": pick(self.sectors[area.code]) + pick(("AA", "BD", "ER", "LN")),
            "street ": f"{self.chance.randrange(1, 200)} Invented Street",
            "birthday ": (
                date(2016, 1, 1) - timedelta(days=self.chance.randrange(4_500))
            ).isoformat(),
        }
        for name, user in people.items():
            own[f"user {name}"], own[f"short {name}"] = str(user.pk), user.pk.hex[:12]
        return own

    def _moment(self, stamp: str, weeks: int) -> datetime:
        key = (stamp, weeks)
        if key not in self._moments:
            self._moments[key] = stamping.shifted(stamp, weeks)
        return self._moments[key]


class References:
    """Every reference once, in an order that looks like chance: a step through all of them that
    shares no factor with their number."""

    def __init__(self, chance: random.Random) -> None:
        self.all = len(ALPHABET) ** 6
        self.at, self.step = chance.randrange(self.all), chance.randrange(self.all // 2) * 2 + 1
        if self.step % len(ALPHABET) == 0:
            self.step += 2

    def next(self) -> str:
        self.at = number = (self.at + self.step) % self.all
        letters = []
        for _ in range(6):
            number, place = divmod(number, len(ALPHABET))
            letters.append(ALPHABET[place])
        return f"{''.join(letters[:3])}-{''.join(letters[3:])}"


def _sectors() -> dict[str, list[str]]:
    """Postcode sectors of each district, from the built-in table."""
    found: dict[str, list[str]] = {}
    for row in places.built_in("localities.csv"):
        if row["kind"] == "sector" and row["district_code"]:
            found.setdefault(row["district_code"], []).append(row["name"])
    return found


def _uuid(bits: int) -> str:
    text = f"{bits:032x}"
    return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-a{text[17:20]}-{text[20:]}"
