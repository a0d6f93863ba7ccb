"""Whoever is shut out, or loses a role or a case, is refused at the very next request (security §2, 11)."""

import pytest
from django.urls import reverse

from accounts import services
from accounts.models import Membership
from casework.workflow import move
from referrals.models import Assignment, Referral
from tests.access.probe import Probe


@pytest.fixture
def ask(stage):
    """Status of a referral's page, as somebody whose session stays the same."""

    def status(who, thing="active"):
        url = reverse("referrals:referral", args=[stage.references[thing]])
        return probes.setdefault(who, Probe(stage, who)).ask("GET", url).status

    probes: dict[str, Probe] = {}
    return status


def test_an_account_that_is_closed_is_shut_out_at_once(stage, ask):
    assert ask("max") == 200

    services.deactivate(by=stage.person("adam"), user=stage.person("max"), at_once=True)

    assert ask("max") == 302


def test_a_role_that_ends_takes_its_sight_along(stage, ask):
    assert ask("bea", "team") == 200
    westside = Membership.objects.get(
        user=stage.person("bea"), organisation__name__startswith="West"
    )

    services.end_membership(by=stage.person("adam"), membership=westside)

    assert ask("bea", "team") == 404
    assert ask("bea", "beas_draft") == 200


def test_whoever_holds_no_role_any_more_is_told_so(stage):
    probe = Probe(stage, "bo")
    assert probe.ask("GET", "/work/").status == 200
    role = Membership.objects.get(user=stage.person("bo"))

    services.end_membership(by=stage.person("adam"), membership=role)

    assert probe.ask("GET", "/work/").status == 403


def test_a_case_that_went_to_somebody_else_is_gone_with_its_supervisor(stage, ask):
    assert (ask("max"), ask("dev"), ask("mia")) == (200, 200, 404)

    active = Referral.objects.get(pk=stage.keys["active"])
    sought = move(active, "seek_again", by=stage.person("cora"), why="Ill.")
    asked = move(
        sought,
        "allocate",
        by=stage.person("cora"),
        worker=stage.person("mia"),
        role=Assignment.Role.MENTOR,
    )
    assert (ask("max"), ask("dev"), ask("mia")) == (404, 404, 404)

    move(asked, "take_on", by=stage.person("mia"))

    assert (ask("max"), ask("dev"), ask("mia")) == (404, 404, 200)


def test_sight_lasts_as_long_as_the_cover(stage, ask):
    role = Membership.objects.get(user=stage.person("max"))
    adam, mia = stage.person("adam"), stage.person("mia")
    assert ask("mia") == 404

    day = role.starts_on.today()
    services.set_cover(by=adam, membership=role, cover=mia, first=day, last=day)
    assert ask("mia") == 200

    services.end_cover(by=adam, membership=role)
    assert ask("mia") == 404
