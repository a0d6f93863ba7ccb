"""Whether somebody new gets in: said by who runs it, with its day, and in the feed."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup

from accounts.clock import at, now, today
from cms.directory.incoming import Reading
from cms.directory.oruk import schemas, shapes
from cms.directory.values import snapshot
from cms.models import Service
from tests.cms.test_own_services import address, draft, ours, oz, words, write  # noqa: F401  fixtures


def say(client, service, **said):
    return client.post(address(service, "now/"), {"status": "open", "places": "", **said})


def test_it_is_public_at_once_with_its_day_and_takes_no_draft_along(ours, oz, client):  # noqa: F811
    write(oz, ours, "about", title="Woodland days")

    say(oz, ours, places="waiting", weeks_to_wait="6")

    page = words(client.get(ours.get_absolute_url()))
    assert "There is a waiting list, about 6 weeks to wait" in page and "Forest days" in page
    assert Service.objects.get(pk=ours.pk).places_said_on == today()
    assert (draft(ours).title, draft(ours).places) == ("Woodland days", "waiting")
    assert "said today" in words(client.get("/directory/?q=forest+days"))


def test_pausing_is_public_at_once(ours, oz, client):  # noqa: F811
    say(oz, ours, status="paused", notice="Our hut has no roof.")

    page = words(client.get(ours.get_absolute_url()))
    assert "Paused for now." in page and "Our hut has no roof." in page


def test_who_runs_it_cannot_close_it_for_good(ours, oz):  # noqa: F811
    assert say(oz, ours, status="closed").status_code == 200
    assert Service.objects.get(pk=ours.pk).status == "open"


def test_what_closed_for_good_is_not_opened_by_saying_how_it_is(ours, oz):  # noqa: F811
    Service.objects.filter(pk=ours.pk).update(status="closed")

    say(oz, ours, places="open")

    assert Service.objects.get(pk=ours.pk).status == "closed"


def test_after_30_days_it_is_grey_and_says_so(ours, oz, client):  # noqa: F811
    say(oz, ours, places="full")

    def grey(days: int) -> bool:
        with at(now() + timedelta(days=days)):
            page = client.get(ours.get_absolute_url()).content
        said = BeautifulSoup(page, "lxml").find(string="Full: no waiting list.")
        return "wm-muted" in said.find_parent("p")["class"]

    assert (grey(30), grey(31)) == (False, True)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"places": "open", "free_places": "9", "all_places": "5"}, "more places free"),
        ({"places": "open", "free_places": "-1"}, "or more"),
        ({"places": "waiting", "weeks_to_wait": "1000"}, "260"),
        ({"places": "nonsense"}, "Choose one"),
    ],
)
def test_wrong_numbers_are_refused_with_a_sentence(ours, oz, said, sentence):  # noqa: F811
    before = Service.objects.filter(pk=ours.pk).values().get()

    response = say(oz, ours, **said)

    assert response.status_code == 200 and sentence in words(response)
    assert Service.objects.filter(pk=ours.pk).values().get() == before


def test_numbers_without_a_word_on_places_are_not_kept(ours, oz):  # noqa: F811
    say(oz, ours, places="", free_places="3")

    row = Service.objects.get(pk=ours.pk)
    assert (row.places, row.free_places, row.places_said_on) == ("", None, None)


@pytest.mark.parametrize(
    ("said", "wait", "capacity"),
    [
        (
            {"places": "open", "free_places": "4", "all_places": "12"},
            "There are places: 4 free",
            (4, 12),
        ),
        ({"places": "open"}, "There are places", (None, None)),
        ({"places": "full"}, "Full: no waiting list", (0, None)),
        ({"places": "waiting"}, "There is a waiting list", (0, None)),
        (
            {"places": "waiting", "weeks_to_wait": "1", "all_places": "9"},
            "There is a waiting list, about 1 week to wait",
            (0, 9),
        ),
        ({"places": ""}, None, None),
    ],
)
def test_the_feed_says_it(ours, oz, said, wait, capacity):  # noqa: F811
    say(oz, ours, **said)

    shape = shapes.service(Service.objects.whole().get(pk=ours.pk))

    schemas.Service.model_validate(shape)
    assert shape.get("wait_time") == (wait and f"{wait} (said on {today():%-d %B %Y})")
    found = shape.get("service_capacity", [])
    numbers = [(row.get("available"), row.get("maximum")) for row in found]
    assert numbers == [capacity][: bool(capacity)]
    assert [row["description"] for row in found] == [wait][: bool(wait)]


@pytest.mark.parametrize(
    "said",
    [
        {"places": "open", "free_places": "4", "all_places": "12"},
        {"places": "open"},
        {"places": "full"},
        {"places": "waiting", "weeks_to_wait": "6"},
        {"places": ""},
    ],
)
def test_what_the_feed_says_of_places_is_read_back_as_it_was(ours, oz, said):  # noqa: F811
    say(oz, ours, **said)
    service = Service.objects.whole().get(pk=ours.pk)

    read = Reading().service(shapes.service(service))

    names = ("room", "free_places", "all_places", "weeks_to_wait", "places_said_on")
    now = snapshot(service)
    expected = {name: now[name] for name in names} | {"waiting_time": service.waiting_time}
    assert {name: read[name] for name in expected} == expected
