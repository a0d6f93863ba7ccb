"""The one door: what a move does, and what it refuses."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from casework import chain
from casework.calendar import at, now
from casework.models import Event, Message, Reason, Seal, Viewing
from casework.workflow import Conflict, move
from referrals.models import Referral
from waymark.demo import making


@pytest.fixture
def sent(world):
    return making.refer(by=world.alex, programme=world.programme)


def seal_all() -> int:
    with at(now() + 2 * chain.SETTLED):
        return chain.seal()


def test_a_move_leaves_one_event_and_the_letters_that_it_names(world, sent):
    before = sent.version

    triage = move(sent, "start_triage", by=world.cora)
    accepted = move(triage, "accept", by=world.cora, **making.TRIAGED)

    event = Event.objects.of(accepted).get(name="accept")
    assert accepted.version == before + 2 == event.sequence
    assert (event.from_state, event.to_state) == ("triage", "accepted")
    assert event.detail["risk_tier"] == 2
    letter = Message.objects.get(letter="referral.accept", case_id=accepted.pk)
    assert letter.recipient == world.alex


def test_words_of_a_move_are_kept_apart_from_its_event(world, sent):
    triage = move(sent, "start_triage", by=world.cora)

    declined = move(
        triage, "decline", by=world.cora, reason="age", words="Too old for us.", signposted_to=[]
    )

    event = Event.objects.of(declined).get(name="decline")
    assert "Too old" not in str(event.detail)
    assert Reason.objects.get(case_id=declined.pk).text == "Too old for us."


def test_calling_a_transition_outside_the_door_is_refused(world, sent):
    with pytest.raises(RuntimeError, match=r"outside casework\.move"):
        sent.start_triage(by=world.cora)


def test_the_status_cannot_be_set_by_hand(world, sent):
    with pytest.raises(AttributeError):
        sent.status = Referral.State.ACCEPTED


def test_a_person_without_the_role_is_refused_and_nothing_changes(world, sent):
    with pytest.raises(PermissionDenied):
        move(sent, "start_triage", by=world.alex)

    row = Referral.objects.get(pk=sent.pk)
    assert (row.status, row.version) == (Referral.State.SUBMITTED, sent.version)


def test_a_stale_page_is_a_conflict(world, sent):
    move(sent, "start_triage", by=world.cora, expect=sent.version)

    with pytest.raises(Conflict):
        move(sent, "start_triage", by=world.cleo, expect=sent.version)


def test_a_state_that_does_not_allow_the_move_is_a_conflict(world, sent):
    with pytest.raises(Conflict):
        move(sent, "accept", by=world.cora, **making.TRIAGED)


def test_a_constraint_that_mentions_the_status_is_checked(world, sent):
    triage = move(sent, "start_triage", by=world.cora)

    with pytest.raises(ValidationError, match="before you accept"):
        move(triage, "accept", by=world.cora, **{**making.TRIAGED, "prevention": ""})

    assert Referral.objects.get(pk=sent.pk).status == Referral.State.TRIAGE


def test_a_failing_write_takes_everything_with_it(world, sent, monkeypatch):
    triage = move(sent, "start_triage", by=world.cora)
    events, letters = Event.objects.count(), Message.objects.count()

    def fail(*args, **kwargs):
        raise ZeroDivisionError

    monkeypatch.setattr("referrals.services.ask", fail)
    with pytest.raises(ZeroDivisionError):
        move(triage, "ask", by=world.cora, question="Which school?")

    assert Referral.objects.get(pk=sent.pk).status == Referral.State.TRIAGE
    assert (Event.objects.count(), Message.objects.count()) == (events, letters)


@pytest.mark.parametrize("model", [Event, Viewing])
@pytest.mark.parametrize("verb", ["UPDATE", "DELETE", "TRUNCATE"])
def test_what_happened_cannot_be_made_not_to_have_happened(world, sent, model, verb):
    Viewing.objects.create(
        viewer=world.cora, case_kind="referral", case_id=sent.pk, what="page", is_owner=False
    )
    table = model._meta.db_table
    statement = {
        "UPDATE": f"UPDATE {table} SET case_kind = 'x'",  # noqa: S608  the name of our own table
        "DELETE": f"DELETE FROM {table}",  # noqa: S608  the name of our own table
        "TRUNCATE": f"TRUNCATE {table} CASCADE",
    }[verb]

    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a pending key check would refuse first
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            cursor.execute(statement)


def test_every_chain_of_the_world_holds(world, sent):
    move(sent, "start_triage", by=world.cora)
    seal_all()

    assert chain.verify() == []


@pytest.mark.parametrize(
    ("damage", "what"),
    [
        (
            "UPDATE casework_event SET to_state = 'accepted' WHERE sequence = 2",
            "not what was written",
        ),
        ("DELETE FROM casework_event WHERE sequence = 2", "missing"),
        (
            "DELETE FROM casework_event e WHERE sequence = "
            "(SELECT max(sequence) FROM casework_event WHERE case_id = e.case_id)",
            "does not end with its last event",
        ),
    ],
)
def test_a_damaged_chain_shows(world, sent, damage, what):
    """The control: with the triggers off, each kind of damage is found."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE casework_event DISABLE TRIGGER USER")
        cursor.execute(damage)
        assert cursor.rowcount

    assert any(what in fault.what for fault in chain.verify())


def test_a_cut_tail_with_its_head_put_back_is_found_by_the_seal(world, sent):
    seal_all()
    last = Event.objects.of(sent).order_by("-sequence").first()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE casework_event DISABLE TRIGGER USER")
        cursor.execute("DELETE FROM casework_event WHERE id = %s", [last.pk])
    Referral.objects.filter(pk=sent.pk).update(head=last.previous, version=last.sequence - 1)

    assert [fault.kind for fault in chain.verify()] == ["seal"]


def test_an_event_that_commits_after_the_seal_with_an_earlier_id_is_no_fault(world, sent):
    """The id is taken as it is written, and a seal is made before its transaction ends."""
    seal_all()
    last = Event.objects.latest("pk").pk
    move(sent, "start_triage", by=world.cora)

    chain.seal()

    assert Seal.objects.latest("pk").last_event_id <= last
    assert chain.verify() == []


def test_many_seals_are_verified_in_one_pass(world, sent, django_assert_num_queries):
    seal_all()
    with CaptureQueriesContext(connection) as once:
        chain.verify()
    for _ in range(3):
        move(making.refer(by=world.alex, programme=world.programme), "start_triage", by=world.cora)
        seal_all()

    with django_assert_num_queries(len(once)):
        assert chain.verify() == []


def test_nobody_is_told_of_their_own_action(world, sent):
    withdrawn = move(sent, "withdraw", by=world.alex, ending="referrer_withdrew", why="Moved.")

    letters = Message.objects.filter(case_id=withdrawn.pk, letter="referral.withdraw")
    assert world.alex not in [letter.recipient for letter in letters]
