"""A reader says whether a page was useful and what was missing; who reads the figures sees where
the gaps are, and what is done about them."""

import re

from playwright.sync_api import expect

from cms.models import Demand, Usefulness
from insight import releases
from tests.insight.test_needs import ASHFIELD, CITY, postcode

from .conftest import check, press


def test_a_reader_says_what_was_not_useful_and_what_was_missing(public, window):
    page = window.new_page()
    page.goto(f"{public.url}/directory/forest-days/")
    press(page.get_by_role("button", name="No", exact=True))
    press(page.get_by_role("button", name="Send"))
    expect(page.get_by_role("link", name="Choose why it was not useful.")).to_be_visible()
    check(page, "useful-error")
    page.get_by_label("It is full or closed").check()
    press(page.get_by_role("button", name="Send"))
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()

    page.goto(f"{public.url}/directory/?q=zzzzqqq&area=ashfield")
    page.get_by_text("Tell us what was missing").click()
    page.get_by_label("What did you need help with?").select_option(index=1)
    check(page, "missing")
    press(page.get_by_role("button", name="Send"))
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()

    assert list(Usefulness.objects.values_list("answer", "count")) == [("full", 1)]
    told = Demand.objects.get(mark__startswith="missing:", district="E07000170")
    assert told.count == 1
    assert window.cookies() == []


def test_a_programme_manager_sees_where_the_gaps_are_and_plans_what_is_done(public, come_in):
    postcode("NG1 1AA", CITY, "E01000001", 1)
    postcode("NG17 1AA", ASHFIELD, "E01000002", 9)
    releases.make()
    page = come_in("pru")
    page.goto(f"{public.url}/insight/needs/")

    expect(page.get_by_role("img", name=re.compile("Map of the gaps"))).to_be_visible()
    check(page, "needs")
    press(page.get_by_role("link", name="plan an action", exact=True))
    page.get_by_label("Which place?").select_option("Ashfield")
    page.get_by_label("What will be done?").fill("Ask three clubs to open on Fridays.")
    page.get_by_label("Who answers for it?").select_option("Bo Invented")
    press(page.get_by_role("button", name="Save"))
    expect(page.get_by_role("link", name="Enter the date by when")).to_be_visible()
    check(page, "gap-action-error")
    for part, typed in (("Day", "5"), ("Month", "1"), ("Year", "2126")):
        page.get_by_label(part).fill(typed)
    press(page.get_by_role("button", name="Save"))
    expect(page.get_by_role("heading", name="Ask three clubs")).to_be_visible()
    check(page, "gap-action")
    press(page.get_by_role("link", name="Actions on gaps"))
    check(page, "gap-actions")

    page.goto(f"{public.url}/insight/needs/{CITY}/")
    expect(page.get_by_role("heading", name="Wards of Nottingham")).to_be_visible()
    check(page, "wards")
