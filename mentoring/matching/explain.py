"""A proposal in plain words: who fits and why, and why not the others."""

from collections.abc import Iterable
from dataclasses import dataclass

from .facts import Candidate, Seeker
from .rules import Refusal, refusals, speaks
from .score import Score, said_distance, score, shared_interests, shared_times

MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Ranked:
    mentor: Candidate
    score: Score
    sentence: str


@dataclass(frozen=True, slots=True)
class Refused:
    mentor: Candidate
    reasons: tuple[Refusal, ...]

    def said(self, *, cleared: bool) -> list[tuple[str, str]]:
        """(code, words) of each reason, restricted ones once and without their code."""
        said = [
            (reason.shown_code(cleared=cleared), reason.said(cleared=cleared))
            for reason in self.reasons
        ]
        return list(dict.fromkeys(said))


@dataclass(frozen=True, slots=True)
class Proposal:
    """Those who may be proposed, best first, and the others with every reason."""

    ranked: tuple[Ranked, ...]
    refused: tuple[Refused, ...]


def propose(seeker: Seeker, mentors: Iterable[Candidate]) -> Proposal:
    """Rank all who pass every rule: points, then the smaller load, then the key, so that the same
    facts always give the same list."""
    ranked, refused = [], []
    for mentor in mentors:
        if reasons := refusals(seeker, mentor):
            refused.append(Refused(mentor, tuple(reasons)))
        else:
            ranked.append(Ranked(mentor, score(seeker, mentor), sentence(seeker, mentor)))
    ranked.sort(key=lambda each: (-each.score.total, each.mentor.load, each.mentor.pk.int))
    refused.sort(key=lambda each: (len(each.reasons), each.mentor.name, each.mentor.pk.int))
    return Proposal(tuple(ranked), tuple(refused))


def sentence(seeker: Seeker, mentor: Candidate) -> str:
    """Why this pair, in a sentence for coordinators."""
    parts = []
    if interests := shared_interests(seeker, mentor)[:MOST_NAMED]:
        parts.append(f"both like {_and([each[0].lower() + each[1:] for each in interests])}")
    if times := shared_times(seeker, mentor)[:MOST_NAMED]:
        parts.append(f"both are free on {_and(times)}")
    distance = mentor.km_to(seeker)
    if distance is not None:
        said = said_distance(seeker, distance)
        parts.append(said[0].lower() + said[1:] + ("" if seeker.is_protected else " apart"))
    is_special = seeker.language and seeker.language.casefold() != "english"
    if is_special and speaks(mentor, seeker.language):
        parts.append(f"{mentor.name.split()[0]} speaks {seeker.language}")
    if mentor.pk in seeker.worked_well:
        parts.append("they worked well together before")
    if not parts:
        return "Nothing stands against it; nothing in common is known."
    text = "; ".join(parts)
    return text[0].upper() + text[1:] + "."


def _and(words: list[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else words[0]
