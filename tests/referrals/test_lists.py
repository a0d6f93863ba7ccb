"""What a list shows is what its reader may see at that moment."""

import re
from datetime import timedelta

import pytest

from accounts import roles
from accounts import services as accounts
from accounts.models import Membership, User
from casework.calendar import today
from casework.workflow import move
from referrals import policies
from referrals.models import Referral
from tests.personas import Cast, danger
from waymark.demo import making

NAMES = ("alex", "bea", "cora", "cleo", "sol", "max", "dev", "ada", "pru", "sam")


def shown(client, url):
    html = client.get(url).content.decode()
    return set(re.findall(r'href="/referrals/([A-Z0-9]{3}-[A-Z0-9]{3})/"', html))


def seen(person, **choice):
    rows = Referral.objects.visible_to(User.objects.get(pk=person.pk)).filter(**choice)
    return set(rows.values_list("reference", flat=True))


@pytest.mark.slow(reason="referrals brought to their states by moves")
def test_a_list_shows_what_may_be_seen_and_no_more(world, sign_in):
    cast = Cast(world)
    for state in ("draft", "submitted", "triage", "active"):
        cast.referral(state)

    for name in NAMES:
        person, client = getattr(world, name), sign_in(getattr(world, name))
        assert shown(client, "/referrals/") == seen(person), name
    assert shown(sign_in(world.cora), "/referrals/?queue=unread") == seen(
        world.cora, status="submitted"
    )


def test_a_list_forgets_at_once_what_its_reader_may_no_longer_see(world, sign_in):
    found, cora = Cast(world).referral("submitted"), sign_in(world.cora)
    assert shown(cora, "/referrals/?queue=unread") == {found.reference}

    (membership,) = world.cora.memberships.all()
    kept = list(membership.areas.all())
    membership.areas.clear()
    assert shown(cora, "/referrals/?queue=unread") == set()

    membership.areas.set(kept)
    assert shown(cora, "/referrals/?queue=unread") == {found.reference}


def test_no_list_tells_an_author_or_their_team_what_is_held(world, sign_in):
    school = world.school
    school.team_sees_referrals = True
    school.save()
    held = Cast(world).referral("held")
    accounts.grant(by=None, user=world.sam, organisation=school, role=roles.Referrer)
    own = making.refer(by=world.cora, programme=world.programme)
    danger(world, move(own, "start_triage", by=world.cleo), by=world.sol)

    decided = shown(sign_in(world.cleo), "/referrals/?queue=held")
    assert {held.reference, own.reference} <= decided
    for person, referral in ((world.sam, held), (world.cora, own)):
        client = sign_in(person)
        assert referral.reference in shown(client, "/referrals/")
        for queue in ("held", "deciding"):
            assert referral.reference not in shown(client, f"/referrals/?queue={queue}")


def test_what_an_author_wrote_is_not_among_what_is_being_decided_before_it_is_held(world, sign_in):
    own = making.refer(by=world.cora, programme=world.programme)
    own = move(own, "start_triage", by=world.cleo)

    assert own.reference in shown(sign_in(world.cleo), "/referrals/?queue=deciding")
    assert own.reference not in shown(sign_in(world.cora), "/referrals/?queue=deciding")


def test_who_refers_no_longer_for_an_organisation_decides_on_what_they_wrote_there(world, sign_in):
    """The list and the page ask one question: who wrote it, and do they still refer there."""
    world.school.areas.add(world.city)
    role = accounts.grant(
        by=None, user=world.cora, organisation=world.school, role=roles.Referrer,
        starts_on=today() - timedelta(days=9),
    )  # fmt: skip
    draft = making.draft(by=world.cora, programme=world.programme, organisation=world.school)
    sent = move(making.fill(draft, making.answers(), by=world.cora), "send", by=world.cora)
    triage = move(sent, "start_triage", by=world.cleo)
    deciding = "/referrals/?queue=deciding"
    assert policies.wrote(triage, world.cora)
    assert triage.reference not in shown(sign_in(world.cora), deciding)

    Membership.objects.filter(pk=role.pk).update(ends_on=today() - timedelta(days=1))

    assert policies.triages(triage, world.cora)
    assert triage.reference in shown(sign_in(world.cora), deciding)


@pytest.mark.parametrize("who", ["alex", "bea", "cora", "cleo", "sam", "sid"])
def test_rows_that_somebody_wrote_are_those_of_which_the_policy_says_so(world, who):
    Cast(world).referral("triage")
    making.refer(by=world.cora, programme=world.programme)
    person = getattr(world, who)

    others = set(Referral.objects.not_written_by(person))

    assert others == {row for row in Referral.objects.all() if not policies.wrote(row, person)}
