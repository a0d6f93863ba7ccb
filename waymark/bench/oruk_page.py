"""`oruk_page`: a page of fifty services of the public feed, beside the same page as JSON that
PostgreSQL builds by itself; and whether the last page costs more than the first."""

import json
from typing import Any

from django.db import connection
from django.test import RequestFactory

from cms.directory.oruk import views
from waymark.generate import databases

from . import rows
from .measuring import Measured, alternate, seconds
from .setting import Setting

SIZE = 50
REPEAT = 5  # pages in one round

# By the index that the feed has, with every column that a list item is made of. What is made of
# several (the words of a cost, text of mark-up) is left as it is.
BY_HAND = """
    WITH page AS (
        SELECT title, service_id FROM cms_listing WHERE is_first AND in_feed
        ORDER BY title, service_id LIMIT %(size)s OFFSET %(skip)s
    )
    SELECT json_build_object(
        'total_items', (SELECT count(*) FROM cms_listing WHERE is_first AND in_feed),
        'contents', (SELECT json_agg(json_build_object(
            'id', one.id, 'organization_id', one.provider_id, 'name', one.title,
            'description', one.body, 'url', one.url, 'email', one.email, 'status', one.status,
            'fees', one.cost_words, 'minimum_age', one.minimum_age,
            'maximum_age', one.maximum_age, 'assured_date', one.checked_at::date,
            'alert', one.notice, 'last_modified', one.last_modified,
            'organization', json_build_object('id', who.id, 'name', who.name, 'description',
                who.description, 'email', who.email, 'website', who.website)
        ) ORDER BY page.title, page.service_id)
        FROM page JOIN cms_service AS one ON one.id = page.service_id
        JOIN cms_provider AS who ON who.id = one.provider_id)
    )::text
"""


def run(setting: Setting) -> list[rows.Row]:
    services = 1_000_000 if setting.is_full else 100_000
    with databases.using(setting.directory(services)):
        last = json.loads(_page(1))["total_pages"]
        for number in (1, last):
            _assert_same(number)
        page = alternate(_timed(_page, 1), _timed(_by_hand, 1))
        deep = alternate(_timed(_page, last), _timed(_page, 1))
    same = {"unit": "ms", "scale": 1000, "better": "lower", "n": services}
    remark = "time of the last page / of the first"
    return [
        _row("oruk_page", page, goal=2, floor=6, **same),
        _row("oruk_page_last", deep, goal=1.3, floor=1.3, remark=remark, **same),
    ]


def _row(name: str, measured: Measured, **more: Any) -> rows.Row:
    return rows.of(name, measured, **more)


def _timed(work: Any, number: int) -> Any:
    return lambda: seconds(lambda: [work(number) for _ in range(REPEAT)]) / REPEAT


def _page(number: int) -> bytes:
    request = RequestFactory(REMOTE_ADDR="").get(
        "/oruk/v3/services", {"per_page": SIZE, "page": number}
    )
    answer: Any = views.listing(request, "services")
    content: bytes = answer.content
    return content


def _by_hand(number: int) -> str:
    with connection.cursor() as cursor:
        cursor.execute(BY_HAND, {"size": SIZE, "skip": (number - 1) * SIZE})
        text: str = cursor.fetchone()[0]
    return text


def _assert_same(number: int) -> None:
    ours, theirs = json.loads(_page(number)), json.loads(_by_hand(number))
    for key in ("id", "name"):
        if [row[key] for row in ours["contents"]] != [row[key] for row in theirs["contents"]]:
            raise AssertionError(f"Page {number} holds other services.")
    if ours["total_items"] != theirs["total_items"] or not ours["contents"]:
        raise AssertionError(f"{ours['total_items']} services are not {theirs['total_items']}.")
