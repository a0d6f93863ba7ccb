"""What is for professionals only: they find it when they have signed in, and nobody else ever."""

from datetime import date

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from cms.directory import listings, record
from cms.directory.models import TrackRecord
from cms.models import Listing, ProfessionalListing, Provider, Service, TaxonomyTerm, Word
from cms.signposting import services_named, services_to_signpost
from tests.cms.searching import names, sign
from tests.thorough import mostly

PROFESSIONALS = ["alex", "cora", "sol", "dev", "max", "ada", "pru"]
OTHERS = ["ana", "bo", "ivy", "ed", "oz", "adam"]
NAME, WORD = "Panel for Quokka planning", "quokka"
PUBLIC_PAGES = [
    "/directory/",
    "/directory/?q=quokka",
    "/directory/?q=quoka",
    "/directory/?view=map&place=NG1&within=5",
    "/directory/?place=NG1&within=1&open=now",
    "/directory/my/list/?service=panel-for-quokka-planning",
    "/embed/?rows=20",
    "/embed/?q=quokka",
    "/sitemap.xml",
    "/sitemap-services.xml",
    "/sitemap-providers.xml",
    "/sitemap-searches.xml",
    "/oruk/v3/services?per_page=100",
    "/oruk/v3/services?search=quokka",
    "/oruk/v3/services?modified_after=2026-01-01T00:00:00Z&per_page=100",
    "/oruk/v3/services?format=ndjson",
    "/oruk/status",
    "/oruk/v3/service_at_locations?per_page=100",
    "/oruk/v3/organizations?per_page=100",
]


def plant() -> Service:
    """A service for professionals that would stand in every one of the lists."""
    like = Service.objects.get(title="Money chat")
    service = Service(title=NAME, provider=like.provider, is_professional_only=True, live=False)
    service.summary, service.how_to_refer = "We talk about one quokka.", "Ring the quokka desk."
    service.terms = [*like.terms.all(), TaxonomyTerm.objects.get(code="weapons")]
    service.service_at_locations = [
        type(at)(location=at.location, sort_order=at.sort_order)
        for at in like.service_at_locations.all()
    ]
    service.save()
    service.save_revision().publish()
    return Service.objects.get(pk=service.pk)


def soup(client: Client, path: str) -> BeautifulSoup:
    response = client.get(path)
    assert response.status_code == 200 and "UNDEFINED" not in response.text
    return BeautifulSoup(response.content, "lxml")


def read(path: str) -> bytes:
    return Client().get(path).getvalue()


@pytest.mark.thorough
def test_nothing_public_changes_by_a_letter_when_one_is_there(site):
    before = {path: read(path) for path in PUBLIC_PAGES}

    service = plant()

    assert ProfessionalListing.objects.filter(service=service).exists()
    for path, content in before.items():
        assert read(path) == content, path
    assert Client().get(service.get_absolute_url()).status_code == 404
    assert Client().get(f"/oruk/v3/services/{service.pk}").status_code == 404
    assert Client().get(f"{service.get_absolute_url()}wrong/").status_code == 404


def test_the_feed_tells_that_it_has_gone_only_where_it_was_public_before(site):
    never = plant()
    before = Service.objects.get(title="Money chat")
    before.is_professional_only = True
    before.save_revision().publish()

    def state(service: Service) -> str | int:
        return Client().get(f"/oruk/v3/services/{service.pk}").json().get("status")

    assert (state(never), state(before)) == (404, "inactive")
    changed = "/oruk/v3/services?modified_after=2026-01-01T00:00:00Z&per_page=100"
    assert NAME not in Client().get(changed).text


def test_nothing_that_is_made_of_the_public_rows_knows_it(site):
    service = plant()

    listings.learn_words_anew()

    assert not Listing.objects.filter(service=service).exists()
    assert not Word.objects.filter(word=WORD).exists()
    assert services_named([service.pk]) == []
    offered = services_to_signpost(age=None, area=None, most=1000)
    assert NAME not in {title for _, title in offered}


@pytest.mark.parametrize("who", mostly(PROFESSIONALS, plain="alex cora max"))
def test_professionals_find_and_open_it(site, sign_in, who):
    service, client = plant(), sign_in(getattr(site, who))

    found = soup(client, "/directory/?q=quokka")
    assert names(found) == [NAME]
    assert found.select_one(".wm-service .wm-tag").text == "For professionals"
    opened = soup(client, service.get_absolute_url())
    assert "Ring the quokka desk." in opened.main.text
    assert "This page is not on the public site" in opened.main.text


def test_a_word_that_only_they_can_find_is_no_mistake_of_theirs(site, sign_in):
    plant()

    inside = soup(sign_in(site.alex), "/directory/?q=panel")

    assert names(inside)[0] == NAME and "Showing results for" not in inside.main.text


@pytest.mark.parametrize("who", mostly(OTHERS, plain="ana ed"))
def test_others_who_have_signed_in_see_what_the_public_sees(site, sign_in, who):
    service, client = plant(), sign_in(getattr(site, who))

    assert names(soup(client, "/directory/?q=quokka")) == []
    assert client.get(service.get_absolute_url()).status_code == 404
    assert not soup(client, "/directory/money-chat/").select("#for-professionals")


def test_a_password_without_the_second_factor_is_not_enough(site):
    service, client = plant(), Client()
    client.force_login(site.cora, backend="accounts.backends.StandingBackend")

    assert client.get(service.get_absolute_url()).status_code == 404
    assert names(soup(client, "/directory/?q=quokka")) == []


def test_it_is_counted_filtered_and_put_on_the_map_for_professionals(site, sign_in):
    plant()
    client, stranger = sign_in(site.alex), Client()
    path = f"/directory/?need={sign('money')}&place=NG7&within=20&view=map"

    inside, outside = soup(client, path), soup(stranger, path)

    assert set(names(inside)) - set(names(outside)) == {NAME}
    assert any(NAME in pin["aria-label"] for pin in inside.select(".wm-map a"))
    assert not inside.select("#keep-panel-for-quokka-planning")


def test_what_a_professional_saw_is_kept_by_nobody(site, sign_in):
    service = plant()

    for path in ("/directory/?q=quokka", service.get_absolute_url()):
        response = sign_in(site.alex).get(path)
        assert response.headers["Cache-Control"] == "no-store, private"


def test_how_to_refer_is_on_a_public_service_for_professionals_only(site, sign_in):
    service = Service.objects.get(title="One-to-one mentor")
    service.how_to_refer, service.is_referred_here = "Talk with the family first.", True
    service.save_revision().publish()
    path = service.get_absolute_url()

    inside = soup(sign_in(site.alex), path)

    assert "Talk with the family first." in inside.main.text and "About two weeks" in inside.text
    assert inside.find("a", string="Begin a referral")["href"] == reverse("referrals:new")
    stranger = Client().get(path).text
    assert "Talk with the family" not in stranger and "Begin a referral" not in stranger
    assert "Talk with the family" not in Client().get(f"/oruk/v3/services/{service.pk}").text


def test_who_may_not_refer_has_no_button(site, sign_in):
    Service.objects.filter(title="One-to-one mentor").update(is_referred_here=True)
    path = Service.objects.get(title="One-to-one mentor").get_absolute_url()

    assert soup(sign_in(site.max), path).find("a", string="Begin a referral") is None


@pytest.mark.parametrize("off", [{"live": False}, {"status": "closed"}])
def test_a_draft_and_a_closed_one_are_for_nobody(site, sign_in, off):
    service = plant()
    Service.objects.filter(pk=service.pk).update(**off)
    listings.refresh([service.pk])

    client = sign_in(site.alex)
    assert client.get(service.get_absolute_url()).status_code == 404
    assert names(soup(client, "/directory/?q=quokka")) == []


def test_rows_move_when_a_service_becomes_public_and_back(site):
    service = plant()

    for is_inside in (False, True):
        service = Service.objects.get(pk=service.pk)
        service.is_professional_only = is_inside
        service.save_revision().publish()
        assert Listing.objects.filter(service=service).exists() is not is_inside
        assert ProfessionalListing.objects.filter(service=service).exists() is is_inside


def test_rows_that_are_missing_are_made_again(site):
    service = plant()
    ProfessionalListing.objects.all().delete()

    listings.catch_up()

    assert ProfessionalListing.objects.filter(service=service).count() == 3


def test_a_provider_with_nothing_else_has_no_public_page(site, sign_in):
    service = plant()
    alone = Provider.objects.create(name="Quokka desk (invented)")
    Service.objects.filter(pk=service.pk).update(provider=alone)

    assert Client().get(alone.get_absolute_url()).status_code == 404
    opened = soup(sign_in(site.alex), service.get_absolute_url())
    assert not opened.select(f"a[href='{alone.get_absolute_url()}']")


def test_the_demo_has_one_that_only_professionals_find(site, sign_in):
    from cms.demo import services

    services.build_for_professionals()

    made = Service.objects.get(is_professional_only=True)
    assert made.title in names(soup(sign_in(site.ada), "/directory/?q=case+talk"))
    assert Client().get(made.get_absolute_url()).status_code == 404


def test_signing_in_costs_a_search_few_queries(site, sign_in, django_assert_max_num_queries):
    plant()
    client = sign_in(site.alex)
    client.get("/directory/")

    with django_assert_max_num_queries(12):
        client.get("/directory/?place=NG1")


def test_how_referrals_have_gone_stands_where_they_are_sent_here(site, sign_in):
    """How soon somebody is in touch for all; how many are accepted for professionals."""
    service = Service.objects.get(title="One-to-one mentor")
    unit = site.school
    Provider.objects.filter(pk=service.provider_id).update(organisation=unit)
    day = date(2026, 9, 30)
    record.keep(
        [
            TrackRecord(
                organisation=unit,
                days_to_contact=1,
                contact_until=day,
                tenths_accepted=10,
                accepted_until=day,
            )
        ]
    )
    path = service.get_absolute_url()
    contact, yes = "heard from a mentor within 1 day.", "Nearly all of the referrals decided"

    inside, stranger = sign_in(site.alex).get(path).text, Client().get(path).text
    assert (contact in inside, yes in inside) == (True, True)
    assert (contact in stranger, yes in stranger) == (True, False)

    Service.objects.filter(pk=service.pk).update(is_referred_here=False)
    assert contact not in sign_in(site.alex).get(path).text
