"""In a demo every page says that all is invented, and an old one offers to be built anew."""

import os
import time

import pytest
from django.test import Client

from waymark import bootstrap

SAYS = "Everything here is invented"
PUBLIC = ["/", "/directory/", "/help/", "/sign-in/", "/about/", "/no-such-page/", "/oruk/status"]
STAFF = ["/work/", "/referrals/", "/account/", "/referrals/AAA-AAA/", "/people/"]


@pytest.fixture
def demo(settings, tmp_path, monkeypatch):
    """A demo that was built now; gives a way to make it so many days old."""
    settings.DEMO = True
    monkeypatch.setattr(bootstrap, "VAR", tmp_path)
    built = tmp_path / "demo-sign-ins.txt"
    built.touch()

    def grow(days):
        moment = time.time() - days * 86_400 - 60
        os.utime(built, (moment, moment))

    return grow


@pytest.mark.parametrize("path", PUBLIC)
def test_public_pages_and_what_is_not_there_say_so(world, demo, path):
    assert SAYS in Client().get(path).text


@pytest.mark.parametrize("path", STAFF)
def test_pages_of_staff_and_refusals_say_so(world, demo, sign_in, path):
    assert SAYS in sign_in(world.cora).get(path).text


def test_a_form_without_its_token_says_so(world, demo):
    client = Client(enforce_csrf_checks=True)
    assert SAYS in client.post("/sign-in/", {"email": "a@example.org"}, follow=True).text


def test_nothing_says_so_in_real_use(world, sign_in):
    assert all(SAYS not in Client().get(path).text for path in PUBLIC)
    assert all(SAYS not in sign_in(world.cora).get(path).text for path in STAFF)


@pytest.mark.parametrize(("days", "is_offered"), [(0, False), (7, False), (8, True), (400, True)])
def test_after_seven_days_it_offers_to_be_built_anew(world, demo, days, is_offered):
    demo(days)
    assert ("make demo" in Client().get("/").text) == is_offered


@pytest.mark.parametrize(("days", "is_offered"), [(7, False), (8, True)])
def test_make_run_says_it_too(demo, monkeypatch, capsys, days, is_offered):
    demo(days)
    for name in ("check_not_running", "build_frontend"):
        monkeypatch.setattr(bootstrap, name, lambda: None)
    monkeypatch.setattr(bootstrap, "check_port", lambda address: None)
    monkeypatch.setattr(bootstrap, "build_venv", lambda kind: None)
    monkeypatch.setattr(bootstrap.os, "chdir", lambda path: None)
    monkeypatch.setattr(bootstrap.os, "execv", lambda *arguments: None)
    bootstrap.run()
    assert (f"The demo is {days} days old" in capsys.readouterr().out) == is_offered
