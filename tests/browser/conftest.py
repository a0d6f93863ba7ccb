"""Browser tests: the app on a real server and the real PostgreSQL, driven in headless Chromium.

Each test has a database of its own. A missing browser is an error with the fix, never a skip.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests import databases
from tests.conftest import signed_in
from tests.serving import serving
from waymark.bench.browser import DESK, PHONE, chromium
from waymark.bench.public_pages import crawl

expect.set_options(timeout=15_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in Path(item.path).parents:
            item.add_marker("browser")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture
def site(committing: Any) -> Iterator[Any]:
    """The world with a server on it: `site.url`, and people by first name."""
    with serving() as committing.url:
        yield committing


@pytest.fixture
def ground(request: pytest.FixtureRequest, ground: str, django_db_blocker: Any) -> str:
    """For `public` the invented public site of the demo on top of the tests' world, built once."""
    from cms import demo

    if "public" not in request.fixturenames:
        return ground
    with django_db_blocker.unblock():
        return databases.built("public", demo.build)


@pytest.fixture
def public(site: Any) -> Any:
    """The site as `ground` has built it."""
    return site


@pytest.fixture
def paths(public: Any) -> list[str]:
    """Of one public page of each kind, and of all that editors have written."""
    client = Client()

    def get(path: str) -> tuple[int, bytes]:
        answer = client.get(path)
        return answer.status_code, answer.content

    return crawl(get, enough=1)


@pytest.fixture(params=[PHONE, DESK], ids=["375", "1280"])
def window(request: pytest.FixtureRequest, browser: Browser) -> Iterator[BrowserContext]:
    """A browser window at the size of a phone and of a desk."""
    context = browser.new_context(viewport=request.param, locale="en-GB")
    yield context
    context.close()


@pytest.fixture
def come_in(site: Any, window: BrowserContext) -> Callable[[str], Page]:
    """A page with somebody signed in, second factor shown: the doors have tests of their own."""

    def enter(who: str) -> Page:
        cookie = signed_in(getattr(site, who)).cookies[settings.SESSION_COOKIE_NAME]
        window.clear_cookies()
        window.add_cookies([{"name": cookie.key, "value": cookie.value, "url": site.url}])
        page = window.new_page()
        page.goto(f"{site.url}/work/")
        return page

    return enter


def press(control: Locator) -> None:
    """Click, and wait for the page that answers: a click alone returns before it is there."""
    with control.page.expect_navigation():
        control.click()


def check(page: Page, name: str) -> None:
    """What every page owes: axe finds nothing, nothing is wider than the window, a picture."""
    found = Axe().run(page)
    assert not found.response["violations"], f"{name}: {found.generate_report()}"
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0, f"{name} is {wide} pixels wider than the window"
    shots = Path(settings.VAR) / "shots"
    shots.mkdir(parents=True, exist_ok=True)
    assert page.viewport_size is not None
    page.screenshot(path=shots / f"{name}-{page.viewport_size['width']}.png", full_page=True)
