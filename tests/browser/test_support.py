"""A coordinator matches, a mentor logs a session, an adviser answers whether a place lasts."""

import re

import pytest
from playwright.sync_api import expect

from mentoring import demo as mentoring
from mentoring.demo import Person
from mentoring.models import Match, Session
from pathways import demo as pathways
from pathways.demo import weeks_ago
from pathways.models import SustainmentCheck
from tests.pathways.cast import PathwayCast
from waymark.demo import making

from .conftest import check

MAX = Person(
    "Max Invented", "male", "NG1 3AA", 2, ("football", "music"), ("mon_eve", "sat"), ("school",),
    ("English",), "Plays football.", is_paid=True, capacity=12,
)  # fmt: skip


@pytest.fixture
def mentor(site):
    """max in the register, with every check."""
    from accounts.models import Organisation

    charity = Organisation.objects.get(name="Steady Steps Trust (invented)")
    return mentoring.mentor(
        by=site.cora, person=MAX, organisation=charity, area=site.city, user=site.max,
        supervisor=site.dev,
    )  # fmt: skip


@pytest.fixture
def accepted(site):
    sent = making.refer(by=site.alex, programme=site.programme)
    return making.accept(sent, by=site.cora)


def test_a_coordinator_proposes_a_mentor_with_points_and_reasons(site, come_in, mentor, accepted):
    page = come_in("cora")
    page.goto(f"{site.url}/matches/propose/{accepted.reference}/")
    check(page, "propose")
    page.get_by_role("button", name=re.compile("^Propose")).first.click()

    match = Match.objects.get()
    assert match.status == Match.State.PROPOSED
    page.goto(f"{site.url}/matches/{match.reference}/")
    check(page, "match-proposed")


def test_a_mentor_logs_a_session_on_a_phone(site, come_in, mentor, accepted):
    match = mentoring.running(accepted, mentor, by=site.cora)
    page = come_in("max")
    check(page, "work-mentor")
    page.goto(f"{site.url}/matches/{match.reference}/session/")
    check(page, "session")
    page.get_by_role("group", name="Did they come?").get_by_label("Yes", exact=True).check()
    page.get_by_label("In a few words").fill("Walked and talked about school.")
    page.get_by_label("How long?").select_option("60")
    page.get_by_label("Where?").first.select_option(index=1)
    worried = page.get_by_role("group", name="Are you worried about them?")
    worried.get_by_label("No", exact=True).first.check()
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_role("heading", level=1)).not_to_contain_text("Session with")
    assert Session.objects.filter(match=match).count() == 1
    check(page, "match-active")


def test_an_adviser_answers_whether_a_place_lasts(site, come_in):
    cast = PathwayCast(site)
    placement = cast.placement("started", started_on=weeks_ago(5))
    page = come_in("ada")
    check(page, "work-adviser")
    page.goto(f"{site.url}/pathways/placements/{placement.reference}/")
    check(page, "placement")
    due = placement.checks.order_by("due_on").first()
    page.goto(f"{site.url}/pathways/checks/{due.pk}/")
    check(page, "check-answer")
    page.get_by_label("Yes, still there").check()
    page.get_by_label(re.compile("employer|provider|said so|Third", re.I)).first.check()
    page.get_by_role("button", name="Save the answer").click()

    expect(page.get_by_role("alert")).to_have_count(0)
    assert SustainmentCheck.objects.get(pk=due.pk).status == SustainmentCheck.Status.ACHIEVED


def test_opportunities_are_listed_and_filtered(site, come_in):
    pathways.opportunity(by=site.ada, areas=[site.city])
    page = come_in("ada")
    page.goto(f"{site.url}/pathways/opportunities/")

    expect(page.get_by_text("Warehouse assistant").first).to_be_visible()
    check(page, "opportunities")
