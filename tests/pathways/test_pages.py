"""The pages of pathways: what they show, what their forms refuse, what they cost."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from casework.calendar import at, now, today
from casework.models import Viewing
from pathways import demo
from referrals.models import Assignment, Referral
from tests.conftest import signed_in
from tests.pathways.cast import weeks_ago, words

LISTS = ["overview", "placements", "checks", "opportunities"]


@pytest.mark.parametrize("who", ["ada", "pru"])
def test_every_list_says_what_will_show_when_it_is_empty(cast, client_of, who):
    Assignment.objects.filter(role="adviser").delete()
    client = client_of(who)
    said = {
        "overview": "show here once they are referred",
        "placements": "you can follow it here",
        "checks": "checks follow after 4, 13 and 26 weeks",
        "opportunities": "show here when a pathway adviser has added them",
    }
    for page, sentence in said.items():
        assert sentence in words(client.get(reverse(f"pathways:{page}"))), page


def test_the_overview_shows_what_they_do_where_they_stand_and_the_next_check(cast, client_of):
    placement = cast.placement("started", started_on=weeks_ago(3))

    shown = words(client_of("ada").get(reverse("pathways:overview") + "?queue=mine"))

    assert placement.referral.reference in shown
    assert "Employment without training" in shown and "Warehouse assistant" in shown
    assert "4-week check" in shown and "Due " in shown


def test_no_onward_route_lists_who_is_in_no_place_and_on_no_way(cast, client_of):
    ada = cast.by("ada")
    placed, left, applied = cast.active(), cast.active(), cast.active()
    demo.bring(demo.apply(placed, cast.opportunity(), by=ada), "started", by=ada)
    demo.bring(demo.apply(left, cast.opportunity(), by=ada), "left_early", by=ada)
    demo.apply(applied, cast.opportunity(), by=ada)
    nothing = cast.active(kinds=["ete", "mentoring"])
    found_alone = cast.active(kinds=["ete", "mentoring"])
    demo.confirm(found_alone, by=ada, code="310", starts_on=today())
    url = reverse("pathways:overview") + "?queue=no-onward-route"

    listed = words(client_of("ada").get(url))

    without = {row.reference for row in (left, nothing) if row.reference in listed}
    assert without == {left.reference, nothing.reference}
    assert not {row.reference for row in (placed, applied, found_alone) if row.reference in listed}
    with at(now() + timedelta(days=370)):  # what they do has lapsed: nobody knows any more
        assert found_alone.reference in words(signed_in(cast.world.ada).get(url))


def test_a_declined_application_brings_them_back_to_the_list(cast, client_of):
    url = reverse("pathways:overview") + "?queue=no-onward-route"
    placement = cast.placement()
    reference = placement.referral.reference
    assert reference not in words(client_of("cora").get(url))

    demo.step(placement, "decline", by=cast.by("ada"))

    assert reference in words(client_of("cora").get(url))


def test_the_page_of_a_referral_shows_the_status_and_the_path(cast, client_of):
    placement = cast.placement("started", started_on=weeks_ago(5))
    demo.answer_due(placement, by=cast.by("ada"))

    shown = words(client_of("max").get(placement.referral.home() + "?tab=education"))

    assert "Employment without training" in shown
    assert "The employer or provider told us" in shown
    assert "4-week check , done Still there" in shown
    assert "13-week check , you are here" in shown
    assert "Record a change or confirm it" in shown


def test_the_tab_is_there_once_and_says_what_only_the_referrer_wrote(cast, client_of):
    referral = cast.active()

    shown = words(client_of("ada").get(referral.home() + "?tab=education"))

    assert shown.count("Education and work") == 1
    assert "Not confirmed yet" in shown
    assert "The referrer wrote: Seeking employment, education or training" in shown


def test_the_referrer_sees_none_of_it(cast, client_of):
    placement = cast.placement("started")

    shown = words(client_of("alex").get(placement.referral.home()))

    assert "Warehouse assistant" not in shown and "week check" not in shown
    assert client_of("alex").get(placement.home()).status_code == 404


def test_reading_a_placement_is_kept(cast, client_of):
    placement = cast.placement()

    client_of("cora").get(placement.home())

    seen = Viewing.objects.of(placement).get()
    assert (seen.viewer, seen.what, seen.is_owner) == (cast.by("cora"), "page", False)


# Costs ---------------------------------------------------------------------------------------
BUDGETS = {"overview": 22, "placements": 18, "checks": 17, "opportunities": 16}


def cost(client, url):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


def test_lists_cost_the_same_with_two_rows_as_with_four(cast, client_of):
    ada, client = cast.by("ada"), client_of("ada")
    for _ in range(2):
        cast.placement("started", started_on=weeks_ago(5))
    few = {page: cost(client, reverse(f"pathways:{page}")) for page in LISTS}
    for _ in range(2):
        other = cast.active()
        demo.confirm(other, by=ada, code="619")
        applied = demo.apply(other, cast.opportunity(title="Another"), by=ada)
        demo.bring(applied, "started", by=ada, started_on=weeks_ago(6))

    assert {page: cost(client, reverse(f"pathways:{page}")) for page in LISTS} == few
    assert {page: few[page] for page in LISTS if few[page] > BUDGETS[page]} == {}


def test_the_tab_and_the_page_of_a_placement_have_a_budget(cast, client_of):
    placement = cast.placement("started", started_on=weeks_ago(14))
    demo.answer_due(placement, by=cast.by("ada"))
    client, referral = client_of("ada"), Referral.objects.get(pk=placement.referral_id)
    tab, page = f"{referral.home()}?tab=education", placement.home()
    few = cost(client, tab), cost(client, page)
    second = demo.apply(referral, cast.opportunity(title="Second"), by=cast.by("ada"))
    demo.bring(second, "started", by=cast.by("ada"), started_on=weeks_ago(5))

    assert (cost(client, tab), cost(client, page)) == few
    assert few[0] <= 30 and few[1] <= 30
