"""The demo world, built as `make run` builds it: whole, and up to today."""

import random
from collections import Counter

import pytest
from django.db import connection
from django.utils import timezone

from accounts import demo, roles
from accounts.models import Membership, Organisation
from casework import chain, checks, escalation
from casework.models import Event, Message
from cms.models import Service
from mentoring.models import Match, Mentor, Session
from pathways.models import Opportunity, Placement, SustainmentCheck
from referrals.models import Concern, Programme, Referral
from tests import databases
from waymark import reference
from waymark.demo import world

pytestmark = [pytest.mark.slow, pytest.mark.thorough]  # six months, told day by day


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker):
    name = f"wm_demo_{databases.run_id()}_{random.randrange(10**6)}"
    databases.clone(databases.schema_name(), name)
    with django_db_blocker.unblock():
        before = databases.use(name)
        try:
            reference.load()
            world.build(lambda line: None)
            yield
        finally:
            connection.close()
            databases.use(before)
            databases.drop(name)


def test_nobody_is_lost_and_every_chain_holds(built):
    assert checks.nobody_lost() == []
    assert list(chain.verify()) == []
    assert not Message.objects.filter(state=Message.State.FAILED).exists()


@pytest.mark.parametrize("model", [Referral, Concern])
def test_every_state_is_there(built, model):
    assert set(model.objects.values_list("status", flat=True)) == set(model.State.values)


def test_there_is_enough_of_everything(built):
    found = Counter(
        {model.__name__: model.objects.count() for model in (Referral, Mentor, Match, Placement)}
    )

    assert found["Referral"] >= 55 and found["Mentor"] >= 12
    assert found["Match"] >= 10 and found["Placement"] >= 10
    assert 15 <= Opportunity.objects.count() <= 25
    assert Organisation.objects.count() == 8
    assert 45 <= Service.objects.in_feed().count() <= 60
    held = Membership.objects.in_force().values_list("role", flat=True)
    assert {role.code for role in roles.ALL} == set(held)
    answers = set(SustainmentCheck.objects.values_list("status", flat=True))
    assert {"achieved", "not_achieved", "unable_to_contact"} <= answers


def test_everybody_who_refers_finds_a_programme(built):
    rows = Membership.objects.in_force().filter(role__in=["referrer", "coordinator"])
    people = {row.user for row in rows.select_related("user")}

    assert len(people) >= 4
    assert [user.email for user in people if not Programme.objects.open_to(user).exists()] == []


def test_the_sign_in_page_offers_the_people_whom_the_readme_names(built, settings):
    settings.OTP_SHOWN_ON_SIGN_IN = True
    offered = {face.email.partition("@")[0] for face in demo.faces()}

    assert {"alex", "cora", "sol", "max", "dev", "ada", "pru", "oz", "adam", "ed"} <= offered


def test_nothing_has_happened_later_than_now(built):
    assert not Event.objects.filter(at__gt=timezone.now()).exists()
    assert not Session.objects.held().filter(begins_at__gt=timezone.now()).exists()


def test_nothing_is_told_late_as_the_demo_begins_to_run(built):
    assert escalation.sweep()["escalated"] == 0
