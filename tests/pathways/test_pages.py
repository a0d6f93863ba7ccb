"""The pages of pathways: what they show, what their forms refuse, what they cost."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Area
from casework.calendar import at, now, today
from casework.models import Note, Viewing
from pathways import demo
from pathways.models import EteStatus, Opportunity, Placement, SustainmentCheck
from referrals.models import Assignment, Referral
from tests.conftest import signed_in
from tests.pathways.cast import again, weeks_ago
from tests.pathways.test_advisers import second_adviser

LISTS = ["overview", "placements", "checks", "opportunities"]


def words(response):
    """The page as a person reads it, and nothing that a template could not resolve."""
    text = response.content.decode()
    assert "UNDEFINED" not in text, re.findall(r"UNDEFINED\(\S+\)", text)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


def typed_day(name, day):
    return {f"{name}_day": day.day, f"{name}_month": day.month, f"{name}_year": day.year}


@pytest.fixture
def client_of(cast):
    return lambda who: signed_in(cast.by(who))


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


# Forms ---------------------------------------------------------------------------------------
STATUS = {"code": "330", "evidence": "document", "source": "Payslip"}


def test_the_first_status_is_what_the_referrer_wrote_confirmed(cast, client_of):
    referral = cast.active()
    client, url = client_of("ada"), reverse("pathways:status", args=[referral.reference])
    page = client.get(url).content.decode()
    assert '<option value="619" selected>' in page

    typed = {"code": "619", "evidence": "self_declared", **typed_day("verified_on", today())}
    response = client.post(url, typed)

    assert response.status_code == 302
    status = EteStatus.objects.current().get(young_person=referral.young_person)
    assert (status.code, status.kind, status.verified_by) == ("619", "change", cast.by("ada"))


BAD_STATUSES = [
    ({"code": ""}, "Choose an answer for “What do they do?”"),
    ({"code": "999"}, "Choose one of the answers"),
    ({"evidence": ""}, "Choose an answer for “How do we know?”"),
    ({"hours": "200"}, "must be 80 or less"),
    ({"hours": "many"}, "must be a whole number"),
    ({"verified_on_year": "2999"}, "must be today or in the past"),
    ({"verified_on_month": "13"}, "must be a real date"),
    ({"verified_on_day": ""}, "must include a day"),
    ({**typed_day("starts_on", today() + timedelta(days=1))}, "today or in the past"),
    ({"starts_on_day": "1", "starts_on_month": "1", "starts_on_year": "1950"}, "before they"),
    ({"source": "x" * 10_000}, "takes at most 200 characters"),
]


def test_the_status_form_says_what_is_wrong_and_keeps_what_was_typed(cast, client_of):
    referral, client = cast.active(), client_of("ada")
    url = reverse("pathways:status", args=[referral.reference])
    for changes, sentence in BAD_STATUSES:
        facts = {**STATUS, **typed_day("verified_on", today())}
        typed = {**facts, "source": "O’Brien <x> 🙂", **changes}

        response = client.post(url, typed)

        text = response.content.decode()
        assert "<title>Error: " in text and sentence in words(response), changes
        assert "O’Brien &lt;x&gt; 🙂" in text or "source" in changes
    assert not EteStatus.objects.filter(young_person=referral.young_person).exists()


def test_every_move_has_a_page_with_a_form_that_makes_it(cast, client_of):
    """The shortest way and its side ways, typed as a person would."""
    client, placement = client_of("ada"), cast.placement()
    soon = today() + timedelta(days=7)
    steps = [
        ("chase", {"words": "Not yet.", **typed_day("ask_again_on", soon)}, "applied"),
        ("offer", {"conditions": "", **typed_day("answer_by", soon)}, "offered"),
        ("accept", typed_day("starts_on", today()), "accepted"),
        ("postpone", {"words": "", **typed_day("starts_on", soon)}, "accepted"),
        (
            "start",
            {"code": "330", "evidence": "document", **typed_day("started_on", today())},
            "started",
        ),
        ("leave", {"reason": "travel", **typed_day("ended_on", today())}, "left_early"),
        ("contact", {"next_step": "Jobs near.", **typed_day("review_on", soon)}, "left_early"),
        (
            "move-on",
            {"code": "310", "evidence": "worker", **typed_day("starts_on", today())},
            "onward",
        ),
    ]
    for name, typed, state in steps:
        url = f"{placement.home()}{name}/"
        assert "UNDEFINED" not in words(client.get(url))
        version = again(placement).version
        response = client.post(url, {"version": version, **typed})
        assert response.status_code == 302, words(response)
        assert again(placement).status == state
        assert "UNDEFINED" not in words(client.get(placement.home()))


def test_who_loses_the_last_place_or_looks_at_a_stale_page_is_told(cast, client_of):
    ada, client, one = cast.by("ada"), client_of("ada"), cast.opportunity(places=1)
    first, second = (demo.apply(cast.active(), one, by=ada) for _ in range(2))
    typed = typed_day("answer_by", today())
    demo.step(first, "offer", by=ada)

    lost = client.post(f"{second.home()}offer/", {"version": second.version, **typed})
    stale = client.post(f"{second.home()}withdraw/", {"version": 0, "reason": "travel"})

    assert "The last place there has just gone" in words(lost)
    assert stale.status_code == 409 and second.reference in words(stale)
    assert again(second).status == "applied"


@pytest.mark.parametrize("name", ["decline", "withdraw"])
def test_a_reason_is_asked_for(cast, client_of, name):
    placement = cast.placement()
    typed = {"version": placement.version}

    response = client_of("ada").post(f"{placement.home()}{name}/", typed)

    assert response.status_code == 200 and "Error: " in response.content.decode()
    assert again(placement).status == "applied"


def test_a_start_in_the_future_is_refused_next_to_its_field(cast, client_of):
    placement = cast.placement("accepted")
    tomorrow = today() + timedelta(days=1)
    typed = {"code": "330", "evidence": "document", **typed_day("started_on", tomorrow)}

    response = client_of("ada").post(
        f"{placement.home()}start/", {"version": placement.version, **typed}
    )

    assert "must be today or in the past" in words(response)
    assert again(placement).status == "accepted"


def test_apply_begins_from_either_side_and_shows_what_is_wrong(cast, client_of):
    client, referral, offered = client_of("ada"), cast.active(), cast.opportunity()
    url = reverse("pathways:apply")
    begun = client.get(f"{url}?referral={referral.reference}&opportunity={offered.pk}")
    text = begun.content.decode()
    assert f'<option value="{referral.pk}" selected>' in text
    assert f'<option value="{offered.pk}" selected>' in text
    assert client.get(f"{url}?referral=x&opportunity=%00").status_code == 200
    typed = {"referral": referral.pk, "opportunity": offered.pk}

    missing = client.post(url, typed)
    done = client.post(url, {**typed, **typed_day("agreed_on", today())})
    twice = client.post(url, {**typed, **typed_day("agreed_on", today())})

    placement = Placement.objects.get(referral=referral)
    assert "Enter the day they agreed" in words(missing)
    assert done.status_code == 302 and done.url == placement.home()
    assert "open placement for them there already" in words(twice)


def test_apply_offers_only_ones_own_young_people(cast, client_of):
    mine, others = cast.active(), cast.active(adviser="", kinds=["ete"])

    ada = words(client_of("ada").get(reverse("pathways:apply")))

    assert mine.reference in ada and others.reference not in ada
    assert "Nobody to apply with" in words(client_of("max").get(reverse("pathways:apply")))


def test_a_check_is_answered_and_corrected_on_one_small_page(cast, client_of):
    placement = cast.placement("started", started_on=weeks_ago(5))
    check, client = placement.checks.get(point=4), client_of("ada")
    url = check.get_absolute_url()

    nothing = client.post(url, {"status": "achieved", **typed_day("asked_on", today())})
    reached = client.post(url, {"status": "unable_to_contact", **typed_day("asked_on", today())})
    yes = {"status": "achieved", "evidence": "document", **typed_day("asked_on", today())}
    answered = client.post(url, yes)
    correcting = words(client.get(url))
    corrected = client.post(url, {**yes, "evidence": "third_party", "why": "It was a call."})

    assert "Say how we know" in words(nothing)
    assert "Say how you tried" in words(reached)
    assert answered.url == corrected.url == placement.home()
    assert "Correct the 4-week answer" in correcting
    rows = SustainmentCheck.objects.filter(placement=placement, point=4)
    assert sorted(row.is_current for row in rows) == [False, True]
    assert client.get(url).status_code == 404  # that answer is history now


def test_not_there_any_more_leads_to_the_last_day(cast, client_of):
    placement = cast.placement("started", started_on=weeks_ago(5))
    url = placement.checks.get(point=4).get_absolute_url()

    response = client_of("ada").post(
        url, {"status": "not_achieved", **typed_day("asked_on", today())}
    )

    assert response.url == f"{placement.home()}leave/"


def test_a_check_before_its_day_has_no_form(cast, client_of):
    check = cast.placement("started").checks.get(point=13)

    page = client_of("ada").get(check.get_absolute_url())
    typed = {"status": "achieved", "evidence": "document", **typed_day("asked_on", today())}
    forced = client_of("ada").post(check.get_absolute_url(), typed)

    assert "Not to be answered yet" in words(page)
    assert "Answer it then" in words(forced) and again(check).status == "due"


def test_a_contact_starts_the_clock_of_an_advisers_referral_anew_when_they_were_reached(
    cast, client_of
):
    referral = cast.advised_alone()
    url = reverse("pathways:contact", args=[referral.reference])
    typed = {"how": "By phone", "words": "O’Brien <x>", "happened_at": f"{now():%Y-%m-%dT%H:%M}"}

    with at(now() + timedelta(days=4)):
        client = signed_in(cast.world.ada)
        nothing = client.post(url, {})
        ahead = client.post(
            url,
            {
                **typed,
                "is_reached": "True",
                "happened_at": f"{now() + timedelta(1):%Y-%m-%dT%H:%M}",
            },
        )
        client.post(url, {**typed, "is_reached": "False"})
        after_a_try = again(referral).due_at
        done = client.post(url, {**typed, "is_reached": "True"})

    assert "Choose an answer for “How?”" in words(nothing) and "That lies ahead" in words(ahead)
    assert done.status_code == 302
    assert after_a_try == referral.due_at < again(referral).due_at
    notes = Note.objects.filter(case_id=referral.pk).values_list("fact", "band")
    assert set(notes) == {
        ("By phone, not reached. O’Brien <x>", "shared"),
        ("By phone, reached. O’Brien <x>", "shared"),
    }
    assert client_of("max").get(url).status_code == 404


def test_to_ask_an_adviser_costs_no_more_when_there_are_more(cast, client_of):
    referral = cast.active(adviser="")
    client, url = client_of("cora"), reverse("pathways:ask_adviser", args=[referral.reference])
    client.get(url)
    with CaptureQueriesContext(connection) as before:
        client.get(url)

    second_adviser(cast.world)
    with CaptureQueriesContext(connection) as after:
        shown = words(client.get(url))

    assert shown.count("young people now") == 2
    assert len(after) == len(before)


def test_the_adviser_is_asked_from_the_referral_page(cast, client_of):
    referral = cast.active(adviser="", kinds=["mentoring", "ete"])
    client, url = client_of("cora"), reverse("pathways:ask_adviser", args=[referral.reference])
    assert url in client.get(referral.home() + "?tab=education").content.decode()
    assert "Advises" in words(client.get(url))

    nobody = client.post(url, {})
    done = client.post(url, {"worker": cast.by("ada").pk})

    assert "Choose who should help" in words(nobody)
    assert done.status_code == 302
    assert Assignment.objects.current().get(referral=referral, role="adviser")
    assert client_of("max").get(url).status_code == 403


# Opportunities -------------------------------------------------------------------------------
def typed_opportunity(cast, **changes):
    return {
        "kind": "job",
        "other_organisation": "Trentside Storage (invented)",
        "title": "Stock assistant",
        "summary": "Counting and moving stock.",
        "areas": [cast.world.city.pk],
        "places": "2",
        "convictions": "yes",
        **typed_day("checked_on", today()),
        **typed_day("expires_on", today() + timedelta(days=60)),
        **changes,
    }


def test_an_adviser_adds_and_changes_an_opportunity(cast, client_of):
    client = client_of("ada")

    added = client.post(reverse("pathways:add_opportunity"), typed_opportunity(cast))
    row = Opportunity.objects.get(title="Stock assistant")
    edit = reverse("pathways:edit_opportunity", args=[row.pk])
    changed = client.post(edit, typed_opportunity(cast, title="Stock lead", hours="37"))

    assert added.url == changed.url == row.get_absolute_url()
    shown = words(client.get(row.get_absolute_url()))
    assert "Stock lead" in shown and "2 of 2 places left" in shown and "37" in shown
    assert client_of("cora").get(edit).status_code == 403


def test_an_adviser_of_the_city_leaves_an_opportunity_in_the_county_where_it_is(cast, client_of):
    county = Area.objects.get(code="E07000170")
    role = cast.by("ada").memberships.get()
    role.areas.set([cast.world.city])
    row = cast.opportunity()
    row.areas.add(county)
    client, edit = client_of("ada"), reverse("pathways:edit_opportunity", args=[row.pk])

    client.post(edit, typed_opportunity(cast, title="Stock lead"))
    assert set(row.areas.all()) == {cast.world.city, county}
    assert Opportunity.objects.get(pk=row.pk).title == "Stock lead"

    client.post(edit, typed_opportunity(cast, areas=[]))
    assert set(row.areas.all()) == {county}


BAD_OPPORTUNITIES = [
    ({"title": ""}, "Fill in “What is it called?”"),
    ({"other_organisation": ""}, "Choose who offers it"),
    ({"areas": []}, "Choose an answer for “Where?”"),
    ({"places": "0"}, "must be 1 or more"),
    ({"places": "lots"}, "must be a whole number"),
    ({"hours": "99"}, "must be 60 or less"),
    ({"expires_on_year": "2999"}, "more than two years ahead"),
    ({"expires_on_year": "2020"}, "cannot be before the day it was checked"),
    ({"checked_on_year": "2999"}, "today or in the past"),
    ({"summary": "x" * 10_000}, "takes at most 1000 characters"),
    ({"kind": "<script>"}, "Choose one of the answers"),
]


def test_the_opportunity_form_names_the_field_and_the_remedy(cast, client_of):
    client, before = client_of("ada"), Opportunity.objects.count()
    for changes, sentence in BAD_OPPORTUNITIES:
        typed = typed_opportunity(cast, **changes)

        response = client.post(reverse("pathways:add_opportunity"), typed)

        assert sentence in words(response), changes
        assert "Trentside" in response.content.decode() or "other_organisation" in changes
    assert Opportunity.objects.count() == before


def test_filters_narrow_the_list_and_stand_in_the_link(cast, client_of):
    ada, city = cast.by("ada"), cast.world.city
    full = demo.opportunity(by=ada, areas=[city], title="Full job", places=1, hours=37)
    demo.bring(demo.apply(cast.active(), full, by=ada), "offered", by=ada)
    demo.opportunity(by=ada, areas=[city], title="Short course", kind="course", hours=6)
    demo.opportunity(
        by=ada, areas=[city], title="Old taster", kind="taster",
        checked_on=weeks_ago(9), expires_on=weeks_ago(1),
    )  # fmt: skip
    client, url = client_of("ada"), reverse("pathways:opportunities")
    titles = ["Full job", "Short course", "Old taster"]
    expected = {
        "": {"Full job", "Short course"},
        "?kind=course": {"Short course"},
        "?hours=full": {"Full job"},
        "?hours=part": {"Short course"},
        f"?area={city.code}": {"Full job", "Short course"},
        "?show=open": {"Short course"},
        "?show=over": {"Old taster"},
        "?kind=nonsense&area=%00&hours=&page=x": {"Full job", "Short course"},
    }

    found = {}
    for query in expected:
        shown = words(client.get(url + query))
        found[query] = {title for title in titles if title in shown}

    assert found == expected


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
