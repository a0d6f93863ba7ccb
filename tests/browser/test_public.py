"""A young person finds help and leaves by the quick exit; nothing is set, nothing fetched from
outside."""

import re

from playwright.sync_api import expect

from waymark.bench.browser import PHONE

from .conftest import check, press


def test_a_young_person_finds_a_service_and_leaves_at_once(public, window):
    outside = []
    page = window.new_page()
    page.route("**/*", lambda route: route.continue_())
    page.on("request", lambda request: outside.append(request.url))
    page.goto(f"{public.url}/")
    check(page, "home")
    page.goto(f"{public.url}/directory/")
    check(page, "directory")
    page.get_by_label("What are you looking for?").fill("boxing")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("q=boxing"))
    check(page, "directory-boxing")
    press(page.locator("main h2 a, main h3 a").first)
    check(page, "service")
    assert window.cookies() == []
    assert {url for url in outside if not url.startswith(public.url)} == set()

    exit_link = page.get_by_role("button", name=re.compile("Exit")).or_(
        page.get_by_role("link", name=re.compile("Exit"))
    )
    target = exit_link.first.get_attribute("href")
    assert target and target.startswith("https://")


def test_nothing_found_still_helps(public, window):
    page = window.new_page()
    page.goto(f"{public.url}/directory/?q=zzzzqqq&age=14")

    expect(page.get_by_text("999").first).to_be_visible()
    check(page, "directory-nothing")


def test_the_directory_works_without_script(public, browser):
    context = browser.new_context(java_script_enabled=False, viewport={"width": 375, "height": 740})
    page = context.new_page()
    page.goto(f"{public.url}/directory/?q=boxing")

    expect(page.locator("main h2 a, main h3 a").first).to_be_visible()
    context.close()


def test_whom_to_ring_stands_above_the_fold_in_a_line_that_pushes_nothing_down(public, browser):
    context = browser.new_context(viewport=PHONE, locale="en-GB")
    page = context.new_page()
    for path in ("/directory/?q=boxing", "/directory/forest-days/"):
        page.goto(f"{public.url}{path}")
        line, heading = page.locator(".wm-urgent"), page.locator("h1")

        expect(line.get_by_role("link", name="999")).to_be_in_viewport()
        assert line.bounding_box()["height"] <= 40, path  # one line
        assert heading.bounding_box()["y"] <= 170, path
    context.close()
