from dataclasses import replace
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from . import demand, distances, maps, narrowing, outside
from .addresses import search_url
from .asking import Question, read
from .browsing import ways_in
from .cards import cards, cards_of, service_page
from .missing import MissingForm
from .models import Provider, Service
from .professionals import is_professional, part_of_page
from .search import PER_PAGE, Asked, Found, Search, count_each, find
from .wording import and_list


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """`/directory/`: everything about the answer is in the address."""
    question = read(request.GET, is_professional=is_professional(request))
    found = find(question.asked)
    if not found.hits and question.search.page > 1:
        question.notices.append("There is no such page of this list, so here is the first.")
        question = _first_page(question)
        found = find(question.asked)
    asked = question.search
    if not found.had_words:
        question.notices.append(f"We need another word than “{asked.q}” to search for.")
    demand.note(question, found.total)
    address = asked.url(page=asked.page, view="", chosen=())
    context = {
        "question": question,
        "search": asked,
        "total": found.total,
        **_results(question, found),
        **_ways_on(question, found),
        **ways_in(question, found),
        "ages": range(26),
        **(_nothing(question, found) if not found.total else {}),
        "canonical": request.build_absolute_uri(address),
        "to_share": request.build_absolute_uri(narrowing.to_share(question)),
    }
    return render(request, "cms/directory/search.html", context)


def _ways_on(question: Question, found: Found) -> dict[str, Any]:
    """Links to other searches, and what they carry along."""
    asked = question.search
    last = asked.page * PER_PAGE >= found.total
    return {
        "chips": narrowing.chips(question, found.has_neighbours),
        "in_words": narrowing.in_words(question, found.has_neighbours, found.total),
        "clear_url": search_url(place=asked.place, view=asked.view, chosen=asked.chosen),
        "groups": narrowing.groups(question, found),
        "instead": question.asked.heard.instead,
        "as_typed_url": asked.url(exact=True),
        "kept": narrowing.kept(asked),
        "sorts": narrowing.sorts(question),
        "views": [_view("List", asked, ""), _view("Map", asked, "map")],
        "previous_url": asked.url(page=asked.page - 1) if asked.page > 1 else "",
        "next_url": "" if last else asked.url(page=asked.page + 1),
    }


@require_safe
def service(request: HttpRequest, slug: str) -> HttpResponse:
    is_inside = is_professional(request)
    every = Service.objects.for_professionals() if is_inside else Service.objects.public()
    row = every.whole().filter(slug=slug).first()
    if row is None:
        kept = get_object_or_404(every, merged__slug=slug)
        return redirect(kept, permanent=True)
    context = service_page(row, distances.asked(request.GET.get("place", "")))
    context["canonical"] = request.build_absolute_uri(request.path)
    if is_inside:
        context["professional"] = part_of_page(request, row, context["record"])
    return render(request, "cms/directory/service.html", context)


@require_safe
def provider(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Who runs services, with those that anybody may read."""
    row = get_object_or_404(Provider.objects.public().select_related("source_record"), pk=pk)
    services = Service.objects.public().filter(provider=row).for_cards().with_places()
    shown = cards_of(services)
    offered = [(card["name"], request.build_absolute_uri(card["url"])) for card in shown]
    context = {
        "provider": row,
        "cards": shown,
        "canonical": request.build_absolute_uri(request.path),
        "described": outside.described_provider(row, offered),
    }
    return render(request, "cms/directory/provider.html", context)


def _view(label: str, asked: Search, view: str) -> dict[str, Any]:
    """The list alone, or the same list below a map."""
    url = asked.url(view=view, page=asked.page)
    return {"label": label, "url": url, "current": asked.view == view}


def _results(question: Question, found: Found) -> dict[str, Any]:
    """The cards, their map, and what is on the reader's list and has no box on this page to stay
    there."""
    asked, inside = question.search, question.asked.is_professional
    shown = cards(found.hits, near=question.asked.point, is_professional=inside)
    if is_map := asked.view == "map" and bool(shown):
        for number, card in enumerate(shown, start=(asked.page - 1) * PER_PAGE + 1):
            card["number"] = number
    here = {card["slug"] for card in shown}
    return {
        "cards": shown,
        "map": maps.of_answers(shown, question.asked.point, asked.within) if is_map else None,
        "chosen_elsewhere": [slug for slug in asked.chosen if slug not in here],
    }


def _first_page(question: Question) -> Question:
    first = replace(question.search, page=1)
    return replace(question, search=first, asked=replace(question.asked, search=first))


# What a search that found nothing would do without one of its filters.
WITHOUT = {
    "q": "without the words “{}”",
    "age": "for all ages",
    "within": "at any distance",
    "open": "at any time",
    "need": "for any need, not only {}",
    "cost": "with those that cost money",
    "how": "with every way to get help",
    "area": "in all areas",
    "day": "on any day",
    "send": "without the support that you chose",
}


def _nothing(question: Question, found: Found) -> dict[str, Any]:
    """What to do where nothing was found."""
    search = question.search
    said = {name: search.picked(name)[:1] for name in ("need", "area")}
    initial = {name: signs[0] for name, signs in said.items() if signs}
    return {
        "wider": _wider(question, found),
        "anywhere": _anywhere(question),
        "missing": MissingForm(initial=initial, offered=question.facets),
    }


def _wider(question: Question, found: Found) -> list[dict[str, Any]]:
    """Nothing was found: what leaving out one filter would find, or asking our neighbours; the most
    first."""
    asked, narrow = question.asked, question.search.filters
    looser = {_without(name, question): asked.without(name) for name in narrow if len(narrow) > 1}
    if found.has_neighbours and not asked.takes_nearby:
        search = replace(question.search, nearby="yes", page=1)
        looser["in areas beside ours too"] = replace(asked, search=search)
    offers = [
        {"label": label, "url": other.search.url(), "count": count}
        for (label, other), count in zip(
            looser.items(), count_each([*looser.values()]), strict=True
        )
        if count
    ]
    return sorted(offers, key=lambda offer: -offer["count"])


def _anywhere(question: Question) -> dict[str, Any]:
    """Nothing was found: what there is for that age online and by phone."""
    asked = question.search
    mine = Search(age=asked.age, ages=asked.ages, picks=(("how", "online"), ("how", "phone")))
    marks = {"how": ("how:online", "how:phone")}
    return {"url": mine.url(), "count": count_each([Asked(mine, marks=marks)])[0]}


def _without(name: str, question: Question) -> str:
    picked = [choice.label for choice in question.choices(name)] if name not in OWN else []
    said = question.search.q if name == "q" else and_list(label.lower() for label in picked)
    return WITHOUT.get(name, "not only for {}").format(said)


OWN = ("q", "age", "within", "open")  # narrow, and are no facets
