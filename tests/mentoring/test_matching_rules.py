"""Each hard rule with a pair that passes and pairs that do not; and words for who may read them."""

import uuid
from dataclasses import replace

import pytest

from mentoring.choices import Apart, Check
from mentoring.matching import RESTRICTED, KeptApart, Refusal, refusals
from mentoring.standard import MANDATORY
from tests.mentoring.matching import HELD, MENTOR, SEEKER, WORKSOP, without

OTHER = uuid.UUID(int=77)


def codes(seeker=SEEKER, mentor=MENTOR):
    return [found.code for found in refusals(seeker, mentor)]


def test_a_pair_that_fits_in_everything_has_nothing_against_it():
    assert codes() == []


def _no_list():
    return tuple(replace(each, has_barred_list=False) for each in HELD)


FAILS = {
    "H1 no check": ("H1", SEEKER, without(Check.DBS)),
    "H1 a child and no barred list": ("H1", SEEKER, replace(MENTOR, checks=_no_list())),
    "H1 age unknown counts as a child": (
        "H1", replace(SEEKER, age=None), replace(MENTOR, checks=_no_list())
    ),
    "H2 level below the tier": ("H2", replace(SEEKER, tier=3), replace(MENTOR, level=2)),
    "H2 a mandatory training": ("H2", SEEKER, without(Check.SAFEGUARDING)),
    "H2 a course of the level": ("H2", SEEKER, without(Check.TRAUMA)),
    "H3 no place": ("H3", SEEKER, replace(MENTOR, load=2)),
    "H3 more than no place": ("H3", SEEKER, replace(MENTOR, load=5)),
    "H3 on leave": ("H3", SEEKER, replace(MENTOR, is_matchable=False)),
    "H4 gender": ("H4", replace(SEEKER, gender_wanted="female", gender_required=True), MENTOR),
    "H4 language": ("H4", replace(SEEKER, language="Urdu", language_required=True), MENTOR),
    "H5 kept apart": (
        "H5", replace(SEEKER, kept_apart=(KeptApart(Apart.CONFLICT, False, MENTOR.pk),)), MENTOR
    ),
    "H5 by name": (
        "H5",
        replace(SEEKER, kept_apart=(KeptApart(Apart.CONFLICT, True, None, "max INVENTED"),)),
        MENTOR,
    ),
    "H5 by a longer name": (
        "H5",
        replace(SEEKER, kept_apart=(KeptApart(Apart.CONFLICT, True, None, "Max Emeka Invented"),)),
        MENTOR,
    ),
    "H5 works at their school": ("H5", replace(SEEKER, school=MENTOR.organisation), MENTOR),
    "H5 failed before": ("H5", replace(SEEKER, failed=frozenset({MENTOR.pk})), MENTOR),
    "H6 too far for the mentor": ("H6", SEEKER, replace(MENTOR, travel_km=4)),
    "H6 too far for the young person": ("H6", replace(SEEKER, travel_km=4), MENTOR),
    "H6 far away": ("H6", SEEKER, replace(MENTOR, place=WORKSOP)),
    "H7 never at the same time": ("H7", SEEKER, replace(MENTOR, free_times=frozenset({"sun"}))),
    "H7 mentor says nothing": ("H7", SEEKER, replace(MENTOR, free_times=frozenset())),
    "H8 condition": (
        "H8", replace(SEEKER, kept_apart=(KeptApart(Apart.CONTRA, True, MENTOR.pk),)), MENTOR
    ),
    "H8 too old for the mentor": ("H8", SEEKER, replace(MENTOR, age_to=14)),
    "H9 said no before": ("H9", replace(SEEKER, declined=frozenset({MENTOR.pk})), MENTOR),
    "H10 area": ("H10", SEEKER, replace(MENTOR, organisation_covers=False)),
    "H10 sharing": ("H10", SEEKER, replace(MENTOR, organisation_shares=False)),
    "H10 role": ("H10", SEEKER, replace(MENTOR, has_role_there=False)),
    "H10 does not agree": ("H10", replace(SEEKER, agrees=False), MENTOR),
    "H10 not asked": ("H10", replace(SEEKER, agrees=None), MENTOR),
}  # fmt: skip


@pytest.mark.parametrize("case", FAILS, ids=str)
def test_a_rule_refuses(case):
    code, seeker, mentor = FAILS[case]

    assert codes(seeker, mentor) == [code]


PASSES = {
    "an adult needs no barred list": (
        replace(SEEKER, age=19), replace(MENTOR, checks=_no_list())
    ),
    "a wish is not a need": (replace(SEEKER, gender_wanted="female"), MENTOR),
    "a language however it is written": (
        replace(SEEKER, language=" POLISH ", language_required=True), MENTOR
    ),
    "somebody else is kept apart": (
        replace(SEEKER, kept_apart=(KeptApart(Apart.CONTRA, True, OTHER, ""),)), MENTOR
    ),
    "a first name alone is nobody": (
        replace(SEEKER, kept_apart=(KeptApart(Apart.CONFLICT, True, None, "Max"),)), MENTOR
    ),
    "another name with a word in common": (
        replace(SEEKER, kept_apart=(KeptApart(Apart.CONFLICT, True, None, "Sam Invented"),)),
        MENTOR,
    ),
    "an unknown place": (replace(SEEKER, place=None), replace(MENTOR, place=WORKSOP)),
    "unknown times": (replace(SEEKER, free_times=frozenset()), MENTOR),
    "a level 3 course is not needed for tier 2": (SEEKER, without(Check.OBSERVED)),
    "the last place": (SEEKER, replace(MENTOR, load=1, capacity=2)),
}  # fmt: skip


@pytest.mark.parametrize("case", PASSES, ids=str)
def test_a_rule_lets_through(case):
    assert codes(*PASSES[case]) == []


@pytest.mark.parametrize("check", MANDATORY, ids=str)
def test_each_mandatory_check_that_is_missing_blocks_the_pair(check):
    assert codes(mentor=without(check)) == ["H1" if check == Check.DBS else "H2"]


def test_every_reason_is_given_not_the_first_alone():
    seeker = replace(SEEKER, agrees=False, declined=frozenset({MENTOR.pk}))

    assert codes(seeker, replace(MENTOR, load=2)) == ["H3", "H9", "H10"]


def test_a_restricted_reason_says_neither_its_words_nor_its_rule_without_clearance():
    refusal = Refusal("H8", "A condition or an investigation forbids it", is_restricted=True)

    assert (refusal.said(cleared=False), refusal.shown_code(cleared=False)) == (RESTRICTED, "")
    assert refusal.said(cleared=True).startswith("A condition")
    assert refusal.shown_code(cleared=True) == "H8"


def test_a_condition_is_always_restricted_and_age_never():
    condition = replace(SEEKER, kept_apart=(KeptApart(Apart.CONTRA, True, MENTOR.pk),))

    assert refusals(condition, MENTOR)[0].is_restricted
    assert not refusals(SEEKER, replace(MENTOR, age_to=14))[0].is_restricted
