"""How well a pair fits, in points (mentoring reference §4b): integers, each line with its words.

Nothing here can open what a hard rule closes. Never a protected characteristic, unless the young
person states the wish.
"""

from dataclasses import dataclass

from referrals.choices import Interest, Slot

from .facts import Candidate, Seeker
from .rules import speaks

PER_INTEREST, MOST_INTERESTS = 5, 6
ETE_FIT = 20
TRAVEL, TRAVEL_KM = 25, 14  # falls in a line to nothing at so many kilometres
PER_SLOT, MOST_SLOTS = 2, 5
LANGUAGE = 10
WISH = 5
AGAIN = 10
LEAST, MOST = 1, 100

# Each criterion: its words, and how many points it can give.
CRITERIA: dict[str, tuple[str, int]] = {
    "interests": ("Interests", PER_INTEREST * MOST_INTERESTS),
    "ete": ("Education and work", ETE_FIT),
    "travel": ("Travel", TRAVEL),
    "times": ("Times", PER_SLOT * MOST_SLOTS),
    "language": ("Language", LANGUAGE),
    "wish": ("Their wish", WISH),
    "again": ("Known to each other", AGAIN),
}


@dataclass(frozen=True, slots=True)
class Line:
    """Points of one criterion, and why."""

    code: str
    points: int
    words: str

    @property
    def label(self) -> str:
        return CRITERIA[self.code][0]

    @property
    def most(self) -> int:
        return CRITERIA[self.code][1]


@dataclass(frozen=True, slots=True)
class Score:
    total: int
    lines: tuple[Line, ...]


def score(seeker: Seeker, mentor: Candidate) -> Score:
    lines = (
        _interests(seeker, mentor),
        _ete(seeker, mentor),
        _travel(seeker, mentor),
        _times(seeker, mentor),
        _language(seeker, mentor),
        _wish(seeker, mentor),
        _again(seeker, mentor),
    )
    return Score(min(MOST, max(LEAST, sum(line.points for line in lines))), lines)


def shared_interests(seeker: Seeker, mentor: Candidate) -> list[str]:
    """In the words of the form, in its order."""
    shared = seeker.interests & mentor.interests
    return [each.label for each in Interest if each in shared]


def shared_times(seeker: Seeker, mentor: Candidate) -> list[str]:
    shared = seeker.free_times & mentor.free_times
    return [each.label for each in Slot if each in shared]


def _interests(seeker: Seeker, mentor: Candidate) -> Line:
    shared = shared_interests(seeker, mentor)
    points = PER_INTEREST * min(MOST_INTERESTS, len(shared))
    words = ", ".join(shared) or "None in common"
    return Line("interests", points, words)


def _ete(seeker: Seeker, mentor: Candidate) -> Line:
    fits = bool(seeker.ete) and seeker.ete in mentor.helps_with
    words = "Knows what they need next" if fits else "Not their field"
    if not seeker.ete:
        words = "Not known what they need next"
    return Line("ete", ETE_FIT * fits, words)


def _travel(seeker: Seeker, mentor: Candidate) -> Line:
    distance = mentor.km_to(seeker)
    if distance is None:
        return Line("travel", 0, "Distance not known")
    points = max(0, int(TRAVEL * (1 - distance / TRAVEL_KM)))
    return Line("travel", points, said_distance(seeker, distance))


def said_distance(seeker: Seeker, distance: float) -> str:
    """About how far, in whole kilometres; of a protected address nothing but that it will do."""
    if seeker.is_protected:
        return "Travel is all right"
    return "Under 1 km" if distance < 1 else f"About {round(distance)} km"


def _times(seeker: Seeker, mentor: Candidate) -> Line:
    shared = shared_times(seeker, mentor)
    points = PER_SLOT * min(MOST_SLOTS, len(shared))
    words = ", ".join(shared) or "Not known when they are free"
    return Line("times", points, words)


def _language(seeker: Seeker, mentor: Candidate) -> Line:
    """Where a language is wished for: one that everybody has brings nobody forward."""
    if not seeker.language or seeker.language.strip().casefold() == "english":
        return Line("language", 0, "No wish")
    fits = speaks(mentor, seeker.language)
    words = f"Speaks {seeker.language}" if fits else f"Does not speak {seeker.language}"
    return Line("language", LANGUAGE * fits, words)


def _wish(seeker: Seeker, mentor: Candidate) -> Line:
    if not seeker.gender_wanted:
        return Line("wish", 0, "No wish")
    fits = mentor.gender == seeker.gender_wanted
    wanted = "a woman" if seeker.gender_wanted == "female" else "a man"
    return Line("wish", WISH * fits, f"Would rather have {wanted}")


def _again(seeker: Seeker, mentor: Candidate) -> Line:
    fits = mentor.pk in seeker.worked_well
    words = "Worked well together before" if fits else "Have not worked together"
    return Line("again", AGAIN * fits, words)
