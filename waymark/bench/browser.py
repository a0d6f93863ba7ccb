"""Headless Chromium: Debian's, or Playwright's own where there is none."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # a development tool, which nobody needs for serving
    from playwright.sync_api import Browser

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE, DESK = {"width": 375, "height": 740}, {"width": 1280, "height": 900}


class NoBrowser(RuntimeError):
    """No browser starts; says what to do."""


def path() -> str | None:
    """Where Chromium is; None for the one that Playwright brings."""
    return os.environ.get("WAYMARK_CHROMIUM") or shutil.which("chromium")


@contextmanager
def chromium() -> Iterator["Browser"]:
    """A browser that has started. Raises NoBrowser."""
    from playwright.sync_api import Error, sync_playwright

    # Playwright keeps an event loop in this thread, which Django takes for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=path(), args=FLAGS)
        except Error as error:
            raise NoBrowser(
                "No browser: install Debian's chromium, or run `playwright install chromium`. "
                f"{error}"
            ) from error
        yield browser
        browser.close()
