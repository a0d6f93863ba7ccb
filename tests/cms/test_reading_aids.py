"""For people who find reading hard, or read another way than from left to right in English."""

import gzip

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.test import Client

from cms import symbols
from cms.models import ContentPage, HomePage, Provider, Service, TaxonomyTerm
from tests.cms.test_own_services import address, write
from tests.cms.test_words import grade

EASIEST_GRADE = 3  # read at eight


def page(path: str) -> BeautifulSoup:
    response = Client().get(path)
    assert response.status_code == 200
    assert "UNDEFINED" not in response.text
    return BeautifulSoup(response.content, "lxml")


@pytest.fixture
def service(site) -> Service:
    return Service.objects.get(title="Forest days")


# Easy words --------------------------------------------------------------------------------------
def test_a_service_says_the_same_in_easy_words_a_sentence_to_a_line(service):
    assert page(service.get_absolute_url()).select(".wm-easy") == []

    service.easy_words = "You plant trees.\n\nWe bring lunch.\n"
    service.save_revision().publish()

    block = page(service.get_absolute_url()).select_one(".wm-easy")
    assert block.h2.text == "In short, easy words"
    assert [line.text for line in block.select("p")] == ["You plant trees.", "We bring lunch."]


def test_whoever_runs_it_writes_the_easy_words_too(service, site, sign_in):
    Provider.objects.filter(pk=service.provider_id).update(organisation=site.school)
    oz = sign_in(site.oz)

    write(oz, service, "about", easy_words="Come and talk.")

    preview = BeautifulSoup(oz.get(address(service, "preview/")).content, "lxml")
    assert preview.select_one(".wm-easy p").text == "Come and talk."
    assert page(service.get_absolute_url()).select(".wm-easy") == []  # an editor reads it first


def test_easy_words_of_the_demo_are_easy(site):
    rows = Service.objects.exclude(easy_words="")

    assert rows.count() >= 5
    for row in rows:
        assert grade(row.easy_words) <= EASIEST_GRADE, row
        assert all(len(line.split()) <= 10 for line in row.easy_words.splitlines()), row


# Symbols -----------------------------------------------------------------------------------------
@pytest.mark.parametrize("path", ["/", "/help/"])
def test_each_choice_has_its_picture_beside_its_words(site, path):
    choices = page(path).select(".wm-choices a")

    assert len(choices) >= 8
    assert all(len(each.select("svg[aria-hidden=true]")) == 1 for each in choices)
    assert all(each.text.strip() for each in choices)
    assert len({str(each.svg.path["d"]) for each in choices}) >= 8


def test_pages_of_a_need_have_its_picture_and_pages_of_a_place_none(site):
    need = TaxonomyTerm.objects.of("need").get(code="money")

    for path in (f"/directory/need/{need.sign}/", "/help/money/"):
        assert page(path).h1.svg.path["d"] == symbols.LINES["coin"], path
    assert page("/directory/place/mansfield/").h1.svg is None


def test_every_need_that_we_bring_has_a_picture_and_none_is_left_over(site):
    codes = set(TaxonomyTerm.objects.of("need").values_list("code", flat=True))

    assert set(symbols.OF_NEED) == codes
    assert set(symbols.OF_NEED.values()) == set(symbols.LINES)


def test_a_need_of_an_editors_own_has_no_picture():
    assert symbols.symbol_of("of-our-own") == ""


def test_pictures_weigh_next_to_nothing():
    drawn = "".join(symbols.symbol_of(need) for need in symbols.OF_NEED)

    assert len(gzip.compress(drawn.encode())) < 1500


# From right to left ------------------------------------------------------------------------------
WRITTEN = (
    *("title", "summary", "easy_words", "body", "notice", "how_to_get_help", "what_next"),
    *("waiting_time", "eligibility", "when", "cost_words"),
)
RIGHT = "\u0645\u0631\u062d\u0628\u0627"  # hello
LEANS = "[dir=auto], bdi"


@pytest.fixture
def rightly(service) -> Service:
    """A service all of whose words were written from right to left."""
    for name in WRITTEN:
        setattr(service, name, RIGHT)
    service.provider.name = service.provider.description = RIGHT
    service.provider.save()
    service.save_revision().publish()
    for at in service.service_at_locations.all():
        at.location.name = at.location.getting_there = RIGHT
        at.location.save()
    return service


def ways(service: Service) -> list[str]:
    return [
        service.get_absolute_url(),
        service.provider.get_absolute_url(),
        f"/directory/my/list/?service={service.slug}",
        f"{service.get_absolute_url()}wrong/",
        f"/embed/?q={RIGHT}",
    ]


def test_what_people_write_runs_the_way_it_is_written(rightly):
    for path in ways(rightly):
        found = page(path).main
        said = [text.parent for text in found.find_all(string=lambda text: RIGHT in text)]
        astray = [each for each in said if not each.css.closest(LEANS)]
        assert said and not astray, path


# Other languages ---------------------------------------------------------------------------------
HERE = "/what-happens-next/"


@pytest.mark.parametrize(("path", "language", "way"), [("pl/", "pl", "ltr"), ("ar/", "ar", "rtl")])
def test_a_translated_page_says_its_language_and_which_way_it_runs(site, path, language, way):
    found = page(f"{HERE}{path}")

    assert (found.main["lang"], found.main["dir"]) == (language, way)
    assert found.html["lang"] == "en-GB"  # what stands around it is in English
    assert "999" in found.main.text


def test_a_page_in_english_is_marked_by_nothing_more(site):
    assert not {"lang", "dir"} & set(page(HERE).main.attrs)


def test_each_version_leads_to_the_others_in_their_own_words(site):
    every = {"en": HERE, "pl": f"{HERE}pl/", "ar": f"{HERE}ar/"}
    for language, path in every.items():
        found = page(path)
        links = found.main.select("nav[aria-label=Languages] a")
        others = {key: url for key, url in every.items() if key != language}
        assert {a["hreflang"]: a["href"] for a in links} == others
        assert all(a["lang"] == a["hreflang"] for a in links)
        heads = found.select("head link[rel=alternate]")
        assert {link["hreflang"]: link["href"] for link in heads} == {
            key: f"http://testserver{url}" for key, url in every.items()
        }


def test_a_version_that_is_taken_off_is_led_to_no_more(site):
    ContentPage.objects.get(slug="pl").unpublish()
    assert [a["lang"] for a in page(HERE).select("nav[aria-label=Languages] a")] == ["ar"]

    ContentPage.objects.get(slug="ar").unpublish()
    assert page(HERE).select("nav[aria-label=Languages], link[rel=alternate]") == []


@pytest.mark.parametrize(
    ("language", "of", "sentence"),
    [
        ("en", "about", "Choose the language that this is translated into"),
        ("fr", "pl", "Choose the page in English"),
        ("pl", "what-happens-next", "translated into this language already"),
    ],
)
def test_a_translation_is_refused_with_a_sentence(site, language, of, sentence):
    home = HomePage.objects.get()
    made = ContentPage(title="Encore", slug="encore", language=language)
    made.original = ContentPage.objects.get(slug=of)

    with pytest.raises(ValidationError, match=sentence):
        home.add_child(instance=made)


def test_the_demo_says_in_each_language_that_it_is_invented(site):
    for path, said in (("pl/", "zmyślone"), ("ar/", "غير حقيقي")):
        assert said in page(f"{HERE}{path}").main.text
