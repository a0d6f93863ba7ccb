"""A line of a long list, from plain values, is the line of the referral itself."""

import pytest

from accounts import roles
from accounts.models import User
from referrals.models import Referral
from referrals.progress import line
from tests.personas import Cast
from waymark.demo import making

NAMES = ("alex", "bea", "cora", "sol", "max", "dev", "ada", "pru", "sam")


@pytest.mark.slow(reason="referrals brought to their states by moves")
def test_everybody_reads_the_same_lines_in_brief(world, django_assert_num_queries):
    cast = Cast(world)
    for state in ("draft", "submitted", "triage", "held", "waiting", "active", "closed"):
        cast.referral(state)
    making.refer(by=world.alex, programme=world.programme)
    read = set()

    for name in NAMES:
        user = User.objects.get(pk=getattr(world, name).pk)
        rows = Referral.objects.visible_to(user).order_by("-created_at", "pk")
        found, _ = list(rows.for_lines(user)), user.report_ids_as(*roles.WORKERS)
        with django_assert_num_queries(0):
            lines = [line(row, user) for row in found]
        assert [line(row, user) for row in rows.in_brief()] == lines, name
        read |= {(name, found.sign.status) for found in lines}

    assert {("alex", "held"), ("cora", "held"), ("max", "active"), ("dev", "active")} <= read


def test_a_name_that_is_not_there_yet_is_said_so(world):
    draft = making.draft(by=world.alex, programme=world.programme)

    (brief,) = Referral.objects.filter(pk=draft.pk).in_brief()

    assert brief.called == draft.called == "No name yet"


def test_nothing_chosen_is_nothing(world):
    assert Referral.objects.none().in_brief() == []
