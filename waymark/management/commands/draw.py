from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts import demo
from accounts.models import User
from waymark.bench.browser import DESK, PHONE, NoBrowser, chromium


class Command(BaseCommand):
    help = "Take the README's pictures from a demo that `make run` is serving."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--url", default="http://localhost:8000")

    def handle(self, *args: Any, url: str, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError(
                "Pictures show invented people only: run this with WAYMARK_MODE=demo."
            )
        self.folder = Path(settings.BASE) / "docs" / "images"
        self.folder.mkdir(parents=True, exist_ok=True)
        try:
            with chromium() as browser:
                for draw in (self._public, self._coordinator, self._referrer):
                    draw(browser, url)
        except ImportError as error:
            raise CommandError("Playwright is missing: `make test` installs it.") from error
        except NoBrowser as error:
            raise CommandError(str(error)) from error

    def _public(self, browser: Any, url: str) -> None:
        page = browser.new_page(viewport=PHONE)
        page.goto(f"{url}/directory/?q=boxing")
        self._keep(page, "directory-phone")

    def _coordinator(self, browser: Any, url: str) -> None:
        page = self._signed_in(browser, url, "cora@example.org", DESK)
        self._keep(page, "work")
        page.goto(f"{url}/referrals/?queue=deciding")
        page.locator("main table a").first.click()
        self._keep(page, "triage")

    def _referrer(self, browser: Any, url: str) -> None:
        page = self._signed_in(browser, url, "alex@example.org", PHONE)
        page.goto(f"{url}/referrals/")
        page.locator("main table a").last.click()
        self._keep(page, "referrer-phone")

    def _signed_in(self, browser: Any, url: str, email: str, size: dict[str, int]) -> Any:
        page = browser.new_context(viewport=size).new_page()
        page.goto(f"{url}/sign-in/")
        page.get_by_label("Email address").fill(email)
        page.get_by_label("Password", exact=True).fill(settings.DEMO_PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        user = User.objects.get(email=email)
        if user.needs_second_factor:
            page.get_by_role("textbox").first.fill(demo.code(user))
            page.keyboard.press("Enter")
        page.wait_for_url("**/work/")
        return page

    def _keep(self, page: Any, name: str) -> None:
        page.wait_for_load_state("networkidle")
        page.screenshot(path=self.folder / f"{name}.png")
        self.stdout.write(f"docs/images/{name}.png")
