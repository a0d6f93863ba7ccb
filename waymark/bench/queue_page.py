"""`queue_page`: a coordinator's queue over HTTP, 25 rows of all, beside a plain view on the same
server; and whether a page deep in the list costs more than the first."""

import re
from functools import partial
from html import unescape
from typing import Any

from django.test import Client

from accounts.models import User
from accounts.services import second_factor
from casework import queue
from referrals.models import Referral
from waymark.generate import databases

from . import rows
from .http import Site, served
from .measuring import alternate
from .setting import Setting

QUEUE = "/referrals/?queue=unread"
ALL = "/referrals/"
DEEP = 0.8  # how far down the whole list the deep page lies


def run(setting: Setting) -> list[rows.Row]:
    small, large = setting.sizes
    before = _measured(setting, small)[0]
    queue_page, deep = _measured(setting, large)
    growth = before.ours / queue_page.ours
    return [
        rows.of(
            *("queue_page", queue_page),
            unit="req/s",
            better="higher",
            goal=0.35,
            floor=0.10,
            n=large,
            growth=growth,
            remark=f"{small:,} / {large:,} referrals: {growth:.2f}×, plain view "
            f"{queue_page.limit:.0f} req/s, spread {queue_page.spread:.0%}",
        ),
        rows.of(
            *("queue_page_deep", deep),
            unit="ms",
            scale=1000,
            better="lower",
            goal=1.3,
            floor=1.3,
            n=large,
            remark="time of a page deep in the whole list / of its first page",
        ),
    ]


def _measured(setting: Setting, referrals: int) -> Any:
    name = setting.generated(referrals)
    with databases.using(name):
        cookie, after, count = _sign_in(), _deep_key(referrals), _unread()
    with served(name) as site:
        _assert_shown(site, cookie, count)
        deep_page = f"{ALL}?after={after}"
        if b"govuk-table__row" not in site.get(deep_page, cookie)[1]:
            raise AssertionError("The deep page is empty.")
        page = alternate(partial(site.rate, QUEUE, cookie), partial(site.rate, "/plain/"))
        deep = alternate(
            lambda: 1 / site.rate(deep_page, cookie), lambda: 1 / site.rate(ALL, cookie)
        )
    return page, deep


def _sign_in() -> str:
    """The cookies of a coordinator of the whole area who has come in, second factor shown."""
    user = User.objects.get(email="cora@example.org")
    client = Client()
    client.get("/sign-in/")
    client.force_login(user, backend="accounts.backends.StandingBackend")
    session = client.session
    device = second_factor.authenticator(user) or second_factor.give(user=user)
    session["otp_device_id"] = device.persistent_id
    session.save()
    return "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())


def _deep_key(referrals: int) -> str:
    """The key that leads to a page so far down."""
    newest_first = Referral.objects.order_by("-created_at", "-pk")
    moment = newest_first.values_list("created_at", flat=True)[int(referrals * DEEP)]
    return queue.page_of(Referral.objects.filter(created_at__lte=moment)).older


def _unread() -> int:
    return Referral.objects.filter(status=Referral.State.SUBMITTED).count()


def _assert_shown(site: Site, cookie: str, count: int) -> None:
    """The page must show 25 referrals, and the number that the database says."""
    status, body = site.get(QUEUE, cookie)
    text = unescape(body.decode())
    shown = len(set(re.findall(r'href="(/referrals/[^"/?]{7}/)"', text)))
    said = re.search(r"([\d,]+\+?) referrals", text)
    wanted = f"{count:,}" if count <= queue.MOST_COUNTED else f"{queue.MOST_COUNTED:,}+"
    if (status, shown, said and said[1]) != (200, min(count, queue.PAGE), wanted):
        raise AssertionError(f"Status {status}, {shown} rows, {said and said[0]} of {count}.")
