"""The outbox: at least once, with a key, whatever dies on the way."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from accounts import services as accounts
from casework import outbox
from casework.calendar import at, now, today
from casework.models import Message
from casework.workflow import move
from tests.conftest import signed_in
from waymark.demo import making


class Killed(BaseException):
    """Stands for the end of the process: no handler may catch it."""


class DiesAfterSending(EmailBackend):
    """The provider has taken the mail; the process ends before it can say so."""

    def send_messages(self, messages):
        super().send_messages(messages)
        raise Killed


class Refuses(EmailBackend):
    def send_messages(self, messages):
        raise ConnectionRefusedError("secret-password@mail")


@pytest.fixture
def letter(world):
    """One letter that is due: of those who are told of a sent referral only cora is kept."""
    making.refer(by=world.alex, programme=world.programme)
    outbox.relay()
    mail.outbox.clear()
    making.refer(by=world.alex, programme=world.programme)
    Message.objects.filter(state="due").exclude(recipient=world.cora).update(state="dropped")
    return Message.objects.get(state="due")


def test_a_letter_says_reference_and_link_and_nothing_else(world, letter):
    outbox.relay()

    [sent] = mail.outbox
    assert sent.to == ["cora@example.org"]
    words = sent.subject + sent.body
    assert "/referrals/" in words
    assert not {"Jordan", "Example", "Northside", "knife"} & set(words.replace(":", " ").split())


def test_a_relay_killed_between_send_and_mark_sends_again_with_the_same_key(letter, settings):
    settings.EMAIL_BACKEND = "tests.casework.test_outbox.DiesAfterSending"
    with pytest.raises(Killed):
        outbox.relay()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

    assert outbox.relay() == 0, "the lease of the dead relay still runs"
    with at(now() + outbox.LEASE + timedelta(seconds=1)):
        assert outbox.relay() == 1

    keys = [sent.extra_headers["X-Waymark-Key"] for sent in mail.outbox]
    assert keys == [str(letter.pk), str(letter.pk)]
    assert Message.objects.get(pk=letter.pk).state == "sent"


def test_only_a_letter_that_was_tried_has_an_attempt_the_less(world, settings):
    making.refer(by=world.alex, programme=world.programme)
    due = Message.objects.filter(state="due")
    assert due.count() > 1
    settings.EMAIL_BACKEND = "tests.casework.test_outbox.DiesAfterSending"

    with pytest.raises(Killed):
        outbox.relay()

    assert sorted(due.values_list("attempts", flat=True))[-2:] == [0, 1]


def test_a_relay_whose_time_is_up_gives_back_what_it_did_not_try(letter):
    assert outbox.relay(within=0) == 0

    letter.refresh_from_db()
    assert (letter.attempts, letter.claimed_at) == (0, None)
    assert outbox.relay(within=60) == 1


def test_a_relay_that_comes_too_late_leaves_a_letter_to_whoever_has_it_now(letter):
    [slow] = outbox.claim()
    with at(now() + outbox.LEASE + timedelta(seconds=1)):
        [quick] = outbox.claim()

        assert [outbox.deliver(slow), outbox.deliver(quick)] == [False, True]

    assert len(mail.outbox) == 1


def test_two_relays_at_once_share_the_work(world, letter):
    first = outbox.claim()
    second = outbox.claim()

    assert [message.pk for message in first] == [letter.pk]
    assert second == []


def test_a_letter_that_fails_waits_longer_each_time_and_then_shows_to_staff(
    world, letter, settings
):
    settings.EMAIL_BACKEND = "tests.casework.test_outbox.Refuses"
    moment, waits = now(), []
    for _ in range(outbox.MOST_ATTEMPTS):
        with at(moment):
            outbox.relay()
        row = Message.objects.get(pk=letter.pk)
        waits.append(row.next_at - moment)
        moment = row.next_at + timedelta(seconds=1)

    assert waits == sorted(waits) and waits[0] < waits[-1]
    assert (row.state, row.last_error) == ("failed", "ConnectionRefusedError")
    page = signed_in(world.cora).get("/casework/letters/").content.decode()
    assert "ConnectionRefusedError" in page and "secret-password" not in page


def test_a_failed_letter_can_be_sent_again_by_staff(world, letter):
    Message.objects.filter(pk=letter.pk).update(state="failed", attempts=8)

    signed_in(world.cora).post(f"/casework/letters/{letter.pk}/retry/")

    assert outbox.relay() == 1
    assert len(mail.outbox) == 1


def test_nobody_who_has_left_is_written_to(world, letter):
    type(world.cora).objects.filter(pk=world.cora.pk).update(is_active=False, deactivated_at=now())

    outbox.relay()

    assert mail.outbox == []
    assert Message.objects.get(pk=letter.pk).state == "dropped"


def test_when_the_referrer_has_left_their_administrators_are_told(world):
    sent = making.refer(by=world.alex, programme=world.programme)
    triage = move(sent, "start_triage", by=world.cora)
    world.alex.memberships.update(ends_on=now().date() - timedelta(days=1))

    accepted = move(triage, "accept", by=world.cora, **making.TRIAGED)

    told = Message.objects.filter(case_id=accepted.pk, letter="referral.accept")
    assert [letter.recipient.email for letter in told] == ["oz@example.org"]


def cover(world, *, days_from_now=0):
    day = today() + timedelta(days=days_from_now)
    membership = world.cora.memberships.get(role="coordinator")
    accounts.set_cover(by=world.cora, membership=membership, cover=world.pru, first=day, last=day)


@pytest.mark.parametrize("with_a_restart", [False, True])
def test_who_stands_in_for_somebody_away_gets_their_letters_too_once(world, letter, with_a_restart):
    cover(world)
    if with_a_restart:  # the process ended after its claim, and another one claims again
        outbox.claim()
        Message.objects.update(claimed_at=None)

    outbox.relay()

    assert sorted(sent.to[0] for sent in mail.outbox) == ["cora@example.org", "pru@example.org"]
    assert all("/referrals/" in sent.body for sent in mail.outbox)


def test_nobody_stands_in_before_or_for_what_they_may_not_see(world, letter, monkeypatch):
    cover(world, days_from_now=1)
    outbox.relay()
    assert [sent.to for sent in mail.outbox] == [["cora@example.org"]]

    cover(world)
    Message.objects.update(state="due", next_at=now())
    monkeypatch.setattr(outbox, "_may_see", lambda case, reader: reader != world.pru)
    mail.outbox.clear()
    outbox.relay()
    assert "pru@example.org" not in {sent.to[0] for sent in mail.outbox}
