"""The demo world as a whole: built by services and moves, with six months of history up to
today."""

import random
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django_q.models import OrmQ

from casework import chain, clocks, escalation, outbox, registry
from casework.calendar import at
from casework.workflow import move
from cms import services as cms
from referrals import services

from . import making, people, stories
from .stories import Teller, accepted, in_danger, step, told, triaged, worry, written

REFERRERS = ["alex", "omar", "yaz", "finn"]
Say = Callable[[str], None]


def build(say: Say) -> None:
    """Make everything; `say` gets a line of progress for each part."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    clocks.load(registry.kinds().values())
    say("Areas, organisations and people")
    found = people.areas()
    at_ = people.organisations(found)
    users = people.people(found, at_, settings.DEMO_PASSWORD)
    people.rota(users, found[""], since_days=200)
    say("The public site and its services")
    _public_site()
    teller = Teller(users, people.programmes(at_, found), random.Random(stories.SEED))  # noqa: S311  chance with a seed, not a secret
    say("Young people at every step")
    _drafts_and_triage(teller)
    _decided(teller)
    _concerns(teller)
    say("What the clocks have done since")
    _time_passes()
    OrmQ.objects.all().delete()  # every wake-up of the past six months: nothing is due any more


def _public_site() -> None:
    from cms import demo

    demo.build()
    cms.sync_editors()


def _drafts_and_triage(teller: Teller) -> None:
    """Numbers 0 to 19: being written, waiting to be read, being decided."""
    for number, (by, days) in enumerate([("alex", 1), ("alex", 9), ("omar", 3), ("yaz", 24)]):
        written(teller, number, by, days, sends=False)
    for number, (by, days) in enumerate(
        [("alex", 0), ("omar", 0), ("yaz", 1), ("finn", 1), ("alex", 4), ("omar", 2)], 4
    ):
        written(teller, number, by, days)
    for number, (by, days) in enumerate([("alex", 3), ("yaz", 4), ("finn", 6), ("omar", 9)], 10):
        triaged(teller, number, by, days)
    for number, (by, days, question) in enumerate(
        [
            ("alex", 6, "Which evenings is home safe to call?"),
            ("yaz", 13, "Has a parent or carer been told yet?"),
        ],
        14,
    ):
        referral, coordinator = triaged(teller, number, by, days)
        step(teller, referral, days - 2, "ask", coordinator, question=question)
    for number, (by, days) in enumerate([("alex", 15), ("omar", 31)], 16):
        referral, coordinator = triaged(teller, number, by, days)
        decision = {**making.TRIAGED, "why": "Right for us; every mentor nearby is full."}
        step(teller, referral, days - 3, "wait", coordinator, **decision)


def _decided(teller: Teller) -> None:
    """Numbers 20 to 29: accepted and to be matched; not accepted, passed on, withdrawn, ended
    early."""
    for number, days in enumerate([5, 8, 9, 15], 20):
        accepted(teller, number, REFERRERS[number % 4], days)
    referral, coordinator = triaged(teller, 24, "finn", 40)
    step(
        teller,
        referral,
        36,
        "decline",
        coordinator,
        reason="out_of_area",
        signposted_to=[],
        words="They live outside our area. The council there has a youth service that helps.",
    )
    referral, coordinator = triaged(teller, 25, "alex", 70)
    step(
        teller,
        referral,
        66,
        "decline",
        coordinator,
        reason="needs_specialist",
        signposted_to=[],
        words="They need help that a mentor cannot give. Please speak to their GP first.",
    )
    referral, coordinator = triaged(teller, 26, "yaz", 55)
    nearby = cms_services()
    step(
        teller,
        referral,
        52,
        "redirect",
        coordinator,
        reason="out_of_scope",
        signposted_to=nearby[:1],
        words="The boxing club on your doorstep fits better.",
    )
    referral = written(teller, 27, "omar", 21)
    step(teller, referral, 20, "withdraw", "omar", ending="moved_area", why="The family moved.")
    referral, coordinator = accepted(teller, 28, "finn", 120)
    step(
        teller,
        referral,
        110,
        "close_early",
        coordinator,
        ending="needs_met_elsewhere",
        why="A youth club took this on and it works.",
    )


def cms_services() -> list[Any]:
    from cms.signposting import services_to_signpost

    return [pk for pk, _ in services_to_signpost(age=15, district_code=None)]


def _concerns(teller: Teller) -> None:
    """Numbers 30 to 33: stopped for danger, held, and worries about people on their way."""
    in_danger(teller, 30, "alex", 0)
    stopped = in_danger(teller, 31, "omar", 20)
    concern = stopped.concerns.get()
    steps: list[tuple[str, int, dict[str, Any]]] = [
        ("acknowledge", 20, {}),
        (
            "pass_on",
            20,
            {
                "passed_to": "MASH (invented)",
                "passed_reference": "X-1",
                "words": "Rang at once. They visit today.",
            },
        ),
        (
            "receive_outcome",
            15,
            {
                "review_on": stories.moment(-20).date(),
                "words": "A social worker leads now. We wait for the review.",
            },
        ),
    ]
    for name, days, detail in steps:
        concern = _concern_step(teller, concern, days, name, detail)
    held = written(teller, 32, "yaz", 2)
    area = services.place(held, "NG2 1AB") if held.area is None else held.area
    told(
        1,
        lambda: services.raise_concern(
            by=teller.who("yaz"),
            area=area,
            referral=held,
            origin="danger",
            is_danger=True,
            fact="Came to the centre with a cut hand and said somebody waits outside his home.",
        ),
    )
    referral, _ = accepted(teller, 33, "alex", 14)
    worry(
        teller, referral, "alex", 1, fact="Two messages on the phone that name a place and a day."
    )


def _concern_step(
    teller: Teller, concern: Any, days: int, name: str, detail: dict[str, Any]
) -> Any:
    return told(
        days,
        lambda: move(concern, name, by=teller.who("sol"), **detail),
        hour=15,
    )


def _time_passes() -> None:
    """What the schedule would have done on each of the last working days, and tonight's seal."""
    for days_ago in range(30, 0, -1):
        with at(stories.moment(days_ago, 8)):
            services.expire_drafts()
            escalation.sweep()
            outbox.relay()
    escalation.sweep()
    outbox.relay()
    chain.seal()
