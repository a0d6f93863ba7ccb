"""Narrowing a search: what each filter finds, what it would find, what is open now."""

import re
from datetime import datetime, time, timedelta

import pytest
from bs4 import BeautifulSoup
from django.http import QueryDict

from accounts.clock import LONDON, at
from cms.directory import listings
from cms.directory.asking import read
from cms.directory.languages import Language
from cms.directory.search import find
from cms.models import Schedule, Service
from tests.cms.searching import every_name, hits, names, notices, page, query_of, sign


def test_need_filter_finds_the_services_with_that_need(site):
    expected = set(Service.objects.filter(terms__code="money").values_list("title", flat=True))

    assert every_name(need=sign("money")) == expected


def test_two_needs_find_the_services_with_either(site):
    both = every_name(need=[sign("money"), sign("homeless")])

    assert both == every_name(need=sign("money")) | every_name(need=sign("homeless"))


@pytest.mark.parametrize("age", [0, 7, 14, 18, 30])
def test_age_filter_finds_what_suits_that_age(site, age):
    expected = {
        service.title
        for service in Service.objects.all()
        if (service.minimum_age or 0) <= age <= (service.maximum_age or 200)
    }

    assert every_name(age=age) == expected


def test_area_filter_finds_chosen_districts_whole_counties_and_anywhere(site):
    found = every_name(area="bassetlaw")

    assert {"Mentoring groups in Worksop", "One-to-one mentor", "Online and safe"} <= found
    assert "Harbour House youth club" not in found


def test_free_and_online_filters(site):
    assert every_name(cost="free") == set(
        Service.objects.filter(cost="free").values_list("title", flat=True)
    )
    assert every_name(how=["online", "phone"]) == {
        service.title
        for service in Service.objects.all()
        if service.is_online or service.is_by_phone
    }


def counts(soup: BeautifulSoup) -> dict[str, int]:
    """What each filter that is a link or is off says it would find, by its address or words."""
    found = {}
    for item in soup.select(".wm-filters li"):
        link, said = item.select_one("a"), re.search(r"\((\d+)\)", item.text)
        if said:
            found[link["href"] if link else item.text] = int(said[1])
    return found


@pytest.mark.parametrize(
    "query",
    [
        pytest.param({}, marks=pytest.mark.thorough),
        {"q": "help", "age": 14},
        pytest.param({"cost": ["free"], "how": ["online"]}, marks=pytest.mark.thorough),
        {"need": "money", "area": ["bassetlaw", "nottingham"], "place": "NG7", "within": 10},
        pytest.param({"age": "14-17", "open": "now"}, marks=pytest.mark.thorough),
    ],
    ids=str,
)
def test_every_filter_says_how_many_it_would_find_with_the_others_kept(site, query):
    query = {name: sign(value) if name == "need" else value for name, value in query.items()}
    soup = page(**query)
    own = {name for name, value in query.items() if isinstance(value, list) or name == "need"}
    ours = QueryDict(query_of(query))

    said = counts(soup)

    assert len(said) > 30 and {"Open", "Age"} <= {h.text for h in soup.select(".wm-filters h2")}
    for href, count in said.items():
        if not href.startswith("/"):
            assert count == 0
            continue
        asked = QueryDict(href.partition("?")[2], mutable=True)
        for name in {"age", "within", "open"} & set(query):  # taken off, it says what it finds
            asked.setlist(name, asked.getlist(name) or ours.getlist(name))
        for name in own:  # of its own facet a choice counts alone
            if asked.getlist(name) != ours.getlist(name):
                new = set(asked.getlist(name)) ^ set(ours.getlist(name))
                asked.setlist(name, sorted(new))
        assert find(read(asked).asked).total == count, href


GROUPS = {"0-4": (0, 4), "5-10": (5, 10), "11-13": (11, 13), "14-17": (14, 17), "25-120": (25, 120)}


@pytest.mark.parametrize("group", GROUPS)
def test_a_group_of_ages_finds_what_suits_somebody_of_it(site, group):
    youngest, oldest = GROUPS[group]
    expected = {
        service.title
        for service in Service.objects.all()
        if (service.minimum_age or 0) <= oldest and (service.maximum_age or 200) >= youngest
    }

    assert every_name(age=group) == expected


def test_ages_are_options_of_which_one_is_on_at_a_time(site):
    soup = page(age=14, cost="free")
    other = next(link for link in soup.select(".wm-filters a") if "11 to 13" in link.text)
    assert other["href"] == "/directory/?age=11-13&cost=free"

    soup = page(age="11-13", cost="free")
    assert soup.select_one("#age option[selected]")["value"] == "11-13"
    on = next(link for link in soup.select(".wm-filters a") if "11 to 13" in link.text)
    assert (on["aria-current"], on["href"]) == ("true", "/directory/?cost=free")
    chip = next(a for a in soup.select(".wm-chips a") if "Suits ages 11 to 13" in a.text)
    assert chip["href"] == "/directory/?cost=free"


def test_what_would_find_nothing_is_off_and_there_all_the_same(site):
    Service.objects.exclude(title="Forest days").update(languages=[])
    listings.refresh(Service.objects.values_list("pk", flat=True))
    group = next(g for g in page().select(".wm-filters__group") if "Languages" in g.text)

    assert len(group.select("li")) == len(Language) - 1  # English is spoken everywhere
    assert group.select("a") == [] and not group.has_attr("open")
    assert group.select("li")[0].text == "British Sign Language (0)"


def test_support_is_found_by_what_a_service_says_it_is_set_up_for(site):
    expected = set(
        Service.objects.filter(support_for__contains=["ASD"]).values_list("title", flat=True)
    )
    soup = page(send="asd")

    assert len(expected) > 2 and every_name(send="asd") == expected
    assert {"Support for: Autism"} == {
        chip.text.split("Remove")[1].split("×")[0].strip() for chip in soup.select(".wm-chip")
    }
    either = Service.objects.filter(support_for__overlap=["HI", "VI"])
    assert every_name(send=["hi", "vi"]) == {service.title for service in either}
    assert "Supported work year" in names(page(q="hearing"))


def test_open_now_finds_what_is_open_and_then_what_does_not_say(site):
    monday_at_ten = datetime(2026, 11, 23, 10, 0, tzinfo=LONDON)
    for schedule in Schedule.objects.filter(service__title="Money chat"):
        schedule.delete()

    with at(monday_at_ten):
        shown = [hit for n in (1, 2, 3) for hit in hits(open="now", page=n)]
    with at(monday_at_ten + timedelta(hours=13)):
        at_night = {hit.service_id for hit in hits(open="now") if not hit.is_unsure}

    sure = [hit.service_id for hit in shown if not hit.is_unsure]
    assert [hit.is_unsure for hit in shown] == sorted(hit.is_unsure for hit in shown)
    assert sure and set(sure) == {
        row.service_id
        for row in Schedule.objects.filter(days__contains=["MO"], every="WEEKLY")
        if row.opens_at
        and not row.words
        and row.opens_at <= time(10)
        and (not row.closes_at or row.closes_at > time(10))
    }
    assert Service.objects.get(title="Money chat").pk in {
        h.service_id for h in shown if h.is_unsure
    }
    assert at_night < set(sure) or not at_night & set(sure)


TUESDAY_AT_ONE = datetime(2026, 11, 24, 13, 0, tzinfo=LONDON)


def said_open(moment: datetime, title: str) -> bool | None:
    """Whether it is said to be open; None when it is not found at all."""
    service = Service.objects.get(title=title)
    with at(moment):
        found = [hit for n in (1, 2, 3) for hit in hits(open="now", page=n)]
    return next((not hit.is_unsure for hit in found if hit.service_id == service.pk), None)


def set_hours(title: str, days: list[str], **more) -> None:
    service = Service.objects.get(title=title)
    service.schedules.all().delete()
    Schedule.objects.create(
        service=service, days=days, opens_at=time(9), closes_at=time(17), **more
    )


def test_hours_of_term_time_or_of_some_weeks_are_no_promise(site):
    every_week, at_noon = ["TU"], TUESDAY_AT_ONE

    set_hours("Money chat", every_week)
    assert said_open(at_noon, "Money chat") is True
    set_hours("Money chat", every_week, words="in term time")
    assert said_open(at_noon, "Money chat") is False
    set_hours("Money chat", every_week, every=Schedule.Every.MONTH)
    assert said_open(at_noon, "Money chat") is False
    assert said_open(at_noon + timedelta(days=1), "Money chat") is None
    with at(at_noon):
        cards = page(open="now", q="money").select(".wm-service")
    card = next(each for each in cards if "Money chat" in each.h3.text)
    assert "Ask them if it is on today" in card.text


def test_on_a_bank_holiday_only_what_is_open_every_day_is_said_to_be_open(site):
    boxing_day = datetime(2026, 12, 28, 13, 0, tzinfo=LONDON)  # kept on the Monday
    set_hours("Money chat", ["MO", "TU"])
    set_hours("Forest days", list(Schedule.Day.values))

    assert said_open(boxing_day, "Money chat") is False
    assert said_open(boxing_day, "Forest days") is True
    assert said_open(boxing_day + timedelta(days=7), "Money chat") is True


def test_nothing_open_now_offers_what_is_there_at_any_time_with_its_count(site):
    at_night = datetime(2026, 11, 23, 3, 0, tzinfo=LONDON)
    with at(at_night):
        soup = page(q="boxing", open="now")

    offer = next(link for link in soup.select(".wm-empty a") if "at any time" in link.text)
    assert f"({len(every_name(q='boxing'))} found)" in offer.parent.text


def test_a_bank_holiday_is_said(site):
    with at(datetime(2026, 12, 25, 10, 0, tzinfo=LONDON)):
        assert "bank holiday" in notices(page(open="now"))
    with at(datetime(2026, 12, 23, 10, 0, tzinfo=LONDON)):
        assert "bank holiday" not in notices(page(open="now"))


def test_filters_narrow_each_other(site):
    found = every_name(need=sign("mental-health"), age=14, area="nottingham", cost="free")

    assert found < every_name(need=sign("mental-health"))
    assert "Quiet Minds drop-in" in found


def test_chips_take_off_one_filter_each(site):
    soup = page(q="boxing", age=14, cost="free", area="nottingham")

    chips = {" ".join(chip.text.split()): chip["href"] for chip in soup.select(".wm-chip")}
    assert chips["Remove Free ×"] == "/directory/?q=boxing&age=14&area=nottingham"
    assert chips["Remove “boxing” ×"] == "/directory/?age=14&cost=free&area=nottingham"
    assert len(chips) == 4


def test_links_keep_the_other_filters_and_start_at_the_first_page(site):
    soup = page(q="help", age=14, page=2)

    links = [a["href"] for a in soup.select(".wm-filters a")]
    assert "/directory/?q=help&age=14&cost=free" in links
    assert not any("page=" in link for link in links)


def test_form_keeps_the_filters_that_it_does_not_show(site):
    form = page(need=sign("money"), cost="free", place="NG7", within=5).select_one(
        "form[role=search]"
    )

    hidden = {field["name"]: field["value"] for field in form.select("input[type=hidden]")}
    assert hidden == {"need": sign("money"), "cost": "free", "within": "5"}
