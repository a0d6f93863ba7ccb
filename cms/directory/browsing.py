"""Pages that people come to from a search engine: one for each need, district and town. Each is a
search of the directory in plain words, with a lasting address."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from .asking import Question, read
from .cards import cards
from .facets import Facet
from .models import TaxonomyTerm
from .outlines import town, towns
from .search import Found, Search, find

NEAR = 5  # miles about a town


@require_safe
def need(request: HttpRequest, sign: str) -> HttpResponse:
    """Who helps with this, and in which districts."""
    term = get_object_or_404(TaxonomyTerm.objects.of("need").current(), sign=sign)
    question, found = _ask(need=sign)
    context = {
        "heading": term.public_wording or f"Help with {term.name}",
        "need": term,
        "others_heading": "In your area",
        "others": _others(question, found, "area"),
    }
    return _page(request, question, found, context)


@require_safe
def place(request: HttpRequest, slug: str) -> HttpResponse:
    """What there is in a district, or in a town and near it."""
    here = town(slug)
    question, found = _ask(place=here.name, within=NEAR) if here else _ask(area=slug)
    district = question.choices("area")
    if not here and not district:
        raise Http404
    heading = f"Find help near {here.name}" if here else f"Find help in {district[0].label}"
    codes = {choice.mark.partition(":")[2] for choice in district}
    context = {
        "heading": heading,
        "title": heading,
        "need": None,
        "others_heading": "I need help with…",
        "others": _others(question, found, "need"),
        "towns": [each for each in towns() if each.district_code in codes and town(each.slug)],
    }
    return _page(request, question, found, context)


def _ask(**wanted: Any) -> tuple[Question, Found]:
    question = read(QueryDict(urlencode(wanted)))
    return question, find(question.asked)


def _others(question: Question, found: Found, name: str) -> list[dict[str, Any]]:
    """The same search with each choice of another facet that finds something."""
    return [
        {
            "label": choice.label,
            "url": question.search.url(picks=question.search.toggled(name, choice.sign)),
            "count": found.counts[choice.mark],
        }
        for choice in _facet(question, name).choices
        if choice.mark in found.counts
    ]


def _facet(question: Question, name: str) -> Facet:
    return next(each for each in question.facets if each.name == name)


def _page(
    request: HttpRequest, question: Question, found: Found, context: Mapping[str, Any]
) -> HttpResponse:
    shown, search = cards(found.hits, near=question.asked.point), question.search
    address = request.build_absolute_uri(request.path)
    own = {
        "cards": shown,
        "total": found.total,
        "all_url": search.url(),
        "map_url": search.url(view="map"),
        "canonical": address,
        "described": _described(request, str(context["heading"]), address, shown),
    }
    return render(request, "cms/directory/browse.html", {**own, **context})


def _described(
    request: HttpRequest, name: str, address: str, shown: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """The list in schema.org's words."""
    return {
        "@context": "https://schema.org",
        "@type": "ItemList",
        "name": name,
        "url": address,
        "numberOfItems": len(shown),
        "itemListElement": [
            {
                "@type": "ListItem",
                "position": number,
                "name": card["name"],
                "url": request.build_absolute_uri(
                    reverse("directory:service", args=[card["slug"]])
                ),
            }
            for number, card in enumerate(shown, start=1)
        ],
    }


def ways_in(question: Question, found: Found) -> dict[str, Any]:
    """Links to these pages, for a search that has asked for nothing yet."""
    if question.search != Search(view=question.search.view, chosen=question.search.chosen):
        return {}
    needs = (each for each in _facet(question, "need").choices if each.mark in found.counts)
    return {
        "by_need": [(reverse("directory:need", args=[c.sign]), c.label) for c in needs],
        "by_place": [
            (reverse("directory:place", args=[choice.sign]), choice.label)
            for choice in _facet(question, "area").choices
        ],
    }
