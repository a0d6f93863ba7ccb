"""A referrer leaves: what they had to do goes to a colleague, whole."""

import pytest
from django.core.exceptions import ValidationError

from accounts import roles, services
from casework.checks import nobody_lost
from casework.models import Event
from casework.workflow import move
from referrals.models import Concern, Referral
from tests.personas import Cast
from waymark.demo import making


@pytest.fixture
def asked(world):
    return Cast(world).referral("info_needed")


def leave(world, to, user=None):
    membership = (user or world.alex).memberships.get(role=roles.Referrer.code)
    services.end_membership(by=world.adam, membership=membership, hand_over_to=to)


def test_a_colleague_answers_the_question_and_is_asked_the_next(world, asked, sign_in):
    leave(world, world.bea)

    asked = Referral.objects.get(pk=asked.pk)
    assert (asked.owner, asked.coordinator) == (world.bea, world.cora)
    client = sign_in(world.bea)
    assert "Which school?" in client.get(asked.home()).text
    typed = {"version": asked.version, "answer": "Northside."}
    answered = client.post(f"{asked.home()}answer/", typed, follow=True)
    assert answered.status_code == 200
    again = move(Referral.objects.get(pk=asked.pk), "ask", by=world.cora, question="Which year?")
    assert again.owner == world.bea
    assert Event.objects.of(asked).filter(name="hand_over", actor_id=world.adam.pk).exists()


def test_a_colleague_goes_on_with_a_draft_and_sends_it(world, sign_in):
    draft = making.draft(by=world.alex, programme=world.programme)
    draft = making.fill(draft, making.answers(), by=world.alex)

    leave(world, world.bea)

    client = sign_in(world.bea)
    sent = client.post(f"{draft.home()}send-it/", follow=True)
    assert sent.status_code == 200 and draft.reference in sent.text
    assert Referral.objects.get(pk=draft.pk).status == Referral.State.SUBMITTED
    assert not Referral.objects.visible_to(world.alex).exists()
    assert not nobody_lost()


@pytest.mark.parametrize("first", ["sid", "cora", "max"])
def test_nobody_else_takes_over_what_a_referrer_had_to_do(world, asked, first):
    with pytest.raises(ValidationError, match="cannot go to them"):
        leave(world, getattr(world, first))

    asked = Referral.objects.get(pk=asked.pk)
    assert (asked.owner, asked.referred_by) == (world.alex, world.alex)


def test_a_coordinator_does_not_hand_over_what_they_would_then_decide(world, asked):
    services.grant(
        by=None,
        user=world.alex,
        organisation=world.school,
        role=roles.Coordinator,
        areas=[world.city],
    )

    with pytest.raises(ValidationError, match="while Alex"):
        leave(world, world.bea)


def test_whoever_leaves_an_organisation_no_longer_reads_what_they_were_worried_about(world):
    concern = Cast(world).concern("raised")
    assert concern.raised_by == world.alex and concern.organisation == world.school
    services.grant(
        by=None,
        user=world.alex,
        organisation=world.max.standing[0].organisation,
        role=roles.Coordinator,
        areas=[world.city],
    )
    assert Concern.objects.visible_to(world.alex).get() == concern

    leave(world, world.bea)

    assert not Concern.objects.visible_to(world.alex).exists()
    assert Concern.objects.visible_to(world.sol).get() == concern
    left = Concern.objects.get(pk=concern.pk)
    assert concern.audience("raiser") == [world.alex] and left.audience("raiser") == []


def test_a_supervisor_of_mentors_does_not_see_what_one_of_them_advises_elsewhere(world):
    dev, max = world.dev, world.max
    services.grant(
        by=None,
        user=max,
        organisation=world.ada.standing[0].organisation,
        role=roles.PathwayAdviser,
        areas=[world.city],
        reports_to=world.cleo,
    )
    referral = Cast(world).referral("accepted")
    referral = move(referral, "allocate", by=world.cora, worker=world.max, role="adviser")

    assert Referral.objects.visible_to(world.max).get() == referral
    assert not Referral.objects.visible_to(dev).exists()
