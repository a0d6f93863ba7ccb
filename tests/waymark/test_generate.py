"""The generator: what it copies is what the engine would have left."""

import random

import pytest
from django.db import connection

from casework import chain, checks, registry
from casework.calendar import now, today
from casework.models import Event, Message
from referrals.models import Referral
from tests import databases
from waymark.generate import filling, stories, world

pytestmark = [
    pytest.mark.slow,
    pytest.mark.thorough,
]  # it makes a database of its own and plays every story once

MANY = 300


@pytest.fixture(scope="module")
def generated(django_db_setup, django_db_blocker, tmp_path_factory):
    """A small world with 300 referrals, in a database that goes with this module."""
    name = f"wm_generated_{databases.run_id()}_{random.randrange(10**6)}"
    databases.clone(databases.schema_name(), name)
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(world, "COORDINATORS", 12)
        patch.setattr(world, "SCHOOLS", 8)
        patch.setattr(world, "REFERRERS", 1)
        patch.setattr(world, "WORKERS", 2)
        before = databases.use(name)
        try:
            made = world.make()
            filling.write(made, MANY, 1, filling.last_day(), lambda line: None)
            yield made
        finally:
            connection.close()
            databases.use(before)
            databases.drop(name)


def test_every_chain_holds_and_nobody_is_lost(generated):
    assert Referral.objects.count() == MANY
    assert list(chain.verify()) == []
    assert checks.nobody_lost() == []


def test_a_change_to_one_event_would_be_found(generated):
    event = Event.objects.filter(name="send").first()

    assert event.hash == event.digest()
    event.to_state = "closed"
    assert event.hash != event.digest()


def test_what_is_copied_satisfies_the_models(generated):
    for model in registry.kinds().values():
        for row in model.objects.all():
            row.clean_fields(exclude={"status"})
            row.clean()
            row.validate_constraints()
            assert row.due_at or row.is_finished
            assert row.updated_at <= now()


def test_every_state_that_a_story_reaches_is_there_and_letters_go_to_those_who_play(generated):
    states = set(Referral.objects.values_list("status", flat=True))

    assert {"submitted", "triage", "waiting", "accepted", "active", "closed"} <= states
    assert Message.objects.exclude(state="sent").count() == 0
    assert (
        Referral.objects.exclude(area__in=generated.districts).exclude(status="draft").count() == 0
    )


def test_foreign_keys_of_what_is_copied_lead_somewhere(generated):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    owners = Referral.objects.filter(owner__isnull=False).select_related("owner", "young_person")

    assert all(row.owner.is_active for row in owners)


def test_the_same_seed_draws_the_same(generated):
    stage = stories.Stage(generated, filling.last_day())
    stamps = [filling._stamp(stage, number) for number in (1, 3)]
    kinds = list(range(len(stamps)))

    def drawn(seed):
        copier = filling.Copier(generated, stamps, random.Random(seed))
        return [copier._values(stamps[kind], weeks=3) for kind in kinds for _ in range(3)]

    assert drawn(7) == drawn(7)
    assert drawn(7) != drawn(8)


def test_references_never_repeat():
    references = filling.References(random.Random(3))

    found = [references.next() for _ in range(20_000)]

    assert len(set(found)) == len(found)
    assert all(len(each) == 7 and each[3] == "-" for each in found)


def test_weeks_are_stepped_back_in_london_time():
    """Five in the afternoon stays five, over the change of the clocks in October."""
    from waymark.generate.stamping import shifted

    assert shifted("2026-11-20T17:00:00.000000+00:00", 8).isoformat() == "2026-09-25T16:00:00+00:00"
    assert filling.last_day() <= today()
