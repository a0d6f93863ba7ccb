"""Seeded bugs: with a rule opened, the same walk through the table finds who gets in (CONVENTIONS 36)."""

from dataclasses import replace

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import Organisation
from casework import policies as casework_policies
from casework import views
from referrals.models import Concern, Referral
from tests.access import canaries
from tests.access.everything import TABLE
from tests.access.grammar import Ask
from tests.access.probe import Probe, walk
from tests.access.stage import Stage

pytestmark = pytest.mark.thorough


def rows(*wanted: str, parts: bool = False):
    """Those of these names, with the parts of their pages or without."""
    return [row for row in TABLE if row.name in wanted and (parts or not row.queries)]


def violations(stage: Stage, who: str, *wanted: str, parts: bool = False) -> str:
    """What the table finds on these rows, less what the person had no chance to find there."""
    found = walk(stage, who, rows(*wanted, parts=parts), full=True)
    return "\n".join(each for each in found if "never found" not in each)


@pytest.mark.parametrize("model", [Referral, Concern])
def test_a_sight_that_hides_nothing_is_found(stage, monkeypatch, model):
    pages = ["referrals:referral", "referrals:concern"]
    assert violations(stage, "sid", *pages) == ""
    monkeypatch.setattr(type(model.objects.all()), "visible_to", lambda rows, user: rows.all())

    found = violations(stage, "sid", *pages)

    assert f"{pages[model is Concern]} of" in found
    assert "was 200, not 404" in found


def test_bands_that_keep_nothing_apart_are_found(stage, monkeypatch):
    everything = {"shared", "team", "sensitive", "management", "safeguarding"}
    monkeypatch.setattr(Referral, "bands_for", lambda case, user: everything)

    found = violations(stage, "max", "referrals:referral", parts=True)

    assert "leaks Kestrelsensitive" in found
    assert "leaks Kestrelsafeguarding" in found


def test_a_policy_that_lets_everybody_act_is_found(stage, monkeypatch):
    assert violations(stage, "alex", "referrals:write_note") == ""
    monkeypatch.setattr(casework_policies, "writes_notes", lambda case, user: True)

    found = violations(stage, "alex", "referrals:write_note")

    assert "GET referrals:write_note of" in found
    assert "was 200, not 403" in found


def test_a_refusal_that_gives_away_what_is_there_is_found(stage, monkeypatch):
    real = views.find

    def find(model, reference, user):
        if model.objects.filter(reference=reference).exists():
            raise PermissionDenied
        return real(model, reference, user)

    assert violations(stage, "sid", "referrals:move") == ""  # and every view has got the real one
    monkeypatch.setattr(views, "find", find)

    assert "was 403, not 404" in violations(stage, "sid", "referrals:move")


def test_a_404_that_says_more_than_another_is_found(stage):
    probe = Probe(stage, "sid")
    [row] = rows("referrals:summary")
    ask = Ask(row, "active", "GET", "sid")
    given = probe.ask("GET", probe.url(row, "active"))

    probe.check(ask, given)
    probe.check(ask, replace(given, text=f"{given.text} It is not yours."))

    assert probe.violations == [f"sid: {ask} differs from the 404 of one that is not there"]


def test_a_get_that_writes_is_found(stage, monkeypatch):
    def cards(user):
        Organisation.objects.filter(name__startswith="West").update(is_open=True)
        return []

    monkeypatch.setattr("waymark.work.cards", cards)

    assert "GET work wrote to accounts_organisation" in violations(stage, "alex", "work")


def test_a_probe_that_finds_nothing_says_so(stage):
    probe = Probe(stage, "cora")

    probe.control(by_act=False)

    assert any("never found Kestrelsensitive" in each for each in probe.violations)


def test_words_of_a_pdf_are_read_as_those_of_a_page(stage):
    """The summary has the risk for its coordinator and not for its mentor; the probe sees both."""
    [row] = rows("referrals:summary")
    found = {}
    for who in ("cora", "max"):
        probe = Probe(stage, who)
        found[who] = probe.ask("GET", probe.url(row, "active")).text

    assert canaries.RISK.word in found["cora"]
    assert canaries.RISK.word not in found["max"]
    assert stage.references["active"] in found["max"]
