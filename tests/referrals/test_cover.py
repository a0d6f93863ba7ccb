"""Who takes somebody's place takes it in that role, and sees nothing of their others."""

from accounts import roles, services
from accounts.clock import today
from accounts.models import Membership
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
    (line,) = brief.read([referral.pk])
    assert (line.mentor_id, line.adviser_id) == (None, world.ada.pk)
