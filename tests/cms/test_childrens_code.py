"""The assessment of the public site (docs/dpia.md) names the tests that hold it to its word."""

import ast
import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.test import Client

BASE = Path(settings.BASE)
ASSESSMENT = (BASE / "docs" / "dpia.md").read_text(encoding="utf-8")
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
STANDARD = re.compile(r"^\| (\d+)\. ([^|]+) \| ([^|]+) \| ([^|]*)\|$", re.MULTILINE)
ASKS_OR_KEEPS = re.compile(
    r"geolocation|localStorage|sessionStorage|indexedDB|document\.cookie|sendBeacon|serviceWorker"
)


def test_every_test_that_the_assessment_names_is_there():
    named = set(NAMED.findall(ASSESSMENT))
    there = {
        (path, node.name)
        for path in {path for path, _ in named}
        for node in ast.parse((BASE / path).read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef)
    }

    assert len(named) >= 20
    assert named - there == set()


def test_each_of_the_fifteen_standards_is_held_by_a_test_or_does_not_apply():
    rows = {int(number): (said, tests) for number, _, said, tests in STANDARD.findall(ASSESSMENT)}

    assert sorted(rows) == list(range(1, 16))
    for number, (said, tests) in rows.items():
        assert NAMED.search(tests) or said.startswith("Does not apply: "), number


def test_no_script_of_ours_asks_where_the_reader_is_or_keeps_anything():
    scripts = list((BASE / "waymark" / "frontend").glob("*.js"))

    assert len(scripts) >= 2
    for script in scripts:
        assert not ASKS_OR_KEEPS.search(script.read_text(encoding="utf-8")), script.name


def test_the_privacy_page_says_it_to_young_people(site):
    text = BeautifulSoup(Client().get("/privacy/").content, "lxml").main.text

    for said in ("Children’s Code", "where you are", "90 days", "not who looked"):
        assert said in text


@pytest.mark.parametrize("path", ["/", "/directory/?q=boxing", "/directory/forest-days/", "/help/"])
def test_the_foot_of_every_page_leads_to_privacy(site, path):
    page = BeautifulSoup(Client().get(path).content, "lxml")

    assert page.select_one("footer a[href='/privacy/']")
