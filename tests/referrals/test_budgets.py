"""Pages ask as many queries for six rows as for two."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from casework.calendar import now
from casework.models import Note
from casework.workflow import move
from referrals.models import Assignment
from referrals.services import raise_concern
from tests.personas import Cast
from waymark.demo import making

PAGES = [
    ("cora", "/work/", 75),
    ("alex", "/work/", 20),
    ("dev", "/work/", 45),
    ("sol", "/work/", 25),
    ("cora", "/referrals/", 15),
    ("alex", "/referrals/", 15),
    ("max", "/referrals/", 15),
    ("dev", "/referrals/", 15),
    ("sol", "/concerns/", 15),
    ("alex", "/concerns/", 15),
]


def add(world, count):
    """`count` young people with a worker each, as many waiting, each with a concern and notes."""
    cora, sol, mentor = world.cora, world.sol, world.max
    for _ in range(count):
        fresh = making.refer(by=world.alex, programme=world.programme)
        raise_concern(by=world.alex, area=world.city, origin="worry", referral=fresh, fact="Words.")
        taken = making.accept(making.refer(by=world.alex, programme=world.programme), by=cora)
        taken = move(taken, "allocate", by=cora, worker=mentor, role=Assignment.Role.MENTOR)
    assert sol
    return taken


def queries(client, url):
    with CaptureQueriesContext(
        connection,
    ) as found:
        assert client.get(url).status_code == 200
    return len(found)


@pytest.mark.slow(reason="a dozen referrals, each brought to its state by moves")
@pytest.mark.thorough
def test_lists_and_my_work_do_not_ask_more_for_more_rows(world, sign_in):
    clients = {who: sign_in(getattr(world, who)) for who in ("cora", "alex", "dev", "sol", "max")}
    add(world, 2)
    before = [queries(clients[who], url) for who, url, _ in PAGES]

    add(world, 4)
    after = [queries(clients[who], url) for who, url, _ in PAGES]

    more = [page for page, old, new in zip(PAGES, before, after, strict=True) if new > old]
    assert more == []
    over = [(page, n) for page, n in zip(PAGES, after, strict=True) if n > page[2]]
    assert over == []


@pytest.mark.slow(reason="referrals brought to their states by moves")
def test_the_page_of_a_case_does_not_ask_more_for_more_rows(world, sign_in):
    cast, cora = Cast(world), sign_in(world.cora)
    active, triage = cast.referral("active"), cast.referral("triage")
    urls = [f"{active.home()}?tab={tab}" for tab in ("summary", "timeline", "notes", "needs")]
    urls.append(triage.home())

    def write(count):
        for _ in range(count):
            Note.objects.create(
                case_kind="referral", case_id=active.pk, kind="contact", band="team",
                happened_at=now(), author=world.max, fact="Words.",
            )  # fmt: skip
            making.refer(by=world.alex, programme=world.programme)  # one more likely duplicate

    write(2)
    before = [queries(cora, url) for url in urls]
    write(4)

    assert [queries(cora, url) for url in urls] == before
    assert max(before) <= 30
