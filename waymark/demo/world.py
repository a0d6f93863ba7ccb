"""The demo world as a whole: built by services and moves, with six months of history up to
today."""

import random
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django_q.models import OrmQ

from casework import chain, clocks, escalation, outbox, registry
from casework.calendar import at, now
from casework.workflow import move
from cms import services as cms
from insight import demo as insight
from insight import releases, track_records
from mentoring import demo as mentoring
from mentoring import services as mentors
from pathways import demo as pathways
from referrals import services

from . import making, people, stories
from .stories import Teller, accepted, in_danger, step, told, triaged, worry, written
from .support import Support, day, weeks

REFERRERS = ["alex", "omar", "yaz", "finn"]
TERMS = [
    ("Spring, first half", (1, 4), (2, 12)),
    ("Spring, second half", (2, 22), (3, 27)),
    ("Summer, first half", (4, 13), (5, 22)),
    ("Summer, second half", (6, 1), (7, 23)),
    ("Autumn, first half", (9, 2), (10, 16)),
    ("Autumn, second half", (11, 2), (12, 18)),
]
Say = Callable[[str], None]


def build(say: Say) -> None:
    """Make everything; `say` gets a line of progress for each part."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    clocks.load(registry.kinds().values())
    _terms()
    say("Areas, organisations and people")
    found = people.areas()
    at_ = people.organisations(found)
    users = people.people(found, at_, settings.DEMO_PASSWORD, stories.moment(200))
    people.rota(users, found[""], since_days=200)
    say("The public site and its services")
    _public_site()
    chance = random.Random(stories.SEED)  # noqa: S311  chance with a seed, no secret
    programmes = people.programmes(at_, found)
    teller = Teller(users, programmes, chance, settings.DEMO_PASSWORD)
    say("Young people at every step")
    _drafts_and_triage(teller)
    _decided(teller)
    _concerns(teller)
    say("Mentors, sessions, places and checks")
    _support(Support(teller, found, at_))
    insight.build(users, found)
    say("What the clocks have done since")
    _time_passes()
    OrmQ.objects.all().delete()  # every wake-up of the past six months: nothing is due any more


def _terms() -> None:
    """School terms of three years, on days like those of a real council."""
    year = now().year
    for each in (year - 1, year, year + 1):
        for name, first, last in TERMS:
            clocks.record_term(name, date(each, *first), date(each, *last))


def _public_site() -> None:
    from cms import demo

    demo.build()
    demo.services.build_for_professionals()
    demo.neighbours.build()
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


# number, referrer, days ago, move, what goes with it
TURNED_AWAY: list[tuple[int, str, int, str, dict[str, Any]]] = [
    (24, "finn", 40, "decline", {
        "reason": "out_of_area", "signposted_to": [],
        "words": "They live outside our area. The council there has a youth service.",
    }),
    (25, "alex", 70, "decline", {
        "reason": "needs_specialist", "signposted_to": [],
        "words": "They need help that a mentor cannot give. Please speak to their GP first.",
    }),
    (26, "yaz", 55, "redirect", {
        "reason": "out_of_scope",
        "words": "The club on your doorstep fits better, and starts this week.",
    }),
]  # fmt: skip


def _decided(teller: Teller) -> None:
    """Numbers 20 to 28: to be matched, not accepted, passed on, withdrawn, ended early."""
    for number, days in enumerate([5, 8, 9, 15], 20):
        accepted(teller, number, REFERRERS[number % 4], days)
    for number, by, days, name, words in TURNED_AWAY:
        referral, coordinator = triaged(teller, number, by, days)
        detail = {"signposted_to": cms_services()[:1], **words}
        step(teller, referral, days - 4, name, coordinator, **detail)
    referral = written(teller, 27, "omar", 21)
    step(teller, referral, 20, "withdraw", "omar", ending="moved_area", why="The family moved.")
    referral, coordinator = accepted(teller, 28, "finn", 120)
    why = "A youth club took this on and it works."
    step(teller, referral, 110, "close_early", coordinator, ending="needs_met_elsewhere", why=why)


def cms_services() -> list[Any]:
    from cms.signposting import services_to_signpost

    return [pk for pk, _ in services_to_signpost(age=15, area=None)]


HANDLED: list[tuple[str, int, dict[str, Any]]] = [
    ("acknowledge", 20, {}),
    ("pass_on", 20, {
        "passed_to": "MASH (invented)", "passed_reference": "X-1",
        "words": "Rang at once. They visit today.",
    }),
    ("receive_outcome", 15, {"words": "A social worker leads now. We wait for the review."}),
]  # fmt: skip


# About whom, raised by whom and when, what was seen, and what a lead has done since.
WORRIES: list[tuple[int, str, int, str, list[tuple[str, int, dict[str, Any]]]]] = [
    (62, "finn", 2, "Has not been home for two nights.", [("acknowledge", 1, {})]),
    (63, "omar", 4, "An older boy waits for her at the gate.", [
        ("acknowledge", 3, {}),
        ("pass_on", 1, {
            "passed_to": "MASH (invented)", "passed_reference": "X-2", "words": "Rang, and wrote.",
        }),
    ]),
    (64, "yaz", 30, "A bruise, and two stories about it.", [
        ("acknowledge", 30, {}),
        ("pass_on", 29, {
            "passed_to": "MASH (invented)", "passed_reference": "X-3", "words": "Rang at once.",
        }),
        ("close", 22, {"words": "A fall at football; the club wrote it down. School watches."}),
    ]),
]  # fmt: skip


def _concerns(teller: Teller) -> None:
    """Numbers 30 to 33: stopped for danger, held, and worries about people on their way."""
    in_danger(teller, 30, "alex", 0)
    concern = in_danger(teller, 31, "omar", 20).concerns.get()
    for name, days, detail in HANDLED:
        more = {"review_on": stories.moment(-20).date()} if name == "receive_outcome" else {}
        concern = _concern_step(teller, concern, days, name, {**detail, **more})
    held = written(teller, 32, "yaz", 2)
    told(1, partial(
        services.raise_concern, by=teller.who("yaz"), area=services.place(held, "NG2 1AB"),
        referral=held, origin="danger", is_danger=True,
        fact="Came in with a cut hand and said somebody waits outside their home.",
    ))  # fmt: skip
    referral, _ = accepted(teller, 33, "alex", 14)
    worry(teller, referral, "alex", 1, fact="Two messages that name a place and a day.")
    for number, by, days, fact, steps in WORRIES:
        referral, _ = accepted(teller, number, by, days + 8)
        concern = worry(teller, referral, by, days, fact=fact)
        for name, ago, detail in steps:
            concern = _concern_step(teller, concern, ago, name, detail)


def _concern_step(
    teller: Teller, concern: Any, days: int, name: str, detail: dict[str, Any]
) -> Any:
    return told(
        days,
        lambda: move(concern, name, by=teller.who("sol"), **detail),
        hour=15,
    )


def _support(support: Support) -> None:
    """Numbers 34 to 59: being matched, under way, placed, lasting, ended."""
    support.fill_the_register()
    support.open_doors()
    _being_matched(support)
    _under_way(support)
    _broken_off(support)
    _placed(support)


def _being_matched(support: Support) -> None:
    for number, (by, until) in enumerate(
        [
            ("alex", "proposed"),
            ("yaz", "proposed"),
            ("omar", "approved"),
            ("alex", "approved"),
            ("yaz", "accepted"),
            ("finn", "accepted"),
        ],
        34,
    ):
        support.matched(number, by, 10 + number % 3, until)


def _under_way(support: Support) -> None:
    for number, (by, days, last_met) in enumerate(
        [
            ("alex", 30, 3),
            ("yaz", 60, 5),
            ("omar", 90, 2),
            ("alex", 120, 6),
            ("finn", 75, 22),
            ("yaz", 150, 1),
        ],
        40,
    ):
        match = support.matched(number, by, days, "active")
        if match:
            support.meet(match, weeks(days - 14, last_met))
    missed = support.matched(46, "alex", 50, "active")
    if missed:
        support.meet(missed, weeks(36, 12))
        support.meet(missed, [9, 2], attended="missed")
    ended = support.matched(47, "yaz", 170, "active")
    if ended:
        support.meet(ended, weeks(155, 30))
        told(
            20,
            lambda: mentoring.end(
                support.again(ended), by=support.who("cora"), last_met_on=day(25)
            ),
        )


def _broken_off(support: Support) -> None:
    """Numbers 60, 61 and 65: an agreed break, and endings that have begun."""
    resting = support.matched(60, "alex", 45, "active")
    if resting:
        support.meet(resting, weeks(30, 12))
        support.move(
            resting, 6, "pause", why="Exams until the end of the month.", review_on=day(-9)
        )
    leaving = support.matched(61, "yaz", 140, "active")
    if leaving:
        support.meet(leaving, weeks(125, 10))
        support.move(leaving, 4, "start_closing", reason="goals_met", why="As we planned it.")
    helped, coordinator = accepted(support.teller, 65, "omar", 80, kinds=["ete"])
    helped = support.allocated(helped, coordinator, "ada", 74)
    step(
        support.teller, helped, 2, "start_closing", "ada",
        ending="completed_plan", why="At college, and on time every day.",
    )  # fmt: skip
    step(support.teller, helped, 1, "write_report", "ada", **mentoring.REPORT)


def _placed(support: Support) -> None:
    """Checks at 4, 13 and 26 weeks: achieved, not achieved, unable to contact, still to come."""
    for number, until in enumerate(["applied", "applied", "offered", "accepted"], 48):
        support.placed(number, "finn" if number % 2 else "yaz", 30, until, number % 8)
    for number, (days, offer, answered) in enumerate(
        [(60, 0, [20]), (130, 5, [80, 18]), (175, 8, [130, 65])],
        52,
    ):
        placement = support.placed(number, "alex", days, "started", offer)
        support.answer(placement, "ada" if number % 2 else "ivo", answered)
    lost = support.placed(55, "yaz", 70, "started", 9)
    support.answer(lost, "ada", [18], status="unable_to_contact", note="Rang three times.")
    over = support.placed(66, "finn", 70, "started", 11)
    support.answer(over, "ivo", [18], status="not_achieved", note="They let him go last week.")
    told(17, lambda: pathways.step(over, "leave", by=support.who("ivo")), hour=17)
    support.placed(56, "omar", 60, "left_early", 10)
    support.placed(57, "alex", 90, "completed", 2)
    support.placed(58, "finn", 20, "declined", 11)
    waiting, coordinator = accepted(support.teller, 59, "yaz", 9, kinds=["ete"])
    support.allocated(waiting, coordinator, "ada", 4)


def _time_passes() -> None:
    """What the schedule would have done on each of the last working days, and will do tonight."""
    for days_ago in range(30, 0, -1):
        with at(stories.moment(days_ago, 8)):
            services.expire_drafts()
            pathways.night()
            mentors.suspend_lapsed()
        _tell_who_is_late(stories.moment(days_ago, 8))
    _tell_who_is_late(now())
    track_records.keep()
    releases.make()
    chain.seal()


def _tell_who_is_late(moment: datetime) -> None:
    """As the clocks do: at that moment, and half an hour later while a step up is still due. What
    is left for now all falls due now: nothing is told late as the demo begins to run."""
    escalated = True
    while escalated:
        with at(min(moment, now())):
            escalated = bool(escalation.sweep()["escalated"])
            outbox.relay()
        moment += timedelta(minutes=30)
