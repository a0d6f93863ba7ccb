"""What a process keeps between requests says nothing about anybody."""

import re

from django.conf import settings

from waymark.templatetags import design

ONCE = re.compile(r'{% once "([^"]+)"([^%]*)%}')


def test_nobody_finds_somebody_else_in_the_head_of_a_page(world, sign_in):
    pages = {name: sign_in(getattr(world, name)) for name in ("cora", "alex", "ed")}

    for name, client in [*pages.items(), *pages.items()]:  # kept from the first to the last
        html = client.get("/work/").content.decode()
        assert getattr(world, name).name in html
        for other in pages.keys() - {name}:
            assert getattr(world, other).name not in html
            assert getattr(world, other).email not in html
    assert 'href="/people/"' not in html and 'href="/editor/"' in html


def test_what_is_drawn_once_is_given_no_person(world, sign_in):
    templates = [path for app in settings.BASE.glob("*/templates") for path in app.rglob("*.html")]
    given = {
        arguments.strip() for path in templates for _, arguments in ONCE.findall(path.read_text())
    }

    assert given == {"", "is_old=demo_is_old", "unit_name=unit_name"}
    design._drawn.cache_clear()
    sign_in(world.cora).get("/referrals/")
    sign_in(world.alex).get("/referrals/")
    assert 0 < design._drawn.cache_info().currsize <= 4
