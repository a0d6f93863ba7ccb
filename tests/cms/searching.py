"""The page of a search as tests read it."""

from urllib.parse import urlencode

from bs4 import BeautifulSoup
from django.http import QueryDict
from django.test import Client

from cms.directory.asking import read
from cms.directory.search import find
from cms.models import TaxonomyTerm


def page(**query) -> BeautifulSoup:
    response = Client().get("/directory/", query)
    assert response.status_code == 200
    assert "UNDEFINED" not in response.content.decode()
    return BeautifulSoup(response.content, "lxml")


def names(soup: BeautifulSoup) -> list[str]:
    return [link.text for link in soup.select(".wm-service a")]


def every_name(**query) -> set[str]:
    found: set[str] = set()
    number = 1
    while True:
        shown = names(page(**query, page=number))
        if number > 1 and not set(shown) - found:
            return found
        found |= set(shown)
        number += 1
        if len(shown) < 20:
            return found


def notices(soup: BeautifulSoup) -> str:
    inset = soup.select_one(".govuk-inset-text")
    return inset.text if inset else ""


def sign(code: str) -> str:
    return TaxonomyTerm.objects.of("need").get(code=code).sign


def query_of(query):
    return urlencode(query, doseq=True)


def hits(**query):
    return find(read(QueryDict(query_of(query))).asked).hits
