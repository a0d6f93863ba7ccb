"""What somebody does about a gap: who plans it, who answers for it, where it stands."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError

from accounts import handover, roles, services
from accounts.models import Area, Membership
from casework.calendar import at, now, today
from cms.directory.loading import load_taxonomies
from cms.directory.models import TaxonomyTerm
from insight import handing, needs, reading
from insight.models import GapAction
from insight.periods import last_four_quarters
from tests.insight.test_needs import ASHFIELD, CITY, DERBY, page, postcode
from waymark.work import cards

ADD = "/insight/needs/actions/add/"


def plan(world, *, owner="ana", code=CITY, days=10, **changes):
    return GapAction.objects.create(
        area=Area.objects.get(code=code),
        action="Ask the clubs.",
        owner=getattr(world, owner),
        due_on=today() + timedelta(days=days),
        added_by=world.pru,
        **changes,
    )


def parts(name, day):
    return {f"{name}_{part}": getattr(day, part) for part in ("day", "month", "year")}


def typed(world, **changes):
    due = today() + timedelta(days=30)
    return {
        "area": world.city.pk,
        "need": "",
        "action": "Ask three clubs to open on Fridays.",
        "owner": world.bo.pk,
        **parts("due_on", due),
        **changes,
    }


@pytest.fixture
def pru(world, sign_in):
    return sign_in(world.pru)


def test_a_programme_manager_plans_an_action_and_all_readers_see_it(world, sign_in, pru):
    load_taxonomies()
    money = TaxonomyTerm.objects.of("need").get(code="money")

    out = pru.post(ADD, typed(world, need=money.pk), follow=True)

    assert "Bo Invented answers for “Ask three clubs to open on Fridays.”" in out.text
    row = GapAction.objects.get()
    assert (row.added_by, row.need, row.done_on) == (world.pru, money, None)
    for who in ("ana", "bo", "cora", "sam"):
        text = page(sign_in(getattr(world, who))).text
        assert "Ask three clubs" in text and "Bo Invented" in text and money.name in text


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"action": ""}, "Fill in “What will be done?”"),
        ({"action": "x" * 301}, "at most 300 characters"),
        ({"owner": ""}, "Choose an answer for “Who answers for it?”"),
        ({"owner": "nobody"}, "“Who answers for it?”"),
        ({"due_on_year": "2020"}, "The date by when must be today or in the future"),
        ({"area": "\x00"}, "“Which place?”"),
    ],
)
def test_an_action_that_is_none_is_said_at_its_field_and_stays_typed(world, pru, change, sentence):
    given = typed(world, **change)

    soup = BeautifulSoup(pru.post(ADD, given).content, "lxml")

    assert sentence in soup.select_one(".govuk-error-summary").text
    assert soup.select_one("#id_action").text.strip() == given["action"]
    assert not GapAction.objects.exists()


def test_who_answers_for_it_is_somebody_who_reads_the_figures(world, pru):
    out = pru.post(ADD, typed(world, owner=world.max.pk))

    assert out.status_code == 200 and not GapAction.objects.exists()


def test_a_manager_plans_for_their_own_places_only(world, pru):
    derby = Area.objects.get(code=DERBY)

    assert "Derby" not in pru.get(ADD).text
    assert pru.post(ADD, typed(world, area=derby.pk)).status_code == 200
    assert not GapAction.objects.exists()


def test_a_ward_can_have_an_action_from_the_page_of_its_district(world, pru):
    ward = Area.objects.create(
        kind=Area.Kind.WARD, parent=world.city, code="E05000001", name="Arboretum"
    )
    path = f"{ADD}?in={CITY}&place=E05000001"

    soup = BeautifulSoup(pru.get(path).content, "lxml")
    chosen = soup.select_one("#id_area option[selected]").text
    pru.post(path, typed(world, area=ward.pk))

    assert chosen == "Arboretum, Nottingham"
    assert GapAction.objects.get().area == ward
    assert "Ask three clubs" in page(pru, f"{CITY}/").text
    assert "Ask three clubs" not in page(pru, f"{ASHFIELD}/").text


def test_whoever_answers_for_it_says_that_it_is_done(world, sign_in, pru):
    row, day = plan(world, owner="bo"), today()
    path = f"/insight/needs/actions/{row.pk}/"
    done = parts("done_on", day)
    future = parts("done_on", day + timedelta(days=1))

    bo = sign_in(world.bo)
    assert "today or in the past" in bo.post(path, future).text
    assert sign_in(world.ana).post(path, done).status_code == 403
    assert "is done" in bo.post(path, done, follow=True).text

    row.refresh_from_db()
    assert (row.done_on, row.done_by) == (day, world.bo)
    assert bo.post(path, done).status_code == 403, "once"
    assert "Ask the clubs." not in page(pru).text
    assert "Ask the clubs." in pru.get("/insight/needs/actions/").text


def test_a_manager_moves_the_day_of_what_is_late_already(world, pru):
    row = plan(world, days=-3)
    path = f"/insight/needs/actions/{row.pk}/change/"

    assert "Ask the clubs." in pru.get(path).text
    pru.post(path, typed(world, action="Ask them again."))

    row.refresh_from_db()
    assert row.action == "Ask them again." and not row.is_late


def test_what_is_late_is_on_my_work_of_whoever_answers_for_it(world, sign_in):
    for days, owner in ((-1, "bo"), (0, "bo"), (-9, "ana")):
        plan(world, owner=owner, days=days)
    plan(world, owner="bo", days=-5, done_on=today(), done_by=world.bo)

    [card] = cards(world.bo)
    soup = BeautifulSoup(sign_in(world.bo).get(card.url).content, "lxml")

    assert (card.count, card.label) == (1, "Late actions on gaps")
    assert len(soup.select("table tbody tr")) == 1 and "Late" in soup.select_one("tbody").text
    assert cards(world.ivy) == [] and "Late actions on gaps" not in [
        card.label for card in cards(world.pru)
    ]


def test_the_page_names_the_gaps_for_which_nobody_has_anything_to_do(world, pru):
    postcode("NG1 1AA", CITY, "E01000001", 1)
    postcode("NG17 1AA", ASHFIELD, "E01000002", 9)
    assessment = needs.districts(last_four_quarters())

    assert [p.name for p in reading.unanswered(assessment, [])] == ["Nottingham"]
    assert "plan an action for Nottingham" in " ".join(page(pru).text.split())
    assert reading.unanswered(assessment, [plan(world)]) == []


def test_nobody_leaves_an_action_behind_when_they_stop_reading_the_figures(world):
    row = plan(world, owner="ana")
    role = Membership.objects.get(user=world.ana)

    assert handover.open_work(role) == ["Action on the gap of Nottingham"]
    with pytest.raises(ValidationError, match="does not read the figures"):
        handing.hand_over(membership=role, to=world.max, by=world.adam)
    handing.hand_over(membership=role, to=world.bo, by=world.adam)

    row.refresh_from_db()
    assert row.owner == world.bo and handing.open_work(role) == []


def test_an_action_follows_a_role_that_has_run_out(world):
    row = plan(world, owner="ana")
    role, last = world.ana.memberships.get(), today() + timedelta(days=2)
    Membership.objects.filter(pk=role.pk).update(ends_on=last, successor=world.bo)

    with at(now() + timedelta(days=3)):
        assert services.end_what_has_run_out() == 1

    row.refresh_from_db()
    assert row.owner == world.bo


def test_with_two_reading_roles_an_action_goes_over_once(world):
    plan(world, owner="ana")
    [role] = Membership.objects.filter(user=world.ana)
    second = Membership.objects.create(
        user=world.ana, organisation=role.organisation, role=roles.BoardMember.code,
        starts_on=today(),
    )  # fmt: skip

    assert len(handing.open_work(role)) + len(handing.open_work(second)) == 1
