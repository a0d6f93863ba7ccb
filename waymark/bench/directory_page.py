"""`directory_page`: the first page of the directory over HTTP, to somebody without an account, as
it comes from memory; beside the least that the same server can answer."""

from functools import partial

from . import rows
from .http import Site, served
from .measuring import alternate
from .setting import Setting

PAGE = "/directory/"


def run(setting: Setting) -> list[rows.Row]:
    services = 100_000
    with served(setting.directory(services)) as site:
        _assert_shown(site, services)
        measured = alternate(partial(site.rate, PAGE), partial(site.rate, "/raw/"))
    return [
        rows.of(
            *("directory_page", measured),
            unit="req/s",
            better="higher",
            goal=0.80,
            floor=0.15,
            n=services,
            remark=f"raw WSGI {measured.limit:.0f} req/s, spread {measured.spread:.0%}",
        )
    ]


def _assert_shown(site: Site, services: int) -> None:
    status, body = site.get(PAGE)
    if status != 200 or body.count(b'class="wm-card wm-service"') < 20:
        raise AssertionError(f"Status {status}, {body.count(b'class=')} elements.")
