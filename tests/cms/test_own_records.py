"""An organisation says what is so about itself and its places; editors read each change."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from cms.directory.reviewing import waiting
from cms.directory.values import latest
from cms.models import Location, Provider, Service
from tests.cms.test_editor import editor  # noqa: F401  a fixture
from tests.cms.test_own_services import (
    address,
    draft,
    filled,
    ours,  # noqa: F401  a fixture
    oz,  # noqa: F401  a fixture
    words,
    write,
)

HUT = {
    "name": "The new hut",
    "address_1": "1 Wood Lane",
    "city": "Arnold",
    "postcode": "NG5 6JR",
    "access": ["lift"],
}


def change(client, where, **changes):
    return client.post(where, filled(client.get(where)) | changes, follow=True)


@pytest.fixture
def venue(ours):  # noqa: F811
    return ours.service_at_locations.first().location


def test_a_provider_s_own_words_are_sent_read_and_published(ours, oz, editor):  # noqa: F811
    provider = ours.provider
    where = f"/our-services/provider/{provider.pk}/"

    said = words(change(oz, where, website="https://new.example.org/"))

    assert "Sent" in said and "https://new.example.org/" in said, "what would change"
    assert Provider.objects.get(pk=provider.pk).website == provider.website
    review = words(editor.get(f"/editor/reports/waiting-for-review/{provider.pk}/"))
    assert f"Website {provider.website} https://new.example.org/" in review
    answer(editor, provider, "approve")
    assert Provider.objects.get(pk=provider.pk).website == "https://new.example.org/"


def answer(client, row, given, reason=""):
    version = str(type(row).objects.get(pk=row.pk).latest_revision_id)
    data = {"version": version, "answer": given, "reason": reason}
    return client.post(f"/editor/reports/waiting-for-review/{row.pk}/", data, follow=True)


def test_what_a_venue_has_changes_once_an_editor_has_read_it(venue, oz, editor):  # noqa: F811
    where = f"/our-services/place/{venue.pk}/"

    change(oz, where, access=["lift", "hoist"])

    assert Location.objects.get(pk=venue.pk).access == venue.access
    assert "Hoist" in words(editor.get(f"/editor/reports/waiting-for-review/{venue.pk}/"))
    answer(editor, venue, "approve")
    assert set(Location.objects.get(pk=venue.pk).access) == {"lift", "hoist"}


@pytest.mark.thorough
def test_what_is_returned_says_why_and_what_is_taken_back_can_be_changed(venue, oz, editor):  # noqa: F811
    where = f"/our-services/place/{venue.pk}/"
    change(oz, where, access=["lift"])
    assert "reading it" in words(oz.get(where))
    assert "reading it" in words(oz.post(where, {"name": "Mine"}, follow=True))

    answer(editor, venue, "return", "There is no lift.")
    assert "There is no lift." in words(oz.get(where))
    change(oz, where, access=["hoist"])
    oz.post(f"{where}take-back/")

    assert not Location.objects.get(pk=venue.pk).workflow_in_progress
    assert filled(oz.get(where))["access"] == ["hoist"]


def test_a_new_place_is_read_with_its_service_and_public_with_it(ours, oz, editor):  # noqa: F811
    oz.post(address(ours, "new-place/"), HUT)
    hut = Location.objects.get(name="The new hut")
    page = Client().get(ours.get_absolute_url()).text
    assert not hut.live and "The new hut" not in page
    assert hut in [at.location for at in draft(ours).service_at_locations.all()]

    oz.post(address(ours, "send/"))
    review = words(editor.get(f"/editor/reports/waiting-for-review/{ours.pk}/"))
    assert "The new hut" in review and "What the venue has: Lift" in review
    assert [each.content_object for each in waiting()] == [ours], "the place needs no answer"
    answer(editor, ours, "approve")

    assert Location.objects.get(pk=hut.pk).live
    assert "The new hut" in Client().get(ours.get_absolute_url()).text


def test_a_new_place_can_be_corrected_before_it_is_sent(ours, oz):  # noqa: F811
    oz.post(address(ours, "new-place/"), HUT)
    hut = Location.objects.get(name="The new hut")

    said = words(change(oz, f"/our-services/place/{hut.pk}/", city="Bulwell"))

    assert "sent with its service" in said and not waiting().exists()
    assert latest(Location.objects.get(pk=hut.pk)).city == "Bulwell"


def test_a_new_place_stays_as_it_was_read_until_it_is_public(ours, oz, editor):  # noqa: F811
    oz.post(address(ours, "new-place/"), HUT)
    hut = Location.objects.get(name="The new hut")
    oz.post(address(ours, "send/"))

    where = f"/our-services/place/{hut.pk}/"
    said = words(oz.post(where, {**HUT, "name": "Somewhere else"}, follow=True))

    assert "Take that service back" in said
    assert latest(Location.objects.get(pk=hut.pk)).name == "The new hut"


def test_a_new_place_is_offered_to_whoever_added_it_alone(ours, oz):  # noqa: F811
    oz.post(address(ours, "new-place/"), HUT)
    other = Service.objects.exclude(provider=ours.provider_id).first()
    assert "The new hut" in oz.get(address(ours, "where/")).text

    Provider.objects.filter(pk=other.provider_id).update(organisation=ours.provider.organisation)

    assert "The new hut" not in oz.get(address(other, "where/")).text


def test_of_two_who_change_a_place_at_once_the_second_loses_nothing(venue, oz):  # noqa: F811
    where = f"/our-services/place/{venue.pk}/"
    mine = filled(oz.get(where))
    change(oz, where, getting_there="Round the back.")
    oz.post(f"{where}take-back/")

    late = oz.post(where, mine | {"getting_there": "By the gate."})

    assert late.status_code == 409 and filled(late)["getting_there"] == "By the gate."


@pytest.mark.parametrize(
    ("kind", "changes", "sentence"),
    [
        ("place", {"name": ""}, "Fill in"),
        ("place", {"access": ["moat"]}, "Choose"),
        ("provider", {"website": "javascript:alert(1)"}, "Enter a valid URL"),
        ("provider", {"charity_number": "x"}, "charity"),
    ],
)
def test_bad_values_are_refused_at_the_field(venue, ours, oz, kind, changes, sentence):  # noqa: F811
    pk = venue.pk if kind == "place" else ours.provider_id

    page = change(oz, f"/our-services/{kind}/{pk}/", **changes)

    assert sentence in words(page) and not waiting().exists()


def test_nothing_is_sent_when_nothing_has_changed(venue, oz):  # noqa: F811
    assert "nothing to send" in words(change(oz, f"/our-services/place/{venue.pk}/"))
    assert not waiting().exists()


def test_places_and_providers_of_others_are_not_there(ours, oz):  # noqa: F811
    elsewhere = Location.objects.exclude(service_at_locations__service__provider=ours.provider)
    other = Provider.objects.exclude(pk=ours.provider_id).first()

    assert oz.get(f"/our-services/place/{elsewhere.first().pk}/").status_code == 404
    assert oz.get(f"/our-services/provider/{other.pk}/").status_code == 404
    assert oz.get("/our-services/place/not-a-uuid/").status_code == 404


def test_the_kind_of_help_and_how_to_refer_are_theirs_to_say(ours, oz):  # noqa: F811
    page = BeautifulSoup(oz.get(address(ours, "about/")).content, "lxml")
    kinds = [box["value"] for box in page.select("input[name=kinds]")]
    others = {term.pk for term in ours.terms.exclude(taxonomy__code="service_type")}

    write(oz, ours, "about", kinds=kinds[:1])
    write(oz, ours, "refer", how_to_refer="Ring the office.", is_referred_here=["on"])

    after = draft(ours)
    assert {str(t.pk) for t in after.terms.all()} == {*map(str, others), kinds[0]}
    assert after.how_to_refer == "Ring the office." and after.is_referred_here
