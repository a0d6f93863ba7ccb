"""Reading age of what the public reads: 11 or below."""

import re

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from wagtail.models import Page

from cms.models import ContentPage, Service
from tests.thorough import some

OLDEST_GRADE = 6  # American school grade 6 is read at 11
# The owners of the data say how they want to be named.
WORDED_BY_OTHERS = {"/data-sources/"}


def syllables(word: str) -> int:
    """Groups of vowels, without the silent e: the usual count when there is no dictionary."""
    groups = len(re.findall(r"[aeiouy]+", word))
    silent = word.endswith("e") and not word.endswith(("le", "ee")) and groups > 1
    return max(groups - silent, 1)


def grade(text: str) -> float:
    """Flesch-Kincaid grade level."""
    sentences = [part for part in re.split(r"[.!?:;]+(?:\s|$)|\n+", text) if part.strip()]
    words = re.findall(r"[a-z]+(?:['’-][a-z]+)*", text.lower())
    per_sentence = len(words) / len(sentences)
    return 0.39 * per_sentence + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


def words_of(path: str) -> str:
    page = BeautifulSoup(Client().get(path).content, "lxml").main
    for part in page.select("form, .wm-facts, .wm-checked, table, a[href^='http']"):
        part.decompose()
    lines = [line.strip() for line in page.get_text("\n").splitlines()]
    return "\n".join(line if line[-1] in ".!?" else f"{line}." for line in lines if line)


def test_measure_knows_hard_words_from_easy_ones():
    hard = "Multidisciplinary safeguarding arrangements necessitate proportionate intervention."

    assert grade("You can ring us. We will help you today.") < 3
    assert grade(hard) > 15


@pytest.mark.slow("reads every page")
def test_every_page_can_be_read_at_eleven(site):
    import textstat  # half a second, which the other tests need not wait for

    translated = ContentPage.objects.exclude(language="en")  # the measure is for English
    pages = Page.objects.live().exclude(depth=1).exclude(pk__in=translated)
    paths = [page.url for page in pages if page.url not in WORDED_BY_OTHERS]

    said = {path: words_of(path) for path in some(paths, of=3)}
    grades = {path: grade(text) for path, text in said.items()}
    index = {path: textstat.automated_readability_index(text) for path, text in said.items()}

    assert len(paths) > 15
    assert {path: g for path, g in grades.items() if g > OLDEST_GRADE} == {}
    assert {path: g for path, g in index.items() if g > OLDEST_GRADE} == {}


@pytest.mark.slow("reads every service")
def test_services_can_be_read_at_eleven(site):
    texts = {service.title: _text(service) for service in Service.objects.all()}

    assert len(texts) == 50
    assert {title: grade(text) for title, text in texts.items() if grade(text) > 7} == {}
    assert sum(map(grade, texts.values())) / len(texts) <= OLDEST_GRADE


def _text(service: Service) -> str:
    body = re.sub(r"<[^>]+>", "\n", service.body)
    return "\n".join([service.summary, body, service.how_to_get_help, service.what_next])
