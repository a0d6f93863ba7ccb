"""Another method, format or header gives nothing that a plain GET would not (security §2, 12)."""

import pytest

from tests.access.everything import TABLE
from tests.access.grammar import Ask
from tests.access.probe import Probe, rows_of_all_tables
from tests.access.sample import asks
from tests.thorough import some

OVERRIDE = {"X-HTTP-Method-Override": "DELETE", "X-Method-Override": "DELETE"}


@pytest.fixture
def sid(stage):
    """A referrer of elsewhere: nearly everything is out of their sight."""
    return Probe(stage, "sid")


def refusals() -> list[Ask]:
    """A refused GET for every fourth URL name, or all."""
    refused = [ask for ask in asks(TABLE, "sid", "GET", full=True) if ask.expected & {403, 404}]
    by_name = {ask.row.name: ask for ask in refused if not ask.row.public}
    return some([by_name[name] for name in sorted(by_name)], of=4)


@pytest.mark.slow  # hundreds of requests
def test_no_other_way_of_asking_gets_more_than_a_get(sid):
    before, wrong = rows_of_all_tables(), []
    for ask in refusals():
        url = sid.url(ask.row, ask.thing)
        plain = sid.ask("GET", url)
        others = {
            "HEAD": sid.ask("HEAD", url),
            "OPTIONS": sid.ask("OPTIONS", url),
            "PUT": sid.ask("PUT", url),
            "DELETE": sid.ask("DELETE", url),
            "a format": sid.ask("GET", f"{url}?format=json&_method=DELETE"),
            "an override": sid.ask("POST", url, data={"_method": "GET"}, headers=OVERRIDE),
        }
        for way, other in others.items():
            same = other.same == plain.same or (way == "HEAD" and other.text == "")
            if not (other.status in (plain.status, 405) and (same or other.status == 405)):
                wrong.append(f"{ask}: {way} was {other.status}, GET {plain.status}")

    assert not wrong, "\n".join(wrong)
    assert rows_of_all_tables() == before


def test_a_path_without_its_last_slash_tells_nothing(sid):
    """Before any view, a missing slash is added by a redirect, whether the thing is there or not."""
    for ask in refusals():
        url = sid.url(ask.row, ask.thing)
        if url.endswith("/") and url != "/":
            assert sid.ask("GET", url.rstrip("/")).status in (301, 404), url


def test_a_page_that_only_takes_a_post_refuses_a_get(sid):
    for row in TABLE:
        if "GET" not in row.cells:
            thing = next(iter(row.cells["POST"]))
            door = 403 if row.name == "editor/" else 405  # Wagtail asks first who comes in
            assert sid.ask("GET", sid.url(row, thing)).status == door, row.label
