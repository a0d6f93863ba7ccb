"""A place is offered to somebody whose details are still right (casework §7, `offer_place`)."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from casework.calendar import at, now
from casework.models import Event
from casework.workflow import move
from referrals.models import Referral
from referrals.models.triage import STALE_AFTER
from tests.conftest import signed_in
from tests.personas import Cast

TICK = "their details are still right"


@pytest.fixture
def waiting(world):
    return Cast(world).referral("waiting")


def test_within_six_months_a_place_is_offered_without_more_ado(world, waiting):
    with at(waiting.sent_at + STALE_AFTER - timedelta(minutes=1)):
        page = signed_in(world.cora).get(f"{waiting.home()}offer-place/").content.decode()
        offered = move(waiting, "offer_place", by=world.cora)

    assert TICK not in page
    assert offered.status == Referral.State.ACCEPTED
    assert Event.objects.of(offered).last().detail == {}


def test_after_six_months_it_is_refused_until_somebody_has_checked(world, waiting):
    with at(waiting.sent_at + STALE_AFTER + timedelta(minutes=1)):
        for said in ({}, {"still_right": False}):
            with pytest.raises(ValidationError, match="over 6 months ago"):
                move(waiting, "offer_place", by=world.cora, **said)
        offered = move(waiting, "offer_place", by=world.cora, still_right=True)

    assert offered.status == Referral.State.ACCEPTED
    assert Event.objects.of(offered).last().detail == {"still_right": True}


def test_the_form_asks_for_the_tick_and_refuses_without_it(world, waiting):
    url = f"{waiting.home()}offer-place/"
    typed = {"version": waiting.version}
    with at(now() + STALE_AFTER + timedelta(days=3)):
        client = signed_in(world.cora)
        asked = client.get(url).content.decode()
        refused = client.post(url, typed)
        was = Referral.objects.get(pk=waiting.pk).status
        offered = client.post(url, {**typed, "still_right": "on"})

    assert TICK in asked and "It was sent on" in asked
    assert refused.status_code == 200 and "then tick this" in refused.content.decode()
    assert was == Referral.State.WAITING
    assert offered.status_code == 302
    assert Referral.objects.get(pk=waiting.pk).status == Referral.State.ACCEPTED
