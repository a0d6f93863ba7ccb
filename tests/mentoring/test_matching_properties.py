"""Properties of any proposal. The rules are written here again, as an oracle."""

from hypothesis import given, settings

from mentoring.choices import Apart, Check
from mentoring.matching import RESTRICTED, propose
from mentoring.standard import MANDATORY, needs
from tests.mentoring.matching import registers, seekers

FEW = settings(max_examples=80, deadline=None)


def kept(seeker, mentor, kind):
    def same(name):
        theirs, named = set(mentor.name.casefold().split()), set(name.casefold().split())
        smaller = min(theirs, named, key=len)
        return len(smaller) > 1 and (theirs <= named or named <= theirs)

    return any(
        row.kind == kind and (row.mentor == mentor.pk or same(row.name))
        for row in seeker.kept_apart
    )


def may_be(seeker, mentor):
    """Mentoring reference §4a as one conjunction."""
    held = {check.kind for check in mentor.checks}
    listed = any(check.has_barred_list for check in mentor.checks if check.kind == Check.DBS)
    is_child = seeker.age is None or seeker.age < 18
    far = mentor.place and seeker.place and mentor.place.km_to(seeker.place)
    spoken = {each.casefold() for each in mentor.languages}
    return all(
        [
            Check.DBS in held and (listed or not is_child),
            set(MANDATORY) <= held and mentor.level >= seeker.tier,
            set(needs(seeker.tier)) <= held,
            mentor.is_matchable and mentor.load < mentor.capacity,
            not seeker.gender_required or seeker.gender_wanted in ("", mentor.gender),
            not (seeker.language_required and seeker.language)
            or seeker.language.casefold() in spoken,
            not kept(seeker, mentor, Apart.CONFLICT),
            not kept(seeker, mentor, Apart.CONTRA),
            mentor.organisation is None or mentor.organisation != seeker.school,
            mentor.pk not in seeker.failed | seeker.declined,
            not far or far <= min(mentor.travel_km, seeker.travel_km or 10**6),
            mentor.free_times and (not seeker.free_times or mentor.free_times & seeker.free_times),
            seeker.age is None or mentor.age_from <= seeker.age <= mentor.age_to,
            mentor.organisation_covers and mentor.organisation_shares and mentor.has_role_there,
            seeker.agrees is True,
        ]
    )


@FEW
@given(seekers, registers)
def test_no_proposal_ever_breaks_a_hard_rule_and_none_leaves_out_who_fits(seeker, register):
    proposal = propose(seeker, register)

    assert {each.mentor.pk for each in proposal.ranked} == {
        mentor.pk for mentor in register if may_be(seeker, mentor)
    }
    assert len(proposal.ranked) + len(proposal.refused) == len(register)
    assert all(each.reasons for each in proposal.refused)


@FEW
@given(seekers, registers)
def test_points_are_whole_and_add_up(seeker, register):
    for each in propose(seeker, register).ranked:
        lines = each.score.lines
        assert each.score.total == min(100, max(1, sum(line.points for line in lines)))
        assert all(isinstance(line.points, int) and 0 <= line.points <= line.most for line in lines)


@FEW
@given(seekers, registers)
def test_the_order_of_the_register_changes_nothing(seeker, register):
    one, other = propose(seeker, register), propose(seeker, register[::-1])

    assert one == other
    totals = [each.score.total for each in one.ranked]
    assert totals == sorted(totals, reverse=True)


@FEW
@given(seekers, registers)
def test_a_protected_address_gives_no_distance_away(seeker, register):
    if not seeker.is_protected:
        return
    for each in propose(seeker, register).ranked:
        travel = next(line for line in each.score.lines if line.code == "travel")
        assert not any(letter.isdigit() for letter in travel.words + each.sentence)
    for each in propose(seeker, register).refused:
        far = [reason.words for reason in each.reasons if reason.code == "H6"]
        assert not any(letter.isdigit() for words in far for letter in words)


@FEW
@given(seekers, registers)
def test_restricted_reasons_are_never_said_without_clearance(seeker, register):
    for each in propose(seeker, register).refused:
        hidden = {reason.words for reason in each.reasons if reason.is_restricted}
        shown = {reason.words for reason in each.reasons if not reason.is_restricted}
        said = {words for _, words in each.said(cleared=False)}
        assert said == shown | ({RESTRICTED} if hidden else set())


def test_the_examples_are_not_all_refused():
    """The control: enough of what is drawn may be proposed, else the tests above say nothing."""
    drawn, fitting = [], []

    @settings(max_examples=80, deadline=None, derandomize=True)
    @given(seekers, registers)
    def draw(seeker, register):
        drawn.append(register)
        fitting.extend(propose(seeker, register).ranked)

    draw()

    assert len(fitting) > len(drawn) / 4
