"""Opportunities: added, changed, found."""

from datetime import timedelta

from django.urls import reverse

from accounts.models import Area
from casework.calendar import today
from pathways import demo
from pathways.models import Opportunity
from tests.pathways.cast import typed_day, weeks_ago, words


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
