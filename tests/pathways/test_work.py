"""My work and its numbers: each counts exactly the rows behind its link."""

import pytest

from casework.queue import counted
from pathways import demo
from pathways.models import Placement, SustainmentCheck
from pathways.queues import CHECK_QUEUES, PEOPLE_QUEUES, PLACEMENT_QUEUES
from referrals.models import Referral
from tests.conftest import signed_in
from tests.pathways.cast import weeks_ago

SOURCES = [
    ("placements", Placement, PLACEMENT_QUEUES),
    ("checks", SustainmentCheck, CHECK_QUEUES),
    ("overview", Referral, PEOPLE_QUEUES),
]


@pytest.fixture
def busy(cast):
    """Something in most queues, ada's and another adviser's."""
    from tests.pathways.test_advisers import second_adviser

    ada, avi = cast.by("ada"), second_adviser(cast.world)
    for state in ("offered", "accepted", "left_early"):
        demo.bring(demo.apply(cast.active(), cast.opportunity(), by=ada), state, by=ada)
    late = demo.apply(cast.active(), cast.opportunity(), by=ada)
    demo.bring(late, "started", by=ada, started_on=weeks_ago(5))
    hidden = cast.active(adviser="", kinds=["ete", "mentoring"])
    demo.advise(hidden, worker=avi, by=cast.by("cora"))
    soon = demo.apply(hidden, cast.opportunity(), by=avi)
    demo.bring(soon, "started", by=avi, started_on=weeks_ago(4))
    cast.active(adviser="", kinds=["ete", "mentoring"])
    return cast


@pytest.mark.slow  # several pages for each of three people, on a busy adviser's work
def test_every_number_of_my_work_counts_the_rows_behind_its_link(busy):
    numbers = {who: _numbers(busy.by(who)) for who in ("ada", "cora", "pru")}

    assert (numbers["ada"]["checks-late"], numbers["ada"]["due-checks"]) == (1, 0)
    assert numbers["ada"]["no-onward-route"] == 1 and numbers["ada"]["mine"] >= 4
    assert (numbers["cora"]["late-checks"], numbers["cora"]["due-checks"]) == (1, 1)
    assert numbers["cora"]["needs-adviser"] == 1
    assert numbers["pru"] == {"escalated": 0}
    page = signed_in(busy.by("ada")).get("/work/").content.decode()
    for link in ("late", "no-onward-route", "offered"):
        assert f"?queue={link}" in page
    late = page.partition('id="block-1"')[2].partition("</section>")[0]
    assert "Ask whether the place holds" in late  # among what is late, not as a number alone
    assert "Warehouse assistant" not in page  # a number and a name, not the place


def _numbers(user):
    """Each queue's count, compared with the rows that its page shows."""
    numbers, client = {}, signed_in(user)
    for page, model, queues in SOURCES:
        for queue in queues.values():
            if not user.holds(*queue.roles):
                continue
            rows = queue.choose(model.objects.visible_to(user), user)
            url = f"/pathways/{'' if page == 'overview' else f'{page}/'}?queue={queue.code}"
            shown = client.get(url).content.decode().count('<th scope="row"')
            name = f"{page}-late" if queue.code == "late" else queue.code
            numbers[name] = counted(rows)
            assert shown == min(counted(rows), 25), (queue.code, shown)
    return numbers
