"""My work: what is late, due, new or waiting, and the queues of a person's roles."""

from collections.abc import Callable
from dataclasses import dataclass, field
from math import inf
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from accounts import policies
from accounts.models import Invitation, Organisation, User
from casework.queue import Queue, counted
from cms import number_checks
from cms.directory import changed, duplicates, freshness, holding, reviewing, runs
from cms.models import Claim, Service, Suggestion
from insight.models import GapAction
from mentoring.models import Match, Mentor
from mentoring.queues import MATCH_QUEUES, MENTOR_QUEUES
from mentoring.reading import match_line, mentor_line
from pathways.models import Placement, SustainmentCheck
from pathways.progress import check_line, placement_line
from pathways.queues import CHECK_QUEUES, PEOPLE_QUEUES, PLACEMENT_QUEUES
from referrals.models import Concern, Referral
from referrals.progress import Line, concern_line, line
from referrals.queues import CONCERN_QUEUES, REFERRAL_QUEUES

from . import alarms
from .context import navigation

MOST_LINES = 5


@dataclass(frozen=True)
class Card:
    """One number, and the link to exactly the rows that it counts."""

    label: str
    count: int
    url: str
    words: str
    tone: str = ""
    code: str = ""
    kind: str = ""
    lines: list[Line] = field(default_factory=list)


@dataclass(frozen=True)
class Block:
    """What is mine in one respect, of every kind of case: a number of each, and the first lines."""

    label: str
    nothing: str
    cards: list[Card]
    is_mine: bool = True

    @property
    def lines(self) -> list[Line]:
        found = [line for card in self.cards for line in card.lines]
        return sorted(found, key=lambda each: each.due_at.timestamp() if each.due_at else inf)


# In the order of the page: what hurts most comes first.
BLOCKS = {
    "late": ("Late", "Nothing of yours is late."),
    "due": ("Due in the next 2 days", "Nothing of yours is due in the next 2 days."),
    "new": ("New to me", "Nothing has come to you in the last 2 days."),
    "waiting-on-others": ("Waiting for others", "You are not waiting for anybody."),
}


# What a supervisor waits for is late with a mentor.
ALSO_IN = {"late-with-mentors": "waiting-on-others"}


@dataclass(frozen=True)
class Source:
    """A kind of case: the page that lists it, its rows, its queues and how a row reads."""

    name: str
    page: str
    rows: Callable[[User], Any]
    queues: dict[str, Queue]
    line: Callable[[Any, User], Line]
    due: str = "due_at"  # the column that its rows are late by


SOURCES: list[Source] = [
    Source(
        "Referrals",
        "referrals:list",
        lambda user: Referral.objects.visible_to(user).for_lines(user),
        REFERRAL_QUEUES,
        line,
    ),
    Source(
        "Concerns",
        "referrals:concerns",
        lambda user: Concern.objects.visible_to(user).with_people(),
        CONCERN_QUEUES,
        concern_line,
    ),
    Source(
        "Matches",
        "mentoring:matches",
        lambda user: Match.objects.visible_to(user).with_people(),
        MATCH_QUEUES,
        match_line,
    ),
    Source(
        "Mentors",
        "mentoring:mentors",
        lambda user: Mentor.objects.visible_to(user).select_related("owner"),
        MENTOR_QUEUES,
        mentor_line,
    ),
    Source(
        "Placements",
        "pathways:placements",
        lambda user: Placement.objects.visible_to(user).with_people().with_checks(),
        PLACEMENT_QUEUES,
        placement_line,
    ),
    Source(
        "Checks whether a place holds",
        "pathways:checks",
        lambda user: SustainmentCheck.objects.visible_to(user).with_people(),
        CHECK_QUEUES,
        check_line,
        "due_on",
    ),
    Source(
        "Ways into education and work",
        "pathways:overview",
        lambda user: Referral.objects.visible_to(user).for_lines(user),
        PEOPLE_QUEUES,
        line,
    ),
]


def cards(user: User) -> list[Card]:
    """Every number of this person's My work."""
    return [card for source in SOURCES for card in _cards_of(source, user)] + _desk(user)


def _unchecked() -> list[Card]:
    """What the directory's providers have not answered for."""
    words = {
        freshness.State.UNANSWERED: "Services that nobody has checked: ring those who run them",
        freshness.State.HIDDEN: "Services that are off the public site until they are checked",
    }
    labels = {
        freshness.State.UNANSWERED: "Nobody has answered",
        freshness.State.HIDDEN: "Hidden, not checked",
    }
    return [
        Card(
            labels[state],
            freshness.to_check().filter(state=state).count(),
            f"{reverse('directory_state')}?state={state.value}",
            words[state],
            kind="Directory",
        )
        for state in words
    ]


def _imported() -> list[Card]:
    """What imports have left for an editor to decide."""
    waits: list[tuple[str, Any, str, str]] = [
        (
            "Services that may be one",
            duplicates.waiting(),
            "directory_duplicates",
            "They stand here twice, as it seems: keep one, or say that they are two",
        ),
        (
            "Edited here, changed there",
            holding.waiting(),
            "directory_held",
            "A source says something else of what was edited here: ours or theirs",
        ),
        (
            "Changed at the source",
            changed.waiting(),
            "directory_changed",
            "Not published yet: people still read what was shown before",
        ),
        (
            "Gone at the source",
            runs.gone(),
            "directory_gone",
            "Their source does not list or run them any more, and they are shown here",
        ),
    ]
    return [
        Card(label, rows.count(), reverse(name), words, kind="Directory")
        for label, rows, name, words in waits
    ]


def _answers() -> list[Card]:
    """What people have sent for the directory, and the numbers that want a look each quarter."""
    suggested = Suggestion.objects.filter(state=Suggestion.State.NEW).count()
    claimed = Claim.objects.filter(state=Claim.State.NEW).count()
    suggestions = f"{reverse('wagtailsnippets_cms_suggestion:list')}?state=new"
    claims = f"{reverse('wagtailsnippets_cms_claim:list')}?state=new"
    sent = "Sent for the directory, to be approved or returned"
    wrong = "What readers say is wrong, and nobody has read"
    theirs = "Somebody says that a provider is theirs to keep, and waits for an answer"
    waiting, queue = reviewing.waiting().count(), reverse("directory_waiting")
    found = [
        Card("Waiting for review", waiting, queue, sent, kind="Directory"),
        Card("Said to be wrong", suggested, suggestions, wrong, kind="Directory"),
        Card("Said to be theirs", claimed, claims, theirs, kind="Directory"),
    ]
    if numbers := number_checks.overdue():
        words = "Nobody has checked the numbers to ring in danger for 90 days"
        url = reverse("safeguarding_numbers")
        found.append(Card("Numbers to check", numbers, url, words, kind="Directory"))
    return found


def _desk(user: User) -> list[Card]:
    """What waits for those who look after people, organisations and the directory."""
    found = []
    if policies.sees_people(user):
        waiting = Invitation.objects.visible_to(user).waiting()
        url = reverse("accounts:invitations")
        words = "Invited, and no password chosen yet"
        found.append(Card("Invitations not taken up", waiting.count(), url, words, kind="People"))
    if policies.administers(user):
        without = Organisation.objects.visible_to(user).without_agreement()
        url = f"{reverse('accounts:organisations')}?sharing=none"
        words = "They cannot refer until they have one"
        label = "Without a sharing agreement"
        found.append(Card(label, without.count(), url, words, kind="Organisations"))
    if policies.edits_directory(user):
        url = f"{reverse('wagtailsnippets_cms_service:list')}?live=false"
        count = Service.objects.filter(live=False).count()
        words = "Written and not shown to the public"
        found.append(Card("Services not published", count, url, words, kind="Directory"))
        found += _answers() + _unchecked() + _imported()
    return found + _gaps(user)


def _gaps(user: User) -> list[Card]:
    """What they said they would do about a gap, once its day has gone by."""
    late = GapAction.objects.visible_to(user).of(user).late().count()
    url = f"{reverse('insight:actions')}?show=mine-late"
    words = "You answer for them, and their day has gone by"
    card = Card("Late actions on gaps", late, url, words, tone="late", kind="Insight")
    return [card] if late else []


def _cards_of(source: Source, user: User) -> list[Card]:
    visible = source.rows(user)
    return [
        _card(source, queue, visible, user)
        for queue in source.queues.values()
        if user.holds(*queue.roles)
    ]


def _card(source: Source, queue: Queue, visible: Any, user: User) -> Card:
    """The number of a queue, and its first lines when it is one of the blocks."""
    rows = queue.choose(visible, user)
    count = counted(rows)
    lines: list[Line] = []
    code = ALSO_IN.get(queue.code, queue.code)
    if count and code in BLOCKS:
        # What waits for others is in an order that tells nobody a date that they are not told.
        is_theirs = queue.code == "waiting-on-others"
        shown = rows.order_by("-created_at" if is_theirs else source.due, "pk")[:MOST_LINES]
        lines = [source.line(row, user) for row in shown]
    return Card(
        label=queue.label,
        count=count,
        url=f"{reverse(source.page)}?queue={queue.code}",
        words=queue.words,
        tone=queue.tone(count),
        code=code,
        kind=source.name,
        lines=lines,
    )


def my_work(request: HttpRequest) -> HttpResponse:
    """Four blocks with their first lines, then the queues with their numbers."""
    user = cast(User, request.user)
    found = cards(user)
    blocks = [
        Block(
            label,
            nothing,
            [card for card in found if card.code == code],
            is_mine=code != "waiting-on-others",
        )
        for code, (label, nothing) in BLOCKS.items()
    ]
    queues: dict[str, list[Card]] = {}
    for card in found:
        if card.code not in BLOCKS:
            queues.setdefault(card.kind, []).append(card)
    has_cases = any(card.code in BLOCKS for card in found)
    context = {
        "blocks": blocks if has_cases else [],
        "queues": queues.items(),
        "alarm": alarms.words(user),
        "has_pages": len(navigation(request)) > 1,
    }
    return render(request, "work.html", context)
