"""Long lists, page by page."""

from datetime import timedelta

import pytest

from casework import queue
from casework.calendar import now
from referrals.models import Referral, brief
from waymark.demo import making


@pytest.fixture
def seven(world, monkeypatch):
    """Seven referrals, some of the same moment, and pages of two."""
    monkeypatch.setattr(queue, "PAGE", 2)
    moment = now()
    for back in (0, 1, 1, 1, 2, 3, 3):
        draft = making.draft(by=world.alex, programme=world.programme)
        Referral.objects.filter(pk=draft.pk).update(created_at=moment - timedelta(hours=back))
    return Referral.objects.all()


@pytest.mark.parametrize("by", ["-created_at", "created_at"])
@pytest.mark.parametrize("lines", [None, brief.LINES])
def test_every_row_once_there_and_back(seven, by, lines):
    page = queue.page_of(seven, by=by, lines=lines)
    assert (page.count, page.newer) == (7, "")
    pages = [page]
    while page.older:
        page = queue.page_of(seven, after=page.older, by=by, lines=lines)
        pages.append(page)
    there = [row.pk for page in pages for row in page.rows]

    way = "" if by[0] != "-" else "-"
    assert there == list(seven.order_by(by, f"{way}pk").values_list("pk", flat=True))

    back = [page]
    while page.newer:
        page = queue.page_of(seven, before=page.newer, by=by, lines=lines)
        back.append(page)
    assert [row.pk for page in reversed(back) for row in page.rows] == there


def test_a_key_that_nobody_signed_is_the_first_page(seven):
    forged = f"{now().isoformat()}~{seven[0].pk}:abc"
    first = [row.pk for row in queue.page_of(seven).rows]

    for key in ("", "x", forged, "\x00"):
        assert [row.pk for row in queue.page_of(seven, after=key).rows] == first


def test_a_page_of_nothing(db):
    page = queue.page_of(Referral.objects.none())

    assert (page.rows, page.count, page.newer, page.older) == ([], 0, "", "")


def test_the_count_of_a_long_list_stops(seven, monkeypatch):
    monkeypatch.setattr(queue, "MOST_COUNTED", 4)

    assert queue.page_of(seven).count == queue.counted(seven) == 5
