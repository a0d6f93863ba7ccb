"""Races, with real threads on the real PostgreSQL: one winner, friendly pages, one Event, one
letter."""

import threading
import uuid

import pytest
from django.db import connection

from casework import chain
from casework.models import Event, Message, Note
from casework.workflow import Conflict, move
from referrals.models import Referral
from tests.conftest import signed_in
from waymark.demo import making

pytestmark = pytest.mark.slow  # threads with connections of their own


def race(contenders):
    """Start all at one barrier; give what each returned or raised."""
    barrier, results = threading.Barrier(len(contenders)), [None] * len(contenders)

    def run(place, act):
        try:
            barrier.wait()
            results[place] = act()
        except Exception as error:
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(contenders)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_a_contested_accept_has_one_winner(committing):
    world = committing
    for _ in range(10):
        sent = making.refer(by=world.alex, programme=world.programme)
        triage = move(sent, "start_triage", by=world.cora)
        people = [world.cora, world.cleo] * 4

        results = race(
            [
                lambda who=who, triage=triage: move(
                    triage, "accept", by=who, expect=triage.version, **making.TRIAGED
                )
                for who in people
            ]
        )

        winners = [each for each in results if isinstance(each, Referral)]
        losers = [each for each in results if isinstance(each, Conflict)]
        assert (len(winners), len(losers)) == (1, 7), results
        assert Event.objects.filter(case_id=sent.pk, name="accept").count() == 1
        assert Message.objects.filter(case_id=sent.pk, letter="referral.accept").count() == 1


def test_the_losers_of_a_contested_accept_see_the_409_page(committing):
    world = committing
    sent = making.refer(by=world.alex, programme=world.programme)
    triage = move(sent, "start_triage", by=world.cora)
    clients = [signed_in(world.cora), signed_in(world.cleo), signed_in(world.cora)]
    url = f"/referrals/{triage.reference}/accept/"
    typed = {**making.TRIAGED, "version": triage.version}

    answers = race([lambda client=client: client.post(url, typed) for client in clients])

    assert sorted(answer.status_code for answer in answers) == [302, 409, 409]
    lost = next(answer for answer in answers if answer.status_code == 409)
    assert "What you had typed" not in lost.text  # nothing in sentences
    assert triage.reference in lost.content.decode()
    assert "accepted the referral" in lost.content.decode()


def test_a_move_while_the_chains_are_verified_is_no_fault(committing):
    """Events are read first and cases afterwards: the move comes in between."""
    world = committing
    sent = making.refer(by=world.alex, programme=world.programme)
    moved = []

    def between(execute, sql, *args):
        if not moved and 'FROM "referrals_referral"' in sql:
            moved.extend(race([lambda: move(sent, "start_triage", by=world.cora)]))
        return execute(sql, *args)

    with connection.execute_wrapper(between):
        faults = chain.verify()

    assert [case.status for case in moved] == ["triage"]
    assert faults == []


def test_a_double_submit_of_a_new_referral_makes_one_draft(committing):
    world = committing
    url, key = "/referrals/new/", "00000000-0000-4000-8000-000000000001"
    typed = {
        "programme": world.programme.pk,
        "organisation": world.school.pk,
        "submit_key": key,
    }
    clients = [signed_in(world.alex) for _ in range(4)]

    answers = race([lambda client=client: client.post(url, typed) for client in clients])

    assert {answer.status_code for answer in answers} == {302}
    assert Referral.objects.filter(submit_key=key).count() == 1


def test_a_key_that_another_form_has_used_keeps_nothing_and_says_so(world, sign_in):
    """Somebody else's key, or one's own from the page of another case."""
    one, two = (making.refer(by=world.alex, programme=world.programme) for _ in range(2))
    cora, key = sign_in(world.cora), str(uuid.uuid4())
    note = {
        "kind": "contact",
        "happened_at": "2026-01-05T10:00",
        "fact": "Rang.",
        "submit_key": key,
    }
    draft = {
        "programme": world.programme.pk, "organisation": world.school.pk,
        "submit_key": str(one.submit_key),
    }  # fmt: skip

    assert cora.post(f"{one.home()}notes/new/", note).status_code == 302
    assert cora.post(f"{two.home()}notes/new/", note).status_code == 409
    assert sign_in(world.bea).post("/referrals/new/", draft).status_code == 409
    assert Note.objects.count() == 1
