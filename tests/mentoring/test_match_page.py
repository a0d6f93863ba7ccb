"""The page of a match: who reads what of the young person, before the yes and after."""

import pytest
from django.core import mail as sent

from casework.models import Message, Viewing
from casework.outbox import relay
from casework.workflow import move
from mentoring.models import Match
from referrals.models import HomeAddress

S = Match.State


def test_a_look_at_a_match_is_kept_with_the_match_and_the_referral(browse, world, register):
    match = register.match(S.ACTIVE)

    browse("max").get(f"/matches/{match.reference}/")

    assert Viewing.objects.of(match).get().viewer == world.max
    assert Viewing.objects.of(match.referral).get().what == "match"


def test_a_mentor_reads_what_they_need_and_no_risk_story(browse, world, register):
    match = register.match(S.ACTIVE)

    text = browse("max").get(f"/matches/{match.reference}/").content.decode()

    assert "Meet in the library" in text and "07700 900123" in text
    for secret in ("Two threats", "more frightened than they say", "1 Invented Street",
                   "threatened outside school", "points"):  # fmt: skip
        assert secret not in text


def test_before_their_yes_a_mentor_reads_only_what_helps_to_decide(browse, world, register):
    match = register.match(S.APPROVED)

    text = browse("max").get(f"/matches/{match.reference}/").content.decode()

    assert "Football" in text and "Age" in text and "Nottingham" in text
    assert "Latest sessions" not in text and "None planned" not in text
    assert "07700 900123" not in text and "Jordan Example" not in text
    assert match.referral.reference not in text


def test_of_a_protected_home_an_asked_mentor_does_not_read_the_area(browse, world, register):
    match = register.match(S.APPROVED)
    HomeAddress.objects.filter(young_person=match.referral.young_person).update(is_protected=True)

    text = browse("max").get(match.home()).text

    assert "Age" in text and "Nottingham" not in text.partition("<main")[2].partition("</main")[0]


def test_who_may_not_read_the_register_gets_a_name_and_no_link(browse, world, register):
    match = register.match(S.ACTIVE)
    Match.objects.filter(pk=match.pk).update(escalation=4)

    text = browse("pru").get(match.home()).text

    assert match.mentor.name in text and match.mentor.home() not in text
    assert match.mentor.home() in browse("cora").get(match.home()).text
    assert "so late that it comes up to you" in browse("pru").get("/mentors/").text


def test_what_a_move_leads_to_is_said_as_it_will_be(browse, world, register):
    begins = browse("cora").get(f"{register.match(S.INTRODUCED).home()}activate/").text
    pauses = browse("max").get(f"{register.match(S.ACTIVE).home()}pause/").text

    assert "date that you give" not in begins and "10 working days for the next step" in begins
    assert "due on the date that you give" in pauses


def test_a_coordinator_finds_the_way_to_a_mentor_on_every_tab(browse, world, register):
    page = register.waiting.home()
    link = f"/matches/propose/{register.waiting.reference}/"

    for tab in ("", "?tab=timeline", "?tab=mentor"):
        assert browse("cora").get(page + tab).text.count(f'href="{link}"') == 1
    assert link not in browse("cora").get(register.match(S.ACTIVE).referral.home()).text


@pytest.mark.parametrize("who", ["max", "dev"])
def test_the_referral_is_the_mentors_and_their_supervisors_to_see_from_the_yes_on(
    browse, world, register, who
):
    match, client = register.match(S.APPROVED), browse(who)
    page = match.referral.home()
    addresses = [page, f"{page}summary.pdf", f"{page}?tab=notes"]
    assert [client.get(address).status_code for address in addresses] == [404] * 3

    move(match, "accept", by=world.max)

    assert [client.get(address).status_code for address in addresses] == [200] * 3
    assert page in client.get(match.home()).content.decode()


def test_a_letter_leads_an_asked_mentor_to_what_they_may_see(world, register):
    match = register.match(S.APPROVED)
    of_both = Message.objects.filter(recipient=world.max, case_id__in=[match.pk, match.referral_id])

    relay()

    assert of_both.count() == 2
    written = "".join(mail.body for mail in sent.outbox if mail.to == [world.max.email])
    assert match.home() in written
    assert match.referral.home() not in written
