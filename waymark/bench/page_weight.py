"""`page_weight`: what the heaviest public page costs somebody who has never been here, on a phone:
kilobytes over the wire with headers, and requests."""

import os
import subprocess
import sys
from typing import TYPE_CHECKING

from waymark.bootstrap import ROOT

from . import public_pages, rows
from .browser import PHONE, chromium
from .http import served
from .setting import Setting

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Request


def run(setting: Setting) -> list[rows.Row]:
    mode = {"WAYMARK_MODE": "demo"}  # with static files as people get them: hashed, compressed
    collect = [sys.executable, "manage.py", "collect"]
    subprocess.run(collect, cwd=ROOT, env=os.environ | mode, check=True, stdout=subprocess.DEVNULL)
    with served(setting.directory(0), **mode) as site, chromium() as browser:
        paths = public_pages.crawl(site.get)
        weights = {path: load(browser, f"http://localhost:{site.port}{path}") for path in paths}
    heaviest = max(weights, key=lambda path: weights[path][0])
    busiest = max(weights, key=lambda path: weights[path][1])
    return [
        _row("page_weight", "KB", weights[heaviest][0], 80, 150, heaviest, paths),
        _row("page_weight_requests", "requests", weights[busiest][1], 5, 8, busiest, paths),
    ]


def load(browser: "Browser", url: str) -> tuple[float, int]:
    """Kilobytes (1,000 bytes) and requests of one page with nothing kept from before."""
    context = browser.new_context(viewport=PHONE, locale="en-GB")  # type: ignore[arg-type]
    page, done = context.new_page(), list["Request"]()
    page.on("requestfinished", lambda request: done.append(request))
    page.goto(url, wait_until="networkidle")
    total = sum(map(_bytes, done))
    context.close()
    return total / 1000, len(done)


def _bytes(request: "Request") -> int:
    response = request.response()
    if not response or not response.ok:
        raise AssertionError(f"{request.url} was not served.")
    sizes = request.sizes()
    return sizes["responseBodySize"] + sizes["responseHeadersSize"]


def _row(
    name: str, unit: str, value: float, goal: float, floor: float, worst: str, paths: list[str]
) -> rows.Row:
    return rows.Row(
        name,
        value,
        unit,
        ratio=value,
        goal=goal,
        floor=floor,
        better="lower",
        n=len(paths),
        rounds=1,
        remark=f"{worst}, of {len(paths)} pages",
    )
