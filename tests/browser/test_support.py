"""A coordinator proposes a mentor; an adviser looks for opportunities."""

import re

import pytest
from playwright.sync_api import expect

from mentoring import demo as mentoring
from mentoring.demo import Person
from mentoring.models import Match
from pathways import demo as pathways
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


def test_opportunities_are_listed_and_filtered(site, come_in):
    pathways.opportunity(by=site.ada, areas=[site.city])
    page = come_in("ada")
    page.goto(f"{site.url}/pathways/opportunities/")

    expect(page.get_by_text("Warehouse assistant").first).to_be_visible()
    check(page, "opportunities")
