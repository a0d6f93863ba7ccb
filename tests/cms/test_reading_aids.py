"""For people who find reading hard, or read another way than from left to right in English."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from cms.models import Provider, Service
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
