"""What every public page owes a child under stress (the Children's Code): nothing from outside,
nothing left on the device, and a way out by one tap or by Shift three times."""

import pytest

from waymark.bench.browser import PHONE
from waymark.bench.public_pages import kind_of

from .conftest import check

LEFT_BEHIND = """async () => [
    ...Object.keys(localStorage), ...Object.keys(sessionStorage),
    ...(await indexedDB.databases()).map((each) => each.name), ...(await caches.keys()),
    ...(await navigator.serviceWorker.getRegistrations()).map((each) => each.scope),
]"""
NO_EXIT = ("embed", "accounts:")  # in somebody else's page, which has its own; the staff's door


@pytest.fixture
def visitor(public, browser):
    """A phone for which the world outside is a page that says so; lists what it asked out there."""
    context = browser.new_context(viewport=PHONE, locale="en-GB")
    context.asked = []

    def outside(route):
        context.asked.append(route.request.url)
        route.fulfill(body="<title>Outside</title>", content_type="text/html")

    context.route(lambda url: not url.startswith(public.url), outside)
    yield context
    context.close()


def test_nothing_comes_from_outside_and_nothing_stays(public, paths, visitor):
    page = visitor.new_page()
    for where in paths:
        page.goto(f"{public.url}{where}", wait_until="networkidle")

        assert visitor.asked == [], where
        assert page.evaluate(LEFT_BEHIND) == [], where
        # A form that is sent needs a token; it is the one cookie, and goes with the window.
        has_form = page.locator("input[name=csrfmiddlewaretoken]").count()
        cookies = visitor.cookies()
        assert [each["name"] for each in cookies] == (["csrftoken"] if has_form else []), where
        visitor.clear_cookies()


def test_the_probe_sees_what_a_page_leaves_behind(public, visitor):
    page = visitor.new_page()
    page.goto(f"{public.url}/")
    page.evaluate("localStorage.setItem('seen', '1'); document.cookie = 'seen=1'")
    page.evaluate("new Image().src = 'https://tracker.example/seen.gif'")
    page.wait_for_timeout(200)

    assert page.evaluate(LEFT_BEHIND) == ["seen"]
    assert [each["name"] for each in visitor.cookies()] == ["seen"]


def test_somebody_under_stress_leaves_by_one_tap(public, paths, visitor):
    page = visitor.new_page()
    for where in with_exit(paths):
        page.goto(f"{public.url}{where}")
        page.get_by_role("button", name="Exit this page").click()
        page.wait_for_url(lambda url: not url.startswith(public.url))

        assert page.title() == "Outside", where


def test_somebody_under_stress_leaves_by_shift_three_times(public, paths, visitor):
    page = visitor.new_page()
    for where in with_exit(paths):
        page.goto(f"{public.url}{where}", wait_until="networkidle")
        for _ in range(3):
            page.keyboard.press("Shift")
        page.wait_for_url(lambda url: not url.startswith(public.url))

        assert page.title() == "Outside", where


def test_axe_finds_nothing(public, paths, window):
    page = window.new_page()
    for where in paths:
        page.goto(f"{public.url}{where}")
        check(page, "public" + where.partition("?")[0].rstrip("/").replace("/", "-"))


def with_exit(paths):
    return [where for where in paths if not kind_of(where).startswith(NO_EXIT)]
