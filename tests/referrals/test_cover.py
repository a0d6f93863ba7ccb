"""Who takes somebody's place takes it in that role, and sees nothing of their others."""

import pytest
from django.core.exceptions import ValidationError

from accounts import roles, services
from accounts.clock import today
from accounts.models import Membership, Organisation
from casework.models.notes import Band
from casework.workflow import move
from referrals import policies
from referrals.models import Assignment, Concern, Referral, brief
from tests.personas import Cast
from waymark.demo import making


def cover(world, who, role, stand_in):
    held = Membership.objects.get(user=who, role=role.code)
    services.set_cover(by=None, membership=held, cover=stand_in, first=today(), last=today())


def test_who_covers_a_mentor_has_not_written_what_the_mentor_refers(world):
    cast = Cast(world)
    active = cast.referral("active")
    making.person("max@example.org", "Max", None, roles.Referrer, world.school, [world.city])
    draft = making.draft(by=world.max, programme=world.programme, organisation=world.school)
    cover(world, world.max, roles.Mentor, world.mia)
    mia = world.mia

    assert set(Referral.objects.visible_to(mia)) == {active}
    assert not policies.wrote(draft, mia) and not policies.owns(draft, mia)
    assert policies.works(active, mia) and active.bands_for(mia) == {Band.SHARED, Band.TEAM}
    assert list(Referral.objects.owned_by(mia)) == [active] and policies.owns(active, mia)
    assert draft in Referral.objects.owned_by(world.max)


def test_who_covers_an_author_goes_on_with_what_they_wrote(world):
    cast = Cast(world)
    asked, draft = cast.referral("info_needed"), cast.referral("draft")
    assert not Referral.objects.visible_to(world.bea).exists()

    cover(world, world.alex, roles.Referrer, world.bea)
    bea = world.bea

    assert set(Referral.objects.visible_to(bea)) == {asked, draft}
    assert move(asked, "answer", by=bea, answer="Northside.").status == Referral.State.TRIAGE


def test_nobody_takes_the_place_of_whoever_raised_a_concern(world):
    concern = Cast(world).concern("raised")
    cover(world, world.alex, roles.Referrer, world.bea)

    assert not Concern.objects.visible_to(world.bea).exists()
    assert Concern.objects.visible_to(world.alex).get() == concern


def test_an_adviser_who_mentors_others_reads_here_as_an_adviser(world):
    referral = Cast(world).referral("accepted")
    making.person("ada@example.org", "Ada", None, roles.Mentor, world.school, [world.city])
    referral = move(
        referral, "allocate", by=world.cora, worker=world.ada, role=Assignment.Role.ADVISER
    )
    referral = Referral.objects.whole().get(pk=referral.pk)

    assert referral.bands_for(world.ada) == {Band.SHARED}
    (line,) = brief.LINES.read([referral.pk])
    assert (line.mentor_id, line.adviser_id) == (None, world.ada.pk)


def test_authorship_stays_with_the_organisation_in_whose_name_it_was_written(world):
    alex, other = world.alex, Organisation.objects.get(name="Derwent Unit (invented)")
    here = making.refer(by=alex, programme=world.programme)
    making.person(alex.email, alex.name, None, roles.Referrer, other)
    held = Membership.objects.get(user=alex, organisation=world.school)
    theirs = Membership.objects.get(user=alex, organisation=other)
    services.set_cover(by=None, membership=theirs, cover=world.sid, first=today(), last=today())
    assert here in Referral.objects.visible_to(world.alex)
    assert here not in Referral.objects.visible_to(world.sid)
    assert not policies.wrote(here, world.sid)

    services.end_membership(by=None, membership=held)

    assert here not in Referral.objects.visible_to(world.alex)
    assert not policies.wrote(here, world.alex) and not policies.sees_address(here, world.alex)


def test_a_role_does_not_end_with_drafts_left_whatever_else_somebody_is(world):
    alex, other = world.alex, Organisation.objects.get(name="Derwent Unit (invented)")
    making.draft(by=alex, programme=world.programme)
    making.person(alex.email, alex.name, None, roles.Referrer, other)

    with pytest.raises(services.WorkRemains):
        services.end_membership(
            by=None, membership=Membership.objects.get(user=alex, organisation=world.school)
        )


def test_reporting_to_somebody_in_another_role_shows_them_no_work(world):
    active = Cast(world).referral("active")
    making.person("evil@example.org", "Evil", None, roles.Supervisor, world.school, [world.city])
    making.person("max@example.org", "Max", None, roles.Referrer, world.school, (), world.evil)

    assert not Referral.objects.visible_to(world.evil).exists()
    assert active in Referral.objects.visible_to(world.dev)


@pytest.mark.parametrize(("who", "role"), [("max", roles.Mentor), ("ada", roles.PathwayAdviser)])
def test_a_worker_works_for_one_organisation(world, who, role):
    with pytest.raises(ValidationError, match="That role has to end first"):
        services.grant(
            by=None, user=getattr(world, who), organisation=world.school, role=role,
            areas=[world.city],
        )  # fmt: skip
