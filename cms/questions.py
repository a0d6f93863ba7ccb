"""The tree of questions ("I need help with…"), and what is broken in it.

Judged as the public meets it: published pages alone, from the first question on. Every fault is a
sentence for the editor.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from .models import QuestionPage, Service, SignpostingPage

MOST_QUESTIONS = 3
MOST_SERVICES = 3
Way = tuple[int, ...]  # keys of the questions, in the order in which they are asked


@dataclass(frozen=True)
class Answer:
    words: str
    leads_to: int | None


@dataclass(frozen=True)
class Tree:
    """`answers` by question; `first` are the questions that the help index leads to."""

    answers: dict[int, list[Answer]]
    first: frozenset[int]

    @classmethod
    def published(cls) -> "Tree":
        questions = list(QuestionPage.objects.live().order_by("path"))
        first = QuestionPage.first()
        return cls(
            {page.pk: _answers(page.answers) for page in questions},
            frozenset([first.pk] if first else []),
        )

    @classmethod
    def with_draft(cls, page: QuestionPage, answers: Any) -> "Tree":
        """As it would be with these answers; a page that is new has no key yet."""
        tree = cls.published()
        return cls({**tree.answers, _key(page): _answers(answers)}, tree.first)

    @cached_property
    def helps(self) -> frozenset[int]:
        return frozenset(SignpostingPage.objects.live().values_list("pk", flat=True))

    @cached_property
    def ways(self) -> list[Way]:
        """Every way from the first question, as far as one question too many."""
        return [way for first in self.first for way in self._onward((first,))]

    @cached_property
    def reached(self) -> set[int]:
        """All that some answer on the way leads to, and where it begins."""
        asked = {key for way in self.ways for key in way}
        led = {each.leads_to for key in asked for each in self.answers[key]}
        return asked | {key for key in led if key is not None}

    def _onward(self, way: Way) -> Iterator[Way]:
        yield way
        if len(way) > MOST_QUESTIONS:
            return
        for answer in self.answers[way[-1]]:
            onward = answer.leads_to
            if onward in self.answers and onward not in way:
                yield from self._onward((*way, onward))

    def leading_nowhere(self, key: int | None) -> list[str]:
        """Answers of a question behind which there is nothing to read."""
        answers = self.answers.get(key or 0, [])
        there = self.helps | set(self.answers)
        lost = [each for each in answers if each.leads_to not in there]
        if len(lost) == len(answers):
            return ["None of its answers leads anywhere, so people stop here."]
        why = "leads nowhere: its page is gone or not published."
        return [f"“{each.words}” {why}" for each in lost]

    def round_and_long(self, page: QuestionPage) -> list[str]:
        """What answers of a question make of the ways that go through it."""
        key = _key(page)
        faults = [
            f"“{each.words}” leads round in a circle, back to this question."
            for each in self.answers[key]
            if each.leads_to is not None and self._leads_back(each.leads_to, key)
        ]
        ways = [*self.ways, *self._onward((key,))]
        if any(len(way) > MOST_QUESTIONS and key in way for way in ways):
            faults.append(f"People are asked more than {MOST_QUESTIONS} questions in a row.")
        return faults

    def _leads_back(self, start: int, key: int) -> bool:
        seen, ahead = set[int](), [start]
        while ahead:
            here = ahead.pop()
            if here == key:
                return True
            if here not in seen:
                seen.add(here)
                ahead += [each.leads_to for each in self.answers.get(here, []) if each.leads_to]
        return False

    def faults(self, page: QuestionPage) -> list[str]:
        found = self.leading_nowhere(page.pk) + self.round_and_long(page)
        return found if page.pk in self.reached else [*found, UNREACHED]


UNREACHED = "No answer leads here, so nobody finds it."


def lacking(links: Any, *, is_ending: bool, need: Any) -> list[str]:
    """What is wrong with where a help page sends people. An ending, below a question, is short."""
    kinds = [block.block_type for block in links]
    services = [
        service for block in links if block.block_type == "services" for service in block.value
    ]
    numbers = kinds.count("helpline")
    faults = _not_shown(services)
    if not services and "search" not in kinds and need is None:
        faults.append("It names no service and no search.")
    if not numbers:
        faults.append("It gives no helpline to ring.")
    if is_ending and numbers > 1:
        faults.append("It gives more than one helpline: choose the one that fits best.")
    if is_ending and len(services) > MOST_SERVICES:
        faults.append(f"It names more than {MOST_SERVICES} services.")
    return faults


def broken() -> dict[int, list[str]]:
    """Published questions and help pages with something broken, and what."""
    tree = Tree.published()
    found = {page.pk: tree.faults(page) for page in QuestionPage.objects.live()}
    for page in SignpostingPage.objects.live().select_related("need"):
        faults = lacking(page.links, is_ending=page.is_below_question, need=page.need)
        if page.is_below_question and page.pk not in tree.reached:
            faults.append(UNREACHED)
        found[page.pk] = faults
    return {key: faults for key, faults in found.items() if faults}


def _key(page: QuestionPage) -> int:
    return page.pk or 0


def _answers(blocks: Any) -> list[Answer]:
    """Of a stream of answers; one whose page has been deleted leads nowhere."""
    values = [block.value for block in blocks]
    return [Answer(each["words"], each["page"].pk if each["page"] else None) for each in values]


def _not_shown(services: Iterable[Service | None]) -> list[str]:
    named = [service for service in services if service]
    keys = [service.pk for service in named]
    shown = set(Service.objects.public().filter(pk__in=keys).values_list("pk", flat=True))
    faults = [
        f"“{each.title}” is not on the public site, so it is left out."
        for each in named
        if each.pk not in shown
    ]
    if len(named) < len(list(services)):
        faults.append("A service that it names is gone.")
    if services and not shown:
        faults.append("None of its services can be seen.")
    return faults
