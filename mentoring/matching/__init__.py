"""Matching: hard rules, points and words, as pure functions over plain data."""

from .explain import Proposal, Ranked, Refused, propose, sentence
from .facts import Candidate, Held, KeptApart, Point, Seeker
from .rules import RESTRICTED, Refusal, refusals
from .score import Line, Score, score

__all__ = [
    "RESTRICTED",
    "Candidate",
    "Held",
    "KeptApart",
    "Line",
    "Point",
    "Proposal",
    "Ranked",
    "Refusal",
    "Refused",
    "Score",
    "Seeker",
    "propose",
    "refusals",
    "score",
    "sentence",
]
