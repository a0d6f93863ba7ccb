"""What the directory has for somebody like them: chosen from the answers, with its reasons."""

import pytest
from bs4 import BeautifulSoup

from accounts.models import Area
from casework.workflow import move
from cms.directory import listings, loading
from cms.models import Demand, Provider, Service, TaxonomyTerm
from cms.signposting import services_that_suit, services_to_signpost
from referrals.choices import Interest, Part, Scope
from referrals.fitting import OF_GROUP, OF_INTEREST, OF_PART, OF_SCOPE, OF_STATUS, terms_of
from referrals.models import Assignment, Referral
from waymark.demo import making

CODES = {
    code
    for table in (OF_SCOPE, OF_PART, OF_INTEREST, OF_GROUP, OF_STATUS)
    for codes in table.values()
    for code in codes
}


@pytest.fixture
def directory(world):
    """Three services: boxing for all of the county, a carers' group, and boxing for adults."""
    loading.load_taxonomies()
    provider = Provider.objects.create(name="Leen Trust (invented)", live=True)

    def add(title, *codes, area=world.city, **values):
        service = Service(title=title, summary="Help.", provider=provider, **values)
        service.terms = list(TaxonomyTerm.objects.filter(code__in=codes))
        service.areas = [area]
        service.save()
        return service

    add("Knife talks", "weapons", "peer-conflict", is_professional_only=True)
    add("Boxing (all)", "sport", minimum_age=10, maximum_age=18)
    add("Boxing (adults)", "sport", minimum_age=18)
    add("Boxing (elsewhere)", "sport", area=Area.objects.get(code="E06000015"))
    add("Money advice", "money-advice")
    listings.catch_up()


@pytest.fixture
def referral(world):
    changes = {"scope": ["knife_possession"], "interests": ["boxing"]}
    sent = making.refer(by=world.alex, programme=world.programme, **changes)
    return Referral.objects.whole().get(pk=sent.pk)


def test_every_term_that_is_asked_for_is_one_of_the_taxonomies(db):
    loading.load_taxonomies()
    assert set(TaxonomyTerm.objects.filter(code__in=CODES).values_list("code", flat=True)) == CODES
    assert set(OF_SCOPE) == set(Scope) and set(OF_PART) == set(Part)
    assert set(OF_INTEREST) <= set(Interest)


def shown(client, referral):
    """The services of the tab, with what each is for."""
    page = client.get(f"/referrals/{referral.reference}/?tab=help")
    soup = BeautifulSoup(page.content, "lxml")
    return {
        card.h3.text: card.find_previous_sibling("p").text.removeprefix("For: ")
        for card in soup.select("article.wm-service")
    }


def test_the_team_sees_what_fits_and_for_what(world, directory, referral, sign_in):
    assert shown(sign_in(world.cora), referral) == {
        "Knife talks": "Carrying a knife or weapon",
        "Boxing (all)": "Sport and fitness",
    }


def test_a_mentor_sees_nothing_that_tells_why_they_were_referred(
    world, directory, referral, sign_in
):
    accepted = making.accept(referral, by=world.cora)
    given = {"worker": world.max, "role": Assignment.Role.MENTOR}
    asked = move(accepted, "allocate", by=world.cora, **given)
    move(asked, "take_on", by=world.max)
    assert shown(sign_in(world.max), accepted) == {"Boxing (all)": "Sport and fitness"}


def test_those_who_refer_have_no_such_tab(world, directory, referral, sign_in):
    page = sign_in(world.alex).get(f"/referrals/{referral.reference}/?tab=help")
    assert page.status_code == 200 and b"Knife talks" not in page.content


def test_a_coordinator_who_declines_is_offered_what_fits_best_first(world, directory, referral):
    offered = services_to_signpost(
        age=15, area=referral.area, terms=terms_of(referral, in_full=True)
    )
    assert [title for _, title in offered] == ["Boxing (all)", "Money advice"]


@pytest.mark.parametrize("code", ["E06000018", "NOTTS"])
def test_who_lives_somewhere_in_the_whole_area_is_shown_what_a_district_of_it_has(directory, code):
    area = Area.objects.get(code=code)
    found = services_that_suit(age=15, area=area, terms={"sport"})
    assert [each.card["name"] for each in found] == ["Boxing (all)"]


def test_who_is_in_school_and_who_is_not(referral):
    assert {"attendance", "school-inclusion"} <= terms_of(referral, in_full=False)
    referral.education.status, referral.education.sessions_missed = "620", None
    assert {"neet", "young-carers"} <= terms_of(referral, in_full=False)
    assert "attendance" not in terms_of(referral, in_full=False)


@pytest.mark.parametrize("is_named", [True, False])
def test_who_is_declined_with_no_service_to_name_counts_as_a_need_that_is_not_met(
    world, directory, referral, is_named
):
    case = move(referral, "start_triage", by=world.cora)
    services = Service.objects.filter(title="Boxing (all)") if is_named else []
    words = {"reason": "age", "words": "Sorry.", "signposted_to": [s.pk for s in services]}

    move(case, "decline", by=world.cora, **words)

    counted = set(Demand.objects.values_list("district", "mark", "count"))
    missing = {("E06000018", f"missing:{need}", 1) for need in ("attendance", "weapons")}
    assert counted == (set() if is_named else missing)
