"""Young people and mentors as plain data for tests of matching: one pair that fits in everything,
and strategies for any pair."""

import uuid
from dataclasses import replace

from hypothesis import strategies as st

from mentoring.choices import Apart, Check, Help
from mentoring.matching import Candidate, Held, KeptApart, Point, Seeker
from mentoring.standard import needs
from referrals.choices import Interest, Slot

NOTTINGHAM = Point(52.955, -1.150)
ARNOLD = Point(53.000, -1.127)  # about 5 km from the middle of Nottingham
WORKSOP = Point(53.303, -1.124)  # about 39 km
HELD = tuple(Held(check, has_barred_list=check == Check.DBS) for check in needs(3))

SEEKER = Seeker(
    tier=2,
    age=15,
    interests=frozenset({Interest.FOOTBALL, Interest.CARS}),
    free_times=frozenset({Slot.MON_EVE, Slot.SAT}),
    ete=Help.SCHOOL,
    place=NOTTINGHAM,
    travel_km=10,
    language="English",
)
MENTOR = Candidate(
    pk=uuid.UUID(int=1),
    name="Max Invented",
    level=3,
    checks=HELD,
    gender="male",
    languages=frozenset({"English", "Polish"}),
    interests=frozenset({Interest.FOOTBALL, Interest.MUSIC}),
    free_times=frozenset({Slot.MON_EVE, Slot.TUE_EVE}),
    helps_with=frozenset({Help.SCHOOL}),
    place=ARNOLD,
    travel_km=15,
    capacity=2,
    load=1,
    organisation=uuid.UUID(int=90),
)


def without(*checks):
    """The mentor without these checks."""
    return replace(MENTOR, checks=tuple(held for held in HELD if held.kind not in checks))


_PKS = st.integers(1, 6).map(lambda number: uuid.UUID(int=number))
_POINTS = st.one_of(st.none(), st.builds(Point, st.floats(52.8, 53.4), st.floats(-1.4, -0.8)))
_NAMES = st.sampled_from(["Max Invented", "Mia Okafor Lee", "Lee Okafor", "Sam Okafor", "Al"])
_LANGUAGES = st.sampled_from(["English", "polish", "Urdu", "POLISH", ""])


def _some(values):
    return st.frozensets(st.sampled_from(list(values)), max_size=6)


apart = st.builds(
    KeptApart,
    kind=st.sampled_from(list(Apart)),
    is_restricted=st.booleans(),
    mentor=st.one_of(st.none(), _PKS),
    name=st.one_of(st.just(""), _NAMES),
)
_held = st.lists(st.builds(Held, st.sampled_from(list(Check)), st.booleans())).map(tuple)


def _changed(base, most, **facets):
    """A pair that fits, with at most so many facts changed: any change may break any rule, and
    enough pairs stay whole."""
    return st.lists(
        st.one_of([value.map(lambda v, name=name: (name, v)) for name, value in facets.items()]),
        max_size=most,
    ).map(lambda pairs: replace(base, **dict(pairs)))


seekers = _changed(
    SEEKER,
    4,
    tier=st.integers(1, 3),
    age=st.one_of(st.none(), st.integers(8, 26)),
    agrees=st.sampled_from([True, False, None]),
    gender_wanted=st.sampled_from(["", "female", "male"]),
    gender_required=st.booleans(),
    language=_LANGUAGES,
    language_required=st.booleans(),
    interests=_some(Interest),
    free_times=_some(Slot),
    ete=st.sampled_from(["", *Help]),
    place=_POINTS,
    is_protected=st.booleans(),
    travel_km=st.one_of(st.none(), st.integers(1, 40)),
    school=_PKS,
    declined=st.frozensets(_PKS, max_size=2),
    failed=st.frozensets(_PKS, max_size=2),
    worked_well=st.frozensets(_PKS, max_size=2),
    kept_apart=st.lists(apart, max_size=2).map(tuple),
)
mentors = st.tuples(
    _PKS,
    _changed(
        MENTOR,
        3,
        name=_NAMES,
        level=st.integers(0, 3),
        is_matchable=st.booleans(),
        checks=_held,
        gender=st.sampled_from(["", "female", "male", "other"]),
        languages=st.frozensets(_LANGUAGES, max_size=3),
        interests=_some(Interest),
        free_times=_some(Slot),
        helps_with=_some(Help),
        place=_POINTS,
        travel_km=st.integers(1, 40),
        capacity=st.integers(1, 4),
        load=st.integers(0, 4),
        age_from=st.integers(8, 16),
        age_to=st.integers(14, 26),
        organisation=_PKS,
        organisation_shares=st.booleans(),
        organisation_covers=st.booleans(),
        has_role_there=st.booleans(),
    ),
).map(lambda pair: replace(pair[1], pk=pair[0]))
registers = st.lists(mentors, max_size=5, unique_by=lambda mentor: mentor.pk)
