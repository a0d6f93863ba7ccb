"""A coordinator matches, a mentor takes them on and logs a session; an adviser places them and
answers the checks."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from casework.calendar import at, now, today
from casework.workflow import move
from mentoring import demo as mentoring
from mentoring.demo import Person
from mentoring.models import Match, Session
from pathways import demo as pathways
from pathways.models import Placement, SustainmentCheck
from referrals.models import Referral
from waymark.demo import making

from .conftest import check, press

MAX = Person(
    "Max Invented", "male", "NG1 3AA", 2, ("football", "music"), ("mon_eve", "sat"), ("school",),
    ("English",), "Plays football.", is_paid=True, capacity=12,
)  # fmt: skip


FOUR_WEEKS = timedelta(weeks=4, days=1)


@pytest.fixture
def mentor(site):
    """max in the register for two months, with every check."""
    from accounts.models import Organisation

    charity = Organisation.objects.get(name="Steady Steps Trust (invented)")
    with at(now() - 2 * FOUR_WEEKS):
        return mentoring.mentor(
            by=site.cora, person=MAX, organisation=charity, area=site.city, user=site.max,
            supervisor=site.dev,
        )  # fmt: skip


def accepted_referral(site, **changes):
    draft = making.draft(by=site.alex, programme=site.programme)
    whole = making.fill(draft, making.answers(**changes), by=site.alex)
    return making.accept(move(whole, "send", by=site.alex), by=site.cora)


@pytest.fixture
def accepted(site):
    return accepted_referral(site)


@pytest.fixture
def matched(site, mentor):
    """max and a young person, for four weeks now."""
    with at(now() - FOUR_WEEKS):
        return mentoring.running(accepted_referral(site), mentor, by=site.cora)


def click(page: Page, name: str) -> None:
    """A button of the case, and on the page that it opens the button that does it."""
    press(page.get_by_role("button", name=name, exact=True).first)


def test_a_coordinator_matches_and_a_mentor_takes_them_on(site, come_in, mentor, accepted):
    page = come_in("cora")
    page.goto(f"{site.url}{accepted.home()}")
    check(page, "accepted-referral")
    page.goto(f"{site.url}/matches/propose/{accepted.reference}/")
    check(page, "propose")
    press(page.get_by_role("button", name=re.compile("^Propose")).first)
    match = Match.objects.get()
    url = f"{site.url}{match.home()}"
    page.goto(url)
    check(page, "match-proposed")
    click(page, "Ask both")
    click(page, "Ask both")
    click(page, "The young person said yes")
    page.get_by_role("checkbox").first.check()
    check(page, "match-their-yes")
    click(page, "The young person said yes")

    page = come_in("max")
    page.goto(url)
    check(page, "match-asked")
    click(page, "Yes, I will")
    for tick in page.get_by_role("checkbox").all():
        tick.check()
    check(page, "match-yes")
    click(page, "Yes, I will")

    page = come_in("cora")
    page.goto(url)
    for move_of in ("They have met", "Begin"):
        click(page, move_of)
        day(page, "When ")
        page.get_by_role("checkbox").check()
        check(page, f"match-{move_of.split()[-1].lower()}")
        click(page, move_of)

    assert Match.objects.get().status == Match.State.ACTIVE
    assert Referral.objects.get().status == Referral.State.ACTIVE


def test_a_mentor_logs_a_session(site, come_in, matched):
    page = come_in("max")
    check(page, "work-mentor")
    page.goto(f"{site.url}{matched.home()}")
    check(page, "match-active")
    click(page, "Log a session")
    check(page, "session")
    page.get_by_role("group", name="Did they come?").get_by_label("Yes", exact=True).check()
    page.get_by_label("Time it began").fill("00:00")
    page.get_by_label("How long?").select_option("60")
    page.get_by_label("Where?").select_option("out")
    page.get_by_label("Talked").check()
    page.get_by_label("In a few words").fill("Walked by the canal and talked about college.")
    page.get_by_role("group", name="A step forward in school, training or work?").get_by_label(
        "Yes"
    ).check()
    worried = page.get_by_role("group", name="Are you worried about them?")
    worried.get_by_label("No", exact=True).check()
    check(page, "session-filled")
    click(page, "Save")

    expect(page.get_by_text("Walked by the canal").first).to_be_visible()
    check(page, "session-saved")
    assert Session.objects.get().ete_moved


def test_an_adviser_places_somebody(site, come_in, matched):
    offered = pathways.opportunity(by=site.ada, areas=[site.city])
    pathways.advise(Referral.objects.get(), worker=site.ada, by=site.cora)
    page = come_in("ada")
    check(page, "work-adviser")
    page.goto(f"{site.url}/pathways/opportunities/")
    expect(page.get_by_text(offered.title).first).to_be_visible()
    check(page, "opportunities")
    page.goto(f"{site.url}/pathways/placements/new/")
    page.get_by_label("Who is it for?").select_option(index=1)
    page.get_by_label("Which opportunity?").select_option(index=1)
    day(page, "When did they agree")
    check(page, "apply")
    click(page, "Open the placement")
    expect(page.get_by_role("button", name="They were offered the place")).to_be_visible()
    check(page, "placement-applied")
    click(page, "They were offered the place")
    day(page, "Until when do they have to answer?", days=7)
    click(page, "They were offered the place")
    click(page, "They take the offer")
    day(page, "What is their first day?")
    click(page, "They take the offer")
    click(page, "They have started")
    check(page, "placement-start")
    page.get_by_role("group", name="How do we know").get_by_role("radio").first.check()
    click(page, "They have started")

    expect(page.get_by_text("Started").first).to_be_visible()
    check(page, "placement-started")
    assert Placement.objects.get().status == Placement.State.STARTED
    assert SustainmentCheck.objects.count() == 3


def test_an_adviser_answers_a_check(site, come_in, matched):
    with at(now() - FOUR_WEEKS + timedelta(hours=1)):
        pathways.advise(Referral.objects.get(), worker=site.ada, by=site.cora)
        offered = pathways.opportunity(by=site.ada, areas=[site.city])
        applied = pathways.apply(Referral.objects.get(), offered, by=site.ada)
        pathways.bring(applied, "started", by=site.ada)
    page = come_in("ada")
    page.goto(f"{site.url}/pathways/checks/")
    check(page, "checks")
    page.goto(f"{site.url}/pathways/checks/{SustainmentCheck.objects.order_by('due_on')[0].pk}/")
    page.get_by_label("Yes, still there").check()
    page.get_by_role("group", name="How do we know").get_by_role("radio").first.check()
    check(page, "check")
    click(page, "Save the answer")

    first = SustainmentCheck.objects.order_by("due_on")[0]
    assert first.status == SustainmentCheck.Status.ACHIEVED
    page.goto(f"{site.url}{Referral.objects.get().home()}?tab=education")
    expect(page.get_by_text("13-week check").first).to_be_visible()
    check(page, "case-with-checks")


def day(page: Page, question: str, *, days: int = 0) -> None:
    """Type a day, counted from today."""
    wanted = today() + timedelta(days=days)
    group = page.get_by_role("group", name=re.compile(f"^{re.escape(question)}"))
    for part, number in (("Day", wanted.day), ("Month", wanted.month), ("Year", wanted.year)):
        group.get_by_label(part).fill(str(number))
