"""What is wrong stands in the head of every page of those who can mend it, and of nobody else's."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_q.models import OrmQ

from referrals.models import Concern, Referral
from referrals.services import raise_concern
from waymark import alarms
from waymark.demo import making

NOBODY = "Open cases that have nobody"


@pytest.fixture(autouse=True)
def _in_real_use(settings):
    settings.ALARMS_KEPT_SECONDS = 10
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def lost(world):
    """A sent referral that somebody has damaged past the engine."""
    sent = making.refer(by=world.alex, programme=world.programme)
    Referral.objects.filter(pk=sent.pk).update(due_at=None)
    return sent


def test_who_coordinates_or_manages_an_area_reads_on_every_page_which_case_has_nobody(
    world, sign_in, lost
):
    said = f"{NOBODY}, or no date for the next step: 1 ({lost.reference})."

    for who in ("cora", "pru", "adam"):
        client = sign_in(getattr(world, who))
        for page in ("/work/", "/account/", "/no-such-page/"):
            assert said in client.get(page).text, (who, page)


def test_who_has_nothing_to_do_with_that_area_does_not(world, sign_in, lost):
    sign_in(world.cora).get("/account/")  # from whose page the figures are kept

    for who in ("sam", "sol", "alex", "max", "ed", "ivy"):
        assert NOBODY not in sign_in(getattr(world, who)).get("/account/").text


def test_a_coordinator_does_not_learn_of_a_lost_concern_nor_anybody_of_a_draft(world):
    concern = raise_concern(by=world.alex, area=world.city, origin="worry", fact="Words.")
    Concern.objects.filter(pk=concern.pk).update(due_at=None)
    draft = making.draft(by=world.alex, programme=world.programme)
    Referral.objects.filter(pk=draft.pk).update(due_at=None, area=world.city)

    assert alarms.words(world.cora) == ""
    assert f": 1 ({concern.reference})." in alarms.words(world.pru)
    of_adam = alarms.words(world.adam)
    assert ": 2." in of_adam and concern.reference not in of_adam


def test_somebody_between_password_and_code_reads_none(world, client, lost):
    client.force_login(world.cora, "accounts.backends.StandingBackend")

    assert NOBODY not in client.get("/no-such-page/").text


def test_the_head_of_a_page_asks_nothing_for_as_long_as_the_figures_are_kept(
    world, sign_in, settings, lost
):
    def queries(client):
        with CaptureQueriesContext(connection) as found:
            client.get("/account/")
        return len(found)

    for who in ("cora", "pru", "adam", "ed"):
        client = sign_in(getattr(world, who))
        client.get("/account/")
        kept = queries(client)
        settings.ALARMS_KEPT_SECONDS = 0
        assert queries(client) == kept
        settings.ALARMS_KEPT_SECONDS = 10


def test_work_that_stands_still_is_said_to_those_who_answer_for_it(world, sign_in):
    OrmQ.objects.create(key="waymark", payload="", lock=timezone.now() - timedelta(hours=1))

    assert "Background work is standing still" in sign_in(world.pru).get("/referrals/").text
    assert "Background work is standing still" not in sign_in(world.alex).get("/referrals/").text
