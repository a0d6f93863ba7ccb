"""A reader says whether a page was useful and what was missing; an analyst sees where the gaps
are."""

import re

from playwright.sync_api import expect

from cms.models import Demand, Usefulness

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


def test_an_analyst_sees_where_the_gaps_are(public, come_in):
    page = come_in("ana")
    page.goto(f"{public.url}/insight/needs/")

    expect(page.get_by_role("img", name=re.compile("Map of the gaps"))).to_be_visible()
    check(page, "needs")
    press(page.get_by_role("link", name="Nottingham"))
    expect(page.get_by_role("heading", name="Wards of Nottingham")).to_be_visible()
    check(page, "wards")
