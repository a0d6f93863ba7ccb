"""Every page that can be reached from a referral, in each of its states."""

import re
from html import unescape

import pytest

from referrals.models import Referral
from tests.personas import PATHS, Cast
from tests.referrals.test_pages import page_of, title_of
from tests.thorough import mostly

NAMES = ("Jordan", "Example")
READERS = {"draft": "alex", "held": "alex cora", "allocated": "cora", "active": "cora max"}


@pytest.mark.slow(reason="every page that can be reached from a referral, in each of its states")
@pytest.mark.parametrize("state", mostly(["draft", *PATHS], plain="active"))
def test_pages_lead_to_whole_pages_and_name_nobody_in_their_title(world, sign_in, state):
    referral = Cast(world).referral(state)
    for who in READERS.get(state, "alex cora").split():
        client, seen, ahead = sign_in(getattr(world, who)), set(), [referral.home()]
        while ahead:
            url = ahead.pop()
            seen.add(url)
            html = page_of(client, url)
            assert "UNDEFINED(" not in html, f"{who} {url}"
            assert html.count("<h1") == 1, f"{who} {url}"
            assert not any(name in title_of(html) for name in NAMES), f"{who} {url}"
            ahead += set(_links(html, url, referral)) - seen - set(ahead)
        assert len(seen) > 1


def _links(html: str, url: str, referral: Referral) -> list[str]:
    """Where a page leads about this referral; documents and later pages of lists left out."""
    links = [unescape(link) for link in re.findall(r'href="([^"#]+)"', html)]
    whole = [f"{url.split('?')[0]}{link}" if link.startswith("?") else link for link in links]
    return [
        link
        for link in whole
        if link.startswith(referral.home()) and not re.search(r"page=|\.pdf$", link)
    ]
