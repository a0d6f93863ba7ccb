import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts import handover, roles, services
from accounts.clock import at, now, today
from accounts.models import Area, Membership, Organisation, User
from accounts.services import WorkRemains
from casework import checks
from casework.workflow import move
from tests.accounts.doors import together
from waymark.demo import making


def held(user, role=None):
    return user.memberships.get(role=role.code) if role else user.memberships.get()


@pytest.fixture
def with_work(world):
    """A coordinator who owns a referral in triage."""
    referral = making.refer(by=world.alex, programme=world.programme)
    return move(referral, "start_triage", by=world.cora)


def test_a_role_with_open_work_does_not_end_and_the_list_says_what_it_is(world, with_work):
    with pytest.raises(WorkRemains) as refusal:
        services.end_membership(by=world.adam, membership=held(world.cora))

    assert refusal.value.lines == [f"Referral {with_work.reference}"]
    assert held(world.cora).ended_at is None


def test_open_work_goes_to_a_person_who_holds_the_role_and_the_role_ends(world, with_work):
    services.end_membership(by=world.adam, membership=held(world.cora), hand_over_to=world.cleo)

    with_work = type(with_work).objects.get(pk=with_work.pk)
    assert with_work.owner == world.cleo
    assert held(world.cora).ended_by == world.adam
    assert world.cora.standing == []


@pytest.mark.parametrize("code", ["E06000018", "E07000170"])
def test_one_of_two_roles_ends_when_the_other_is_for_the_area_of_the_work(world, with_work, code):
    role, area = roles.Coordinator, Area.objects.get(code=code)
    first = held(world.cora)
    services.grant(by=None, user=world.cora, organisation=world.school, role=role, areas=[area])

    if area == with_work.area:
        assert services.end_membership(by=world.adam, membership=first).ended_at
    else:
        with pytest.raises(WorkRemains, match="1 pieces"):
            services.end_membership(by=world.adam, membership=first)


@pytest.mark.parametrize("first", ["sam", "max", "alex"])
def test_open_work_does_not_go_to_somebody_who_cannot_hold_it(world, with_work, first):
    with pytest.raises(ValidationError):
        services.end_membership(
            by=world.adam, membership=held(world.cora), hand_over_to=getattr(world, first)
        )

    assert held(world.cora).ended_at is None
    assert type(with_work).objects.get(pk=with_work.pk).owner == world.cora


def test_a_role_that_ends_today_is_gone_at_once_and_stays_gone(world):
    services.end_membership(by=world.oz, membership=held(world.bea))

    assert world.bea.standing == []
    assert held(world.bea).ends_on == today()


def test_a_role_may_end_on_a_day_to_come(world):
    services.end_membership(by=world.oz, membership=held(world.bea), on=today() + timedelta(days=3))

    assert len(world.bea.standing) == 1
    with at(now() + timedelta(days=4)):
        assert world.bea.standing == []


def test_what_comes_in_before_the_last_day_is_over_follows_the_role(world, with_work):
    last = today() + timedelta(days=3)
    services.end_membership(
        by=world.adam, membership=held(world.cora), on=last, hand_over_to=world.cleo
    )
    later = making.refer(by=world.alex, programme=world.programme)
    later = move(later, "start_triage", by=world.cora)
    services.end_what_has_run_out()
    assert type(later).objects.get(pk=later.pk).owner == world.cora

    with at(now() + timedelta(days=4)):
        assert services.end_what_has_run_out() == 1
        assert services.end_what_has_run_out() == 0

    assert type(later).objects.get(pk=later.pk).owner == world.cleo
    assert (held(world.cora).ends_on, held(world.cora).ended_at is None) == (last, False)


def test_a_role_that_has_run_out_with_work_for_nobody_is_told_and_not_lost(world, with_work):
    Membership.objects.filter(user=world.cora).update(ends_on=today())

    with at(now() + timedelta(days=1)):
        assert services.end_what_has_run_out() == 0
        assert "its owner has left" in {lost.why for lost in checks.nobody_lost()}


def test_a_role_ends_once(world):
    services.end_membership(by=world.oz, membership=held(world.bea))

    with pytest.raises(ValidationError, match="already ended"):
        services.end_membership(by=world.oz, membership=held(world.bea))


def test_closing_an_account_is_refused_with_the_list_too(world, with_work):
    with pytest.raises(WorkRemains):
        services.deactivate(by=world.adam, user=world.cora)
    assert world.cora.is_active

    services.deactivate(by=world.adam, user=world.cora, hand_over_to=world.cleo)

    assert not world.cora.is_active


def test_an_account_in_the_wrong_hands_closes_at_once_and_its_work_stays_listed(
    world, with_work, sign_in
):
    services.deactivate(by=world.adam, user=world.cora, at_once=True)

    assert handover.open_work(held(world.cora)) == [f"Referral {with_work.reference}"]
    page = sign_in(world.adam).get(f"/people/{world.cora.pk}/")
    assert "Open work without an owner" in page.text and with_work.reference in page.text
    services.end_membership(by=world.adam, membership=held(world.cora), hand_over_to=world.cleo)
    assert handover.open_work(held(world.cora)) == []


def test_the_last_administrator_stays(world):
    services.grant(
        by=None,
        user=world.pru,
        organisation=held(world.adam).organisation,
        role=roles.Administrator,
    )
    services.end_membership(by=world.pru, membership=held(world.adam))

    with pytest.raises(ValidationError, match="no administrator left"):
        services.end_membership(by=None, membership=held(world.pru, roles.Administrator))
    with pytest.raises(ValidationError, match="no administrator left"):
        services.deactivate(by=None, user=world.pru)
    theirs = held(world.pru, roles.Administrator).organisation
    Membership.objects.filter(organisation=theirs).exclude(user=world.pru).delete()
    theirs.is_open = False
    with pytest.raises(ValidationError, match="no administrator left"):
        services.save_organisation(by=world.pru, organisation=theirs)


@pytest.mark.parametrize("how", ["end_role", "close_account"])
def test_two_administrators_who_end_each_other_at_once_leave_one(committing, how):
    adam, pru = committing.adam, committing.pru
    services.grant(
        by=None, user=pru, organisation=held(adam).organisation, role=roles.Administrator
    )
    pairs = [(adam, pru), (pru, adam)]

    def end():
        by, user = pairs.pop()
        try:
            if how == "end_role":
                mine = held(user, roles.Administrator)
                return services.end_membership(by=by, membership=mine)
            return services.deactivate(by=by, user=user)
        except ValidationError as error:
            return error.messages
        except PermissionDenied:  # the other one was quicker: their role is gone already
            return []

    results = together(end, 2)

    refusals = [], ["There would be no administrator left. Invite another one first."]
    assert sum(result in refusals for result in results) == 1
    assert Membership.objects.in_force().as_role(roles.Administrator).count() == 1


def test_nobody_changes_their_own_roles(world):
    for first in ("adam", "oz"):
        user = getattr(world, first)
        mine = held(user)
        with pytest.raises(PermissionDenied):
            services.grant(by=user, user=user, organisation=mine.organisation, role=roles.Referrer)
        with pytest.raises(PermissionDenied):
            services.end_membership(by=user, membership=mine)
        with pytest.raises(PermissionDenied):
            services.deactivate(by=user, user=user)


def test_who_may_give_which_role_is_this_table(world):
    """Rows: who gives at the school; every role. An oracle written apart from the policies."""
    own = {"referrer", "mentor", "supervisor", "organisation_admin"}
    may = {"adam": {role.code for role in roles.ALL}, "oz": own}
    for first in ("adam", "oz", "alex", "cora", "sol", "pru", "ivy", "ed", "bo", "ana", "sam"):
        for role in roles.ALL:
            newcomer = services.add_person(
                by=None, email=f"{first}.{role.code}@example.org", name="New Invented"
            )
            areas = [world.city] if role.by_area else []
            expected = role.code in may.get(first, set())
            try:
                services.grant(
                    by=getattr(world, first),
                    user=newcomer,
                    organisation=world.school,
                    role=role,
                    areas=areas,
                )
                given = True
            except PermissionDenied:
                given = False
            assert given == expected, (first, role.code)


def test_an_organisation_administrator_gives_only_areas_that_the_organisation_serves(world):
    newcomer = services.add_person(by=None, email="n@example.org", name="New Invented")
    derby = Area.objects.get(code="E06000015")

    with pytest.raises(ValidationError, match="does not work in Derby"):
        services.grant(
            by=world.oz, user=newcomer, organisation=world.school, role=roles.Mentor, areas=[derby]
        )


def test_only_an_administrator_removes_an_administrator(world):
    unit = held(world.adam).organisation
    boss = services.add_person(by=None, email="boss@example.org", name="Boss", password="x" * 9)
    services.grant(by=None, user=boss, organisation=unit, role=roles.OrganisationAdministrator)

    with pytest.raises(PermissionDenied):
        services.end_membership(by=boss, membership=held(world.adam))
    with pytest.raises(PermissionDenied):
        services.deactivate(by=boss, user=world.adam)
    services.deactivate(by=boss, user=world.ana)
    assert not world.ana.is_active


def test_a_partner_cannot_close_the_account_of_somebody_who_also_works_elsewhere(world):
    services.grant(by=None, user=world.sid, organisation=world.school, role=roles.Referrer)

    with pytest.raises(PermissionDenied):
        services.deactivate(by=world.oz, user=world.sid)
    here = world.sid.memberships.get(organisation=world.school)
    services.end_membership(by=world.oz, membership=here)
    assert len(world.sid.standing) == 1


def test_reporting_never_goes_in_a_circle(world):
    assert held(world.max).reports_to == world.dev and held(world.dev).reports_to == world.cora
    with pytest.raises(ValidationError, match="report to themselves"):
        services.grant(
            by=None,
            user=world.cora,
            organisation=world.school,
            role=roles.Referrer,
            reports_to=world.max,
        )


def test_a_stand_in_holds_the_role_on_the_days_of_the_absence_only(world):
    first, last = today() + timedelta(days=1), today() + timedelta(days=3)
    services.set_cover(
        by=world.cora, membership=held(world.cora), cover=world.cleo, first=first, last=last
    )
    own = held(world.cleo)
    services.grant(
        by=None,
        user=world.cleo,
        organisation=own.organisation,
        role=roles.OrganisationAdministrator,
    )
    services.end_membership(by=None, membership=own)

    assert not world.cleo.holds(roles.Coordinator)
    for days, expected in ((1, True), (3, True), (4, False)):
        with at(now() + timedelta(days=days)):
            assert world.cleo.holds(roles.Coordinator, area_id=world.city.pk) is expected


def test_a_person_cannot_hand_their_role_to_anybody_they_like(world):
    for first in ("max", "alex", "adam", "sam", "cora"):
        with pytest.raises(ValidationError):
            services.set_cover(
                by=world.cora,
                membership=held(world.cora),
                cover=getattr(world, first),
                first=today(),
                last=today(),
            )
    with pytest.raises(PermissionDenied):
        services.set_cover(
            by=world.cleo,
            membership=held(world.cora),
            cover=world.cleo,
            first=today(),
            last=today(),
        )


def test_cover_reaches_whoever_they_report_to(world):
    services.set_cover(
        by=world.cora, membership=held(world.cora), cover=world.pru, first=today(), last=today()
    )

    assert world.pru.holds(roles.Coordinator)
    services.end_cover(by=world.cora, membership=held(world.cora))
    assert not world.pru.holds(roles.Coordinator)


def test_an_organisation_with_open_work_does_not_close(world, with_work):
    unit = held(world.cora).organisation
    unit.is_open = False

    with pytest.raises(WorkRemains):
        services.save_organisation(by=world.adam, organisation=unit)
    assert Organisation.objects.get(pk=unit.pk).is_open


def test_an_organisation_is_saved_with_its_areas_or_not_at_all(world):
    new = Organisation(name="Trent College", kind=Organisation.Kind.COLLEGE, sector="core")

    with pytest.raises(ValidationError):
        services.save_organisation(by=world.adam, organisation=new, areas=["no area"])
    assert not Organisation.objects.filter(name="Trent College").exists()
    services.save_organisation(by=world.adam, organisation=new, areas=[world.city])

    assert list(Organisation.objects.get(name="Trent College").areas.all()) == [world.city]


def test_the_same_role_twice_is_refused_in_words(world):
    with pytest.raises(ValidationError, match="already has this role"):
        services.grant(by=None, user=world.bea, organisation=world.school, role=roles.Referrer)
    services.end_membership(by=None, membership=held(world.bea))
    services.grant(by=None, user=world.bea, organisation=world.school, role=roles.Referrer)
    assert len(world.bea.standing) == 1


def test_rows_that_people_see_agree_with_what_they_manage(world):
    everybody = User.objects.count()
    seen = {
        first: set(User.objects.visible_to(getattr(world, first)).values_list("email", flat=True))
        for first in ("adam", "oz", "cora", "alex", "sam")
    }

    assert len(seen["adam"]) == everybody
    assert seen["oz"] == {f"{first}@example.org" for first in ("alex", "bea", "oz")}
    for first in ("cora", "alex", "sam"):
        assert seen[first] == {f"{first}@example.org"}
        assert {row.user for row in Membership.objects.visible_to(getattr(world, first))} == {
            getattr(world, first)
        }
    assert set(Organisation.objects.visible_to(world.alex)) == {world.school}
    assert set(Organisation.objects.managed_by(world.oz)) == {world.school}
    assert not Organisation.objects.managed_by(world.cora).exists()


def test_area_ids_reach_down_and_never_sideways(world):
    [mine] = world.cora.standing

    codes = set(Area.objects.filter(pk__in=mine.area_ids).values_list("code", flat=True))

    assert codes == {"NOTTS", "E06000018", "E07000170"}
    assert not world.cora.holds(roles.Coordinator, area_id=uuid.uuid4())
