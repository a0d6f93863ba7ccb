from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts import readiness, roles, services
from accounts.clock import at, today
from accounts.models import Area, DutyShift, Membership, deputy, on_duty
from tests.accounts.doors import together

CHRISTMAS_WEEK = date(2029, 12, 24)  # a Monday; Tuesday and Wednesday are bank holidays


def plan(world, **changes):
    given = {
        "by": None,
        "user": world.sol,
        "area": Area.objects.get(code="NOTTS"),
        "weekdays": range(5),
        "starts": time(9),
        "ends": time(17),
        "first": CHRISTMAS_WEEK,
        "last": CHRISTMAS_WEEK + timedelta(days=6),
    }
    return services.plan_duty(**given | changes)


def utc(day, hour, minute=0):
    return datetime(2029, 12, day, hour, minute, tzinfo=UTC)


@pytest.fixture
def empty_rota(world):
    DutyShift.objects.all().delete()
    return world


def test_a_weekly_pattern_leaves_bank_holidays_and_weekends_out(empty_rota):
    days = [shift.starts_at.date().day for shift in plan(empty_rota)]

    assert days == [24, 27, 28]


def test_a_pattern_written_twice_is_there_once(empty_rota):
    plan(empty_rota)
    plan(empty_rota)

    assert DutyShift.objects.count() == 3


def test_shifts_are_in_london_time_also_in_summer(empty_rota):
    [shift] = plan(empty_rota, first=date(2029, 7, 2), last=date(2029, 7, 2))

    assert shift.starts_at == datetime(2029, 7, 2, 8, tzinfo=UTC)


def test_the_lead_answers_from_the_first_to_before_the_last_minute(empty_rota):
    world = empty_rota
    plan(world)

    assert on_duty(world.city.pk, utc(24, 8, 59)) is None
    assert on_duty(world.city.pk, utc(24, 9)) == world.sol
    assert on_duty(world.city.pk, utc(24, 16, 59)) == world.sol
    assert on_duty(world.city.pk, utc(24, 17)) is None
    assert on_duty(world.city.pk, utc(25, 12)) is None


def test_a_shift_of_the_district_comes_before_that_of_the_area_above(empty_rota):
    world = empty_rota
    plan(world)
    plan(world, user=world.sky, area=world.city, starts=time(10))

    assert on_duty(world.city.pk, utc(24, 9, 30)) == world.sol
    assert on_duty(world.city.pk, utc(24, 11)) == world.sky
    assert on_duty(Area.objects.get(code="E07000170").pk, utc(24, 11)) == world.sol
    assert on_duty(Area.objects.get(code="E06000015").pk, utc(24, 11)) is None


def test_a_night_shift_runs_into_the_next_day_and_over_bank_holidays(empty_rota):
    world = empty_rota
    plan(world, weekdays=range(7), starts=time(17), ends=time(9), is_out_of_hours=True)

    assert on_duty(world.city.pk, utc(25, 3)) == world.sol
    assert on_duty(world.city.pk, utc(25, 23)) == world.sol


def test_whoever_no_longer_leads_is_not_asked(empty_rota):
    world = empty_rota
    plan(world)
    with at(utc(24, 10)):
        membership = world.sol.memberships.get()
        services.end_membership(by=None, membership=membership)

        assert on_duty(world.city.pk, utc(24, 10)) is None
        assert deputy(world.city.pk, utc(24, 10)) == world.sky


def test_who_stands_in_answers_for_a_lead_who_is_away(empty_rota):
    world = empty_rota
    plan(world)
    with at(utc(24, 8)):
        services.set_cover(
            by=world.sol,
            membership=world.sol.memberships.get(),
            cover=world.sky,
            first=CHRISTMAS_WEEK,
            last=CHRISTMAS_WEEK,
        )

        assert on_duty(world.city.pk, utc(24, 10)) == world.sky


def test_outside_the_rota_the_deputy_is_another_lead_of_the_area(empty_rota):
    world = empty_rota
    plan(world)

    assert deputy(world.city.pk, utc(24, 10)) == world.sky
    assert deputy(world.city.pk, utc(25, 3)) in {world.sol, world.sky}
    plan(world, user=world.sky, position=DutyShift.Position.DEPUTY, weekdays=range(7),
         is_out_of_hours=True)  # fmt: skip
    assert deputy(world.city.pk, utc(25, 10)) == world.sky
    assert deputy(Area.objects.get(code="E06000015").pk, utc(25, 3)) == world.sam


def test_only_safeguarding_leads_are_on_the_rota(empty_rota):
    with pytest.raises(ValidationError, match="not a safeguarding lead"):
        plan(empty_rota, user=empty_rota.cora)


def test_who_may_plan_the_rota(empty_rota):
    world = empty_rota
    for first in ("adam", "pru", "sol", "sky"):
        plan(world, by=getattr(world, first))
    for first in ("cora", "max", "alex", "oz", "sam"):
        with pytest.raises(PermissionDenied):
            plan(world, by=getattr(world, first))


def test_a_rota_is_planned_for_a_year_at_most(empty_rota):
    for last in (CHRISTMAS_WEEK - timedelta(days=1), CHRISTMAS_WEEK + timedelta(days=400)):
        with pytest.raises(ValidationError):
            plan(empty_rota, last=last)


def test_a_rota_for_the_last_days_that_there_are_is_refused(empty_rota):
    for first in (date(9999, 1, 4), date.max):
        with pytest.raises(ValidationError, match="at most a year"):
            plan(empty_rota, first=first, last=date.max, starts=time(17), ends=time(9))
    plan(empty_rota, first=date(9999, 1, 4), last=date(9999, 1, 4))

    assert DutyShift.objects.count() == 1


def test_a_plan_sent_twice_at_once_is_written_once(committing):
    DutyShift.objects.all().delete()

    results = together(lambda: len(plan(committing)))

    assert sorted(results) == [0, 0, 0, 3]
    assert DutyShift.objects.count() == 3


def test_the_world_is_ready_and_each_missing_thing_is_named(world):
    assert readiness.missing() == []

    DutyShift.objects.all().delete()
    for first in ("cora", "cleo"):
        services.end_membership(by=None, membership=getattr(world, first).memberships.get())
    missing = readiness.missing()

    assert "No coordinator has joined yet for Ashfield and Nottingham." in missing
    assert any("duty rota is empty" in sentence for sentence in missing)


def test_somebody_who_was_invited_and_has_not_joined_does_not_count(world):
    for lead in (world.sol, world.sky):
        lead.joined_at = None
        lead.save()

    assert readiness.missing() == [
        "No safeguarding lead has joined yet for Ashfield and Nottingham."
    ]


def test_an_empty_system_says_first_that_the_areas_are_missing(world):
    Membership.objects.all().delete()
    Area.objects.filter(kind=Area.Kind.DISTRICT).update(kind=Area.Kind.WARD)

    assert readiness.missing()[0] == "The areas that the unit works in have not been entered."


def test_an_upper_package_adds_what_it_needs(world):
    def check():
        return ["No numbers yet."]

    readiness.register(check)
    try:
        assert readiness.missing() == ["No numbers yet."]
    finally:
        readiness._checks.remove(check)


def test_the_end_of_the_rota_is_said_a_fortnight_before(world):
    last = DutyShift.objects.order_by("-ends_at").first().ends_at
    with at(last - timedelta(days=20)):
        assert readiness.soon_missing() == []
    with at(last - timedelta(days=10)):
        assert "The duty rota ends on" in readiness.soon_missing()[0]


def test_every_role_has_a_name_a_description_and_something_it_may_do():
    for role in roles.ALL:
        assert role.name and role.description.endswith(".") and role.capabilities
    assert len(roles.by_code) == len(roles.ALL) == 13


WEEK = {
    "weekdays": ["0", "1"],
    "starts": "9am",
    "ends": "17:00",
    "position": "lead",
    "first_day": "24", "first_month": "12", "first_year": "2029",
    "last_day": "30", "last_month": "12", "last_year": "2029",
}  # fmt: skip


def test_a_lead_plans_a_week_on_the_page_and_takes_a_shift_out(empty_rota, sign_in):
    client, area = sign_in(empty_rota.sol), Area.objects.get(code="NOTTS")
    typed = {**WEEK, "user": empty_rota.sky.pk, "area": area.pk}

    answer = client.post("/rota/plan/", typed, follow=True).content.decode()

    assert "1 shift added" in answer  # Tuesday is Christmas Day
    [shift] = DutyShift.objects.all()
    assert "The rota goes until Monday 24 December" in answer.replace("\xa0", " ")
    gone = client.post(f"/rota/{shift.pk}/drop/", follow=True).content.decode()
    assert "out of the rota" in gone and "Nobody is on duty" in gone
    assert client.post(f"/rota/{shift.pk}/drop/").status_code == 404


def test_a_wrong_plan_is_said_next_to_where_it_was_typed(empty_rota, sign_in):
    answer = sign_in(empty_rota.sol).post("/rota/plan/", {**WEEK, "starts": "late", "weekdays": []})

    html = answer.content.decode()
    assert "Error:" in html and "Enter a time, like 2:30pm" in html
    assert 'value="late"' in html
    assert not DutyShift.objects.exists()


def test_a_shift_that_has_begun_stays(world, sign_in):
    shift = DutyShift.objects.filter(user=world.sol).order_by("starts_at")[0]

    moment = shift.starts_at + timedelta(minutes=5)
    with at(moment), pytest.raises(ValidationError, match="has begun"):
        services.drop_shift(by=world.sol, shift=shift)

    assert DutyShift.objects.filter(pk=shift.pk).exists()


def test_my_work_says_when_the_rota_ends(empty_rota, sign_in):
    plan(empty_rota, first=today(), last=today(), weekdays=range(7), is_out_of_hours=True)

    assert "The duty rota ends on" in sign_in(empty_rota.sol).get("/work/").content.decode()
    assert "The duty rota ends on" not in sign_in(empty_rota.max).get("/work/").content.decode()


def test_a_shift_in_the_past_is_refused_to_whoever_plans(empty_rota):
    with pytest.raises(ValidationError, match="first day has passed"):
        plan(empty_rota, by=empty_rota.sol, first=today() - timedelta(days=1), last=today())


def test_days_that_do_not_come_are_said(empty_rota):
    with pytest.raises(ValidationError, match="None of these days lies between"):
        plan(empty_rota, weekdays=[5], last=CHRISTMAS_WEEK + timedelta(days=1))
