"""The map, the pages for needs and places, and the list on somebody else's page."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from wsgiref.simple_server import make_server

from playwright.sync_api import expect

from tests.serving import Quiet

from .conftest import check

PAGES = {
    "map": "/directory/?view=map&place=NG1&within=5",
    "need": "/directory/need/n12/",
    "place": "/directory/place/arnold/",
    "where": "/directory/money-chat/",
    "embed": "/embed/?place=Arnold&rows=3",
    "embed-builder": "/directory/embed/?place=Arnold&need=&age=&rows=3",
}


def test_pages_owe_what_every_page_owes_and_set_nothing(public, window):
    page, outside = window.new_page(), []
    page.on("request", lambda request: outside.append(request.url))
    for name, path in PAGES.items():
        page.goto(f"{public.url}{path}")
        check(page, f"browse-{name}")

    assert window.cookies() == []
    assert {url for url in outside if not url.startswith(public.url)} == set()


def test_a_pin_leads_to_its_card_by_keyboard_and_without_script(public, browser):
    context = browser.new_context(java_script_enabled=False, viewport={"width": 375, "height": 740})
    page = context.new_page()
    page.goto(f"{public.url}{PAGES['map']}")

    pin = page.locator(".wm-map a").first
    number = pin.get_attribute("aria-label").partition(":")[0]
    pin.focus()
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile(f"#service-{number}$"))
    expect(page.locator(f"#service-{number} h3")).to_be_in_viewport()
    box = pin.bounding_box()
    assert min(box["width"], box["height"]) >= 24, "large enough for a finger"
    context.close()


def test_a_link_in_a_frame_opens_the_whole_site(public, browser):
    page = browser.new_page()
    frame = f'<iframe src="{public.url}/embed/?rows=3" width="600" height="900"></iframe>'

    with school(frame) as address:
        page.goto(address)
        page.frame_locator("iframe").locator(".wm-service a").first.click()
        expect(page).to_have_url(re.compile(f"^{re.escape(public.url)}/directory/[a-z]"))
    page.close()


@contextmanager
def school(body: str) -> Iterator[str]:
    """Another site with this on its page."""

    def answer(environ, start):
        start("200 OK", [("Content-Type", "text/html")])
        return [body.encode()]

    server = make_server("127.0.0.1", 0, answer, handler_class=Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()
    thread.join()
