"""From the mentor's yes to the first session: first contact in 5 working days, first meeting in 10,
then the ordinary clock (casework §7, `active`). Who keeps to these is never told of being late."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from casework import checks, escalation
from casework.calendar import at, london, now, today, working_days_after
from casework.models import Event, Message, Note
from casework.workflow import Conflict, move
from mentoring import counting, services
from mentoring.models import Match
from referrals.models import Referral

S = Match.State


@pytest.fixture
def agreed(register, world):
    """Both have said yes now."""
    both = move(register.match(S.APPROVED), "agree", by=world.cora)
    return move(both, "accept", by=world.max)


def referral_of(match):
    return Referral.objects.get(pk=match.referral_id)


def reach(match, by, *, is_reached=True, happened_at=None):
    return services.keep_contact(
        match=Match.objects.get(pk=match.pk),
        by=by,
        happened_at=happened_at or now(),
        how="By phone",
        is_reached=is_reached,
        words="We meet next week.",
    )


def late(match):
    """How often each of the two was told to be late."""
    ids = [match.pk, match.referral_id]
    return Event.objects.filter(case_id__in=ids, name="escalate").count()


def live_through(until):
    """Every four hours from now the clocks are swept."""
    moment = now()
    while moment < until:
        moment = min(moment + timedelta(hours=4), until)
        with at(moment):
            escalation.sweep()


def within(days):
    """An hour before the end of that working day from now."""
    return working_days_after(now(), days) - timedelta(hours=1)


@pytest.mark.thorough
def test_a_match_introduced_on_its_tenth_day_with_contact_in_time_was_never_late(world, agreed):
    on_the_fifth, on_the_tenth = within(5), within(10)

    live_through(on_the_fifth - timedelta(hours=1))
    with at(on_the_fifth):
        reach(agreed, world.max)
        live_through(on_the_tenth - timedelta(hours=1))
    with at(on_the_tenth):
        met = move(Match.objects.get(pk=agreed.pk), "introduce", by=world.cora, met_on=today())
        assert referral_of(met).due_at == working_days_after(now(), 5)
        live_through(within(1))

    assert late(met) == 0
    assert not Message.objects.filter(letter__endswith=".late", case_id=met.referral_id).exists()
    assert checks.nobody_lost() == []


def test_without_contact_it_comes_up_to_the_programme_manager_before_the_tenth_day(world, agreed):
    live_through(within(10))

    assert referral_of(agreed).escalation == 4
    told = Message.objects.filter(letter="referral.late", case_id=agreed.referral_id)
    assert world.pru in {letter.recipient for letter in told}


def test_a_try_is_kept_and_leaves_the_clock_running(world, agreed):
    before = referral_of(agreed).due_at

    note = reach(agreed, world.max, is_reached=False)

    assert referral_of(agreed).due_at == before == working_days_after(now(), 5)
    assert Match.objects.get(pk=agreed.pk).contacted_at is None
    assert (note.kind, note.band) == (Note.Kind.CONTACT, "team")
    assert note.fact == "By phone, not reached. We meet next week."


def test_only_the_first_contact_moves_the_date_and_late_contact_ends_the_lateness(world, agreed):
    meet_by = Match.objects.get(pk=agreed.pk).due_at
    with at(working_days_after(now(), 6)):
        escalation.sweep()
        assert referral_of(agreed).escalation > 0
        first = reach(agreed, world.max)
        assert (referral_of(agreed).due_at, referral_of(agreed).escalation) == (meet_by, 0)
    with at(working_days_after(now(), 7)):
        reach(agreed, world.max)

    assert referral_of(agreed).due_at == meet_by
    assert Match.objects.get(pk=agreed.pk).contacted_at == first.happened_at


def test_contact_before_the_young_persons_yes_counts_and_their_yes_gives_the_ten_days(
    world, register
):
    match = move(register.match(S.APPROVED), "accept", by=world.max)
    reach(match, world.max)
    assert referral_of(match).due_at == working_days_after(now(), 10)

    with at(working_days_after(now(), 3)):
        both = move(Match.objects.get(pk=match.pk), "agree", by=world.cora)

        assert referral_of(both).due_at == both.due_at == working_days_after(now(), 10)


def test_a_yes_without_contact_leaves_the_contact_owed(world, register):
    match = move(register.match(S.APPROVED), "accept", by=world.max)
    owed = referral_of(match).due_at

    with at(working_days_after(now(), 2)):
        move(Match.objects.get(pk=match.pk), "agree", by=world.cora)

    assert referral_of(match).due_at == owed


def test_from_the_agreement_on_the_referral_owes_what_the_match_owes(world, register):
    with at(working_days_after(now(), 4)):
        match = move(register.match(S.INTRODUCED), "activate", by=world.cora, agreed_on=today())

        assert referral_of(match).due_at == match.due_at == working_days_after(now(), 10)


def test_who_may_not_and_when_no_contact_is_kept(world, register, agreed):
    for who in (world.mia, world.dev, world.alex, world.sam):
        with pytest.raises(PermissionDenied):
            reach(agreed, who)
    for state in (S.APPROVED, S.INTRODUCED, S.ACTIVE, S.PAUSED):
        if match := Match.objects.filter(status=state, mentor__user=world.max).first():
            with pytest.raises(Conflict):
                reach(match, world.max)
    with pytest.raises(ValidationError, match="before they were asked"):
        reach(agreed, world.max, happened_at=now() - timedelta(days=9))


def test_the_mentor_writes_it_down_on_the_page_of_the_match(browse, world, agreed):
    page = f"/matches/{agreed.reference}/"
    typed = {"how": "By text", "words": "Said hello.", "happened_at": f"{now():%Y-%m-%dT%H:%M}"}

    client = browse("max")
    before = client.get(page).content.decode()
    nothing = client.post(f"{page}contact/", {})
    early = {**typed, "is_reached": "True", "happened_at": "2020-01-05T10:00"}
    refused = client.post(f"{page}contact/", early).content.decode()
    saved = client.post(f"{page}contact/", {**typed, "is_reached": "True"})
    after = client.get(page).content.decode()

    assert f"{page}contact/" in before and "Not written down" in before
    assert "Did you reach them?" in nothing.content.decode() and nothing.status_code == 200
    assert "before they were asked" in refused
    assert saved.status_code == 302 and saved.url == page
    assert "The contact is written down." in after and "Not written down" not in after
    assert "wrote down a contact" in client.get(f"{page}?tab=timeline").content.decode()


def test_the_mentor_finds_the_way_on_the_page_of_the_referral_until_it_is_done(
    browse, world, agreed
):
    url = f"/referrals/{agreed.referral.reference}/"
    way = f"/matches/{agreed.reference}/contact/"
    assert way in browse("max").get(url).content.decode()
    assert way not in browse("cora").get(url).content.decode()

    reach(agreed, world.max)

    assert way not in browse("max").get(url).content.decode()


def test_the_referrals_timeline_tells_of_the_meeting_and_the_match(browse, world, agreed):
    met = move(agreed, "introduce", by=world.cora, met_on=today())
    move(met, "activate", by=world.cora, agreed_on=today())

    page = browse("cora").get(f"/referrals/{met.referral.reference}/?tab=timeline").content.decode()

    assert "introduced them to their mentor" in page and "began the match" in page


def test_a_mentors_list_says_to_get_in_touch_until_they_have(browse, world, agreed):
    url, words = "/matches/?queue=my-young-people", "Get in touch, and write it down"
    before = browse("max").get(url).content.decode().count(words)

    reach(agreed, world.max)

    assert browse("max").get(url).content.decode().count(words) == before - 1 >= 0
    assert words not in browse("cora").get("/matches/").content.decode()


def test_the_days_to_first_contact_are_counted_by_who_provides_the_programme(world, agreed):
    referral = agreed.referral
    with at(referral.sent_at + timedelta(days=9)):
        reach(agreed, world.max)
        later = now() + timedelta(minutes=1)

    assert counting.days_to_contact(now(), later) == {referral.programme.provider_id: [9]}
    assert counting.days_to_contact(later, later + timedelta(days=90)) == {}


def test_a_contact_that_is_sent_twice_is_written_down_once(browse, agreed):
    client, url = browse("max"), f"{agreed.home()}contact/"
    key = re.search(r'name="submit_key" value="([^"]+)"', client.get(url).text)[1]
    typed = {"how": "By phone", "is_reached": "True", "words": "We spoke.", "submit_key": key}
    typed["happened_at"] = f"{london(now()):%Y-%m-%dT%H:%M}"

    answers = [client.post(url, typed) for _ in range(2)]

    assert [answer["Location"] for answer in answers] == [agreed.home()] * 2
    assert Note.objects.filter(fact__contains="We spoke.").count() == 1
