"""Who sees which placement, check, status and opportunity (casework reference §15)."""

from datetime import timedelta

import pytest

from casework import escalation
from casework.calendar import at, now
from pathways.models import EteStatus, Opportunity, Placement, SustainmentCheck
from tests.pathways.cast import again, weeks_ago
from tests.personas import PEOPLE

# On a young person of the city whom max mentors and ada advises; dev supervises max, cleo is who
# ada reports to but no supervisor.
TEAM = {"cora", "cleo", "max", "dev", "ada"}
STAFF = {"cora", "cleo", "max", "mia", "dev", "ada", "pru"}


def seers(cast, model, row):
    return {who for who in PEOPLE if model.objects.visible_to(cast.by(who)).filter(pk=row).exists()}


def test_the_team_sees_a_placement_its_checks_and_the_status_and_nobody_else(cast):
    placement = cast.placement("started")
    check = placement.checks.first()
    status = EteStatus.objects.current().get(young_person=placement.referral.young_person)

    assert seers(cast, Placement, placement.pk) == TEAM
    assert seers(cast, SustainmentCheck, check.pk) == TEAM
    assert seers(cast, EteStatus, status.pk) == TEAM


def test_a_programme_manager_sees_what_has_come_up_to_them(cast):
    placement = cast.placement("started", started_on=weeks_ago(5))
    assert "pru" not in seers(cast, Placement, placement.pk)

    for days in range(0, 36, 7):
        with at(now() + timedelta(days=days)):
            escalation.sweep()

    assert again(placement).escalation == 4
    assert "pru" in seers(cast, Placement, placement.pk)


def test_after_the_end_of_support_only_the_adviser_and_coordinators_see_it(cast):
    from tests.pathways.test_advisers import close

    placement = cast.placement("started", started_on=weeks_ago(1))
    close(placement.referral, cast)

    assert seers(cast, Placement, placement.pk) == {"cora", "cleo", "ada"}


def test_opportunities_are_for_staff_of_their_areas(cast):
    row = cast.opportunity()

    assert seers(cast, Opportunity, row.pk) == STAFF


@pytest.mark.parametrize("model", [Placement, SustainmentCheck, EteStatus, Opportunity])
def test_a_stranger_sees_nothing(cast, model):
    from django.contrib.auth.models import AnonymousUser

    cast.placement("started")

    assert not model.objects.visible_to(AnonymousUser()).exists()
