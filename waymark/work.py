"""My work: what is late, due, new or waiting, and the queues of a person's roles."""

from dataclasses import dataclass
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from accounts.models import User
from casework.queue import Queue, counted
from referrals.models import Concern, Referral
from referrals.queues import CONCERN_QUEUES, REFERRAL_QUEUES

BLOCKS = ("late", "due", "new", "waiting-on-others")


@dataclass(frozen=True)
class Card:
    """One number, and the link to exactly the rows that it counts."""

    label: str
    count: int
    url: str
    words: str
    tone: str = ""


def _sources() -> list[tuple[str, Any, dict[str, Queue]]]:
    """Where the queues are: the page that lists them, the rows, and the queues by code."""
    return [
        ("referrals:list", Referral.objects, REFERRAL_QUEUES),
        ("referrals:concerns", Concern.objects, CONCERN_QUEUES),
    ]


def cards(user: User) -> list[Card]:
    """Every number of this person's My work."""
    found = []
    for page, rows, queues in _sources():
        visible = rows.visible_to(user)
        for queue in queues.values():
            if user.holds(*queue.roles):
                count = counted(queue.choose(visible, user))
                url = f"{reverse(page)}?queue={queue.code}"
                found.append(Card(queue.label, count, url, queue.words, queue.tone(count)))
    return found


def my_work(request: HttpRequest) -> HttpResponse:
    user = cast(User, request.user)
    return render(request, "work.html", {"cards": cards(user)})
