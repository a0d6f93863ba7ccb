"""Likely duplicates: suggested to the coordinator, decided by them, before they accept."""

import pytest

from casework.models import Event, Viewing
from casework.workflow import move
from referrals import services
from referrals.models import Comparison, Referral
from tests.personas import Cast
from waymark.demo import making


@pytest.fixture
def pair(world) -> tuple[Referral, Referral]:
    """Two about Jordan Example, of one birthday; a coordinator is deciding the first."""
    one = Cast(world).referral("triage")
    return one, making.refer(by=world.bea, programme=world.programme)


def accept(client, referral: Referral) -> str:
    typed = {**making.TRIAGED, "version": referral.version, "why": ""}
    answer = client.post(f"{referral.home()}accept/", typed, follow=True)
    return answer.content.decode()


def test_nobody_is_accepted_before_likely_duplicates_are_decided(world, sign_in, pair):
    (one, two), client = pair, sign_in(world.cora)

    assert f"Say first whether {two.reference} is about the same young person" in accept(
        client, one
    )
    url = f"{one.home()}same/{two.reference}/"
    assert url in client.get(one.home()).content.decode()
    page = client.get(url).content.decode()
    assert one.reference in page and two.reference in page
    assert page.count("14 January") == 2 and "-----" not in page
    client.post(url, {"verdict": "different"})
    accept(client, Referral.objects.get(pk=one.pk))

    assert Referral.objects.get(pk=one.pk).status == Referral.State.ACCEPTED
    assert Event.objects.of(one).filter(name="compare").count() == 1
    assert Viewing.objects.filter(what="compare", case_id=two.pk, viewer=world.cora).count() == 1


def test_a_word_said_from_one_side_holds_for_the_other_and_can_be_changed(world, pair):
    one, two = pair
    services.compare(referral=one, other=two, verdict="different", by=world.cora)

    services.compare(referral=two, other=one, verdict="same", by=world.cleo)

    [said] = Comparison.objects.all()
    assert (said.verdict, said.compared_by) == ("same", world.cleo)
    assert services.undecided(one, by=world.cora) == []
    assert services.undecided(two, by=world.cora) == []


def test_who_is_not_like_them_is_not_compared(world, sign_in, pair):
    one, _ = pair
    typed = making.answers(legal_name="Zofia Quill", postcode="NG5 4BB")
    typed["person"] |= {"date_of_birth_year": "2008"}
    draft = making.draft(by=world.bea, programme=world.programme)
    other = move(making.fill(draft, typed, by=world.bea), "send", by=world.bea)

    assert sign_in(world.cora).get(f"{one.home()}same/{other.reference}/").status_code == 404


def test_the_referrer_learns_nothing_of_it(world, sign_in, pair):
    one, two = pair
    services.compare(referral=one, other=two, verdict="same", by=world.cora)

    page = sign_in(world.alex).get(one.home()).content.decode()
    assert two.reference not in page and "same young person" not in page
