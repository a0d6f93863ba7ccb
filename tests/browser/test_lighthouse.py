"""What Lighthouse says of the public pages, by its own scores."""

import json
import subprocess

from django.test import Client
from wagtail.models import Page

from waymark.bench.browser import FLAGS, path
from waymark.bench.public_pages import BEGIN, EDITED, kind_of
from waymark.bootstrap import LIGHTHOUSE, VENV


def test_lighthouse_is_content(public, paths, browser, record_property):
    """Accessibility 100, best practices and (where search engines may look) SEO 95 or more."""
    chromium = path() or browser.browser_type.executable_path
    urls = [f"{public.url}{where}" for where in one_of_each(paths)]
    command = [str(VENV / "bin" / "node"), "run.mjs", chromium, " ".join(FLAGS), *urls]
    ran = subprocess.run(command, cwd=LIGHTHOUSE, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr

    said = [json.loads(line) for line in ran.stdout.splitlines()]
    assert [each["url"] for each in said] == urls
    for each in said:
        scores, found = each["scores"], json.dumps(each["found"], indent=1)
        is_listed = not is_hidden(each["url"].removeprefix(public.url))
        assert not each["error"], each["error"]
        assert scores["accessibility"] == 100, (each["url"], found)
        assert scores["best-practices"] >= 95, (each["url"], found)
        assert scores["seo"] >= 95 or not is_listed, (each["url"], found)
    record_property("pages that Lighthouse looked at", len(said))


def one_of_each(paths):
    """One path for each kind of page, the pages of editors having a kind each; and all that the
    crawl begins with."""
    kinds = {page.url: type(page) for page in Page.objects.live().specific()}
    chosen = {
        kinds.get(where) if kind_of(where) == EDITED else kind_of(where): where for where in paths
    }
    return list(dict.fromkeys([*BEGIN, *chosen.values()]))


def is_hidden(where):
    """Whether search engines are asked to stay away; they are of all doors, in robots.txt."""
    asks = b'<meta name="robots" content="noindex">'
    return kind_of(where).startswith("accounts:") or asks in Client().get(where).content
