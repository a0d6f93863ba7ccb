"""What a list shows is what its reader may see at that moment."""

import re

import pytest

from accounts.models import User
from referrals.models import Referral
from tests.personas import Cast

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
