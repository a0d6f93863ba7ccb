"""What a coordinator is shown to weigh: suggestions with their reasons, never a decision."""

import pytest

from accounts.models import Area
from referrals.decision import points, suggested_complexity, suggested_tier
from referrals.models import Referral
from tests.personas import Cast
from waymark.demo import making


def refer(world, **changes):
    sent = making.refer(by=world.alex, programme=world.programme, **changes)
    return Referral.objects.whole().get(pk=sent.pk)


def point(referral, title, **given):
    found = points(referral, **{"flags": [], "duplicates": [], **given})
    return next(each for each in found if each.title == title)


@pytest.mark.parametrize(
    ("risks", "tier", "why"),
    [
        ({"from_others": "none", "to_self": "low"}, 1, "no or low risks"),
        ({"from_others": "medium"}, 2, "a medium risk from others"),
        ({"to_others": "high", "from_others": "high"}, 3, "a high risk from others and to others"),
    ],
)
def test_a_risk_tier_is_suggested_with_what_speaks_for_it(world, risks, tier, why):
    suggested, reasons = suggested_tier(refer(world, **risks))

    assert suggested == tier and why in reasons


@pytest.mark.parametrize(
    ("changes", "level", "why"),
    [
        ({"sessions_missed": "3", "from_others": "none"}, "low", "Nothing was written"),
        ({"sessions_missed": "12", "from_others": "none"}, "medium", "Missed 10% of sessions."),
        ({"sessions_missed": "60", "from_others": "none"}, "high", "Missed 50% of sessions."),
        ({"status": "619", "from_others": "none"}, "high", "Not in education"),
        ({"postcode": "", "no_fixed_address": "on"}, "high", "No fixed address."),
        ({"agrees": "False"}, "high", "They do not agree"),
    ],
)
def test_complexity_is_the_highest_of_its_areas_and_says_why(world, changes, level, why):
    suggested, reasons = suggested_complexity(refer(world, **changes))

    assert suggested == level and any(why in reason for reason in reasons), reasons


def test_agreement_scope_and_capacity_are_said_in_words(world):
    referral = refer(world)

    assert point(referral, "Agreement").sign == "They agree"
    assert point(referral, "Scope and tier").sign == "Fits"
    assert point(referral, "Safety", flags=["Address hidden"]).lines == ["Address hidden"]
    assert "of 60 places" in point(referral, "Capacity").lines[0]


def test_somebody_from_outside_the_areas_does_not_fit(world):
    referral = refer(world)
    referral.area = Area.objects.get(code="E06000015")

    scope = point(referral, "Scope and tier")

    assert scope.sign == "Does not fit"
    assert "Derby, not an area of Steady Steps." in scope.lines


def test_a_full_programme_says_so(world):
    programme = world.programme
    taken = Cast(world).referral("accepted")
    programme.places = 1
    programme.save()

    capacity = point(refer(world), "Capacity")

    assert taken.programme == programme
    assert capacity.sign == "Full" and capacity.lines[0].startswith("1 of 1 places")
