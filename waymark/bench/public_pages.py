"""Every kind of public page, found as a visitor finds it: by following links."""

from collections import Counter, deque
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from django.urls import Resolver404, resolve

from accounts.public import PUBLIC

BEGIN = (
    "/",
    "/directory/?q=boxing&place=NG7+1AA",
    "/directory/?q=boxing&view=map",
    "/directory/?q=zzzzqqq&age=14",  # finds nothing
    "/embed/?q=boxing",
    "/sign-in/",
)
ENOUGH = 4  # of one kind; every page that editors have written is a kind of its own
EDITED = "wagtail_serve"


def crawl(get: Callable[[str], tuple[int, bytes]], enough: int = ENOUGH) -> list[str]:
    """Paths of the public pages that somebody without an account can reach, so many of each kind,
    and all that it begins with: they are of one kind and look different.

    `get` gives status and body of a path. Raises AssertionError for a link that leads nowhere.
    """
    found, waiting, seen, kinds = [], deque(BEGIN), set(BEGIN), Counter[str]()
    while waiting:
        path = waiting.popleft()
        kind = kind_of(path)
        is_wanted = path in BEGIN or kind == EDITED or kinds[kind] < enough
        if not kind or not is_wanted:
            continue
        status, body = get(path)
        if status in (301, 302):
            continue
        if status != 200:
            raise AssertionError(f"{path} answers {status}.")
        kinds[kind] += 1
        found.append(path)
        new = [link for link in links(path, body.decode()) if link not in seen]
        seen.update(new)
        waiting.extend(new)
    return found


def kind_of(path: str) -> str:
    """The name of a public page's address; empty for what is no public page."""
    try:
        name = resolve(urlsplit(path).path).view_name
    except Resolver404:
        return ""
    is_page = name in PUBLIC and not name.startswith("oruk:") and name not in NO_PAGE
    return name if is_page else ""


NO_PAGE = {"health", "robots", "sitemap", "django.contrib.sitemaps.views.sitemap", "style"}


def links(path: str, html: str) -> Iterator[str]:
    """Paths, with what is asked, that the page links to on this site, each once."""
    parser = _Links()
    parser.feed(html)
    for link in dict.fromkeys(urljoin(path, each) for each in parser.found):
        parts = urlsplit(link)
        if not parts.netloc and not parts.scheme:
            yield parts._replace(fragment="").geturl()


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.found += [value for name, value in attrs if name == "href" and value]
