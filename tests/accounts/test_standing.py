"""What is read in one statement of whoever comes with a session."""

from datetime import timedelta

import pytest
from django.db.models import Q

from accounts import services
from accounts.clock import at, now, today
from accounts.models import Membership, Organisation, User, standing
from accounts.services import second_factor
from tests.conftest import signed_in


def in_force_for(user):
    """The same as querysets say it."""
    covered = Q(cover=user, cover_from__lte=today(), cover_until__gte=today())
    return list(Membership.objects.in_force().filter(Q(user=user) | covered).order_by("pk"))


@pytest.mark.parametrize("days", [-400, -1, 0, 1, 8, 400])
def test_it_is_what_the_querysets_say_whoever_it_is_and_whenever(world, days):
    (mine,) = world.cora.memberships.all()
    week = today() + timedelta(days=7)
    services.set_cover(by=world.cora, membership=mine, cover=world.cleo, first=today(), last=week)
    services.deactivate(by=world.adam, user=world.bea)
    Organisation.objects.filter(memberships__user=world.sid).update(is_open=False)

    with at(now() + timedelta(days=days)):
        for user in User.objects.all():
            found = standing.memberships(user.pk)
            assert sorted(found, key=lambda row: row.pk) == in_force_for(user)
            below = Membership.objects.all()._areas_below([row.pk for row in found])
            assert {row.pk: row.area_ids for row in found if row.area_ids} == below


def test_a_person_comes_with_their_columns_their_standing_and_their_devices(
    world, django_assert_num_queries
):
    cora = world.cora
    phone = second_factor.give(user=cora)

    with django_assert_num_queries(1):
        person = standing.person(cora.pk)
        organisations = [row.organisation.name for row in person.standing]
        shown = {device.persistent_id for device in person.devices}

    stored = User.objects.get(pk=person.pk)
    assert {**vars(stored), "_state": 0}.items() <= {**vars(person), "_state": 0}.items()
    assert organisations == [row.organisation.name for row in person.memberships.all()]
    assert phone.persistent_id in shown
    assert len(shown) == 2  # the sheet of recovery codes


def test_nobody_is_nobody(world):
    assert standing.person(world.programme.pk) is None


@pytest.mark.parametrize("what", ["deleted", "unconfirmed", "another person's"])
def test_a_device_that_proves_nothing_any_more_stops_the_session(world, what):
    client = signed_in(world.cora)
    assert client.get("/work/").status_code == 200
    phone = second_factor.authenticator(world.cora)
    match what:
        case "deleted":
            phone.delete()
        case "unconfirmed":
            type(phone).objects.filter(pk=phone.pk).update(confirmed=False)
        case _:
            type(phone).objects.filter(pk=phone.pk).update(user=world.cleo)

    assert client.get("/work/").status_code == 302
    assert "otp_device_id" not in client.session


def test_who_has_left_covers_nobody_there_any_more(world):
    first, last = today(), today() + timedelta(days=300)
    (mine,) = world.alex.memberships.all()
    services.set_cover(by=world.oz, membership=mine, cover=world.bea, first=first, last=last)
    assert mine in standing.memberships(world.bea.pk)

    (left,) = world.bea.memberships.all()
    services.end_membership(by=world.oz, membership=left)

    assert standing.memberships(world.bea.pk) == []


def test_a_supervisor_who_leaves_leaves_their_workers(world):
    (mine,) = world.max.memberships.all()
    (role,) = world.dev.memberships.all()
    assert mine.reports_to == world.dev

    services.end_membership(by=None, membership=role)

    mine.refresh_from_db()
    assert mine.reports_to is None
