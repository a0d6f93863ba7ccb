from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from .addresses import search_url
from .asking import Question, read
from .cards import cards, service_page
from .models import Service
from .search import MILES, PER_PAGE, Search, Sort, count_each, find
from .wording import and_list


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """`/directory/`: everything about the answer is in the address."""
    question = read(request.GET)
    found = find(question.asked)
    if not found.hits and question.search.page > 1:
        question.notices.append("There is no such page of this list, so here is the first.")
        question = _first_page(question)
        found = find(question.asked)
    asked = question.search
    if not found.had_words:
        question.notices.append(f"We need another word than “{asked.q}” to search for.")
    last = asked.page * PER_PAGE >= found.total
    context = {
        "question": question,
        "search": asked,
        "total": found.total,
        "cards": cards(found.hits),
        "chips": _chips(question),
        "clear_url": search_url(place=asked.place),
        "groups": _groups(question),
        "kept": _kept(asked),
        "ages": range(26),
        "sorts": _sorts(question),
        "previous_url": asked.url(page=asked.page - 1) if asked.page > 1 else "",
        "next_url": "" if last else asked.url(page=asked.page + 1),
        "wider": _wider(question) if not found.total else [],
        "canonical": request.build_absolute_uri(asked.url(page=asked.page)),
    }
    return render(request, "cms/directory/search.html", context)


@require_safe
def service(request: HttpRequest, slug: str) -> HttpResponse:
    row = get_object_or_404(Service.objects.public().whole(), slug=slug)
    return render(request, "cms/directory/service.html", service_page(row))


def _first_page(question: Question) -> Question:
    first = replace(question.search, page=1)
    return replace(question, search=first, asked=replace(question.asked, search=first))


def _chips(question: Question) -> list[dict[str, str]]:
    """One link for each filter that is on; it takes off that one."""
    asked = question.search
    chips = [(f"“{asked.q}”", asked.without("q"))] if asked.q else []
    for sign in asked.need:
        rest = tuple(other for other in asked.need if other != sign)
        chips.append((question.need(sign).help_words, replace(asked, need=rest, page=1)))
    if asked.age is not None:
        chips.append((f"Suits age {asked.age}", asked.without("age")))
    if asked.area:
        chips.append((question.districts[asked.area].name, asked.without("area")))
    if asked.within:
        chips.append((f"Within {_miles(asked.within)}", asked.without("within")))
    if asked.free:
        chips.append(("Free", asked.without("free")))
    if asked.online:
        chips.append(("Online or by phone", asked.without("online")))
    return [{"label": label, "url": rest.url()} for label, rest in chips]


def _groups(question: Question) -> list[dict[str, Any]]:
    """The filters as links. A filter that is on is a link that takes it off."""
    asked = question.search
    groups = [
        ("Cost and how", [
            _option("Free", asked, asked.free, free=not asked.free),
            _option("Online or by phone", asked, asked.online, online=not asked.online),
        ]),
        ("Distance", _distances(asked) if question.asked.point else []),
        ("Area", [
            _option(area.name, asked, slug == asked.area, area="" if slug == asked.area else slug)
            for slug, area in sorted(question.districts.items())
        ]),
        ("I need help with…", [
            _option(
                term.help_words,
                asked,
                term.sign in asked.need,
                need=tuple(sorted(set(asked.need) ^ {term.sign}, key=lambda v: (len(v), v))),
            )
            for term in question.needs
        ]),
    ]  # fmt: skip
    return [{"heading": heading, "items": items} for heading, items in groups if items]


def _distances(asked: Search) -> list[dict[str, Any]]:
    return [
        _option(
            f"Within {_miles(miles)}",
            asked,
            miles == asked.within,
            within=None if miles == asked.within else miles,
        )
        for miles in MILES
    ]


def _option(label: str, asked: Search, current: bool, **change: Any) -> dict[str, Any]:
    return {"label": label, "url": asked.url(**change), "current": current}


def _sorts(question: Question) -> list[dict[str, Any]]:
    words = {
        Sort.NEAR: "Nearest" if question.asked.point else "",
        Sort.BEST: "Best match" if question.search.q else "",
        Sort.NAME: "Name",
        Sort.CHECKED: "Checked last",
    }
    return [
        _option(label, question.search, sort == question.asked.sort, sort=sort.value)
        for sort, label in words.items()
        if label
    ]


def _kept(asked: Search) -> list[tuple[str, str]]:
    """Filters that the search form carries along; its own boxes are left out."""
    pairs = [("need", sign) for sign in asked.need]
    pairs += [("within", str(asked.within))] if asked.within else []
    pairs += [("area", asked.area)] if asked.area else []
    pairs += [(name, "1") for name in ("free", "online") if getattr(asked, name)]
    return pairs + ([("sort", asked.sort)] if asked.sort else [])


def _wider(question: Question) -> list[dict[str, Any]]:
    """Nothing was found: what leaving out one filter would find, the most first."""
    narrow = question.search.filters
    if len(narrow) < 2:
        return []
    names = {
        "q": f"without the words “{question.search.q}”",
        "need": f"for any need, not only {and_list(_need_words(question))}",
        "age": "for all ages",
        "area": "in all areas",
        "within": "at any distance",
        "free": "with those that cost money",
        "online": "with those you go to",
    }
    looser = [question.search.without(name) for name in narrow]
    blank: dict[str, dict[str, Any]] = {"need": {"terms": ()}, "area": {"district": ""}}
    several = [
        replace(question.asked, search=other, **blank.get(name, {}))
        for name, other in zip(narrow, looser, strict=True)
    ]
    offers = [
        {"label": names[name], "url": other.url(), "count": count}
        for name, other, count in zip(narrow, looser, count_each(several), strict=True)
        if count
    ]
    return sorted(offers, key=lambda offer: -offer["count"])


def _need_words(question: Question) -> list[str]:
    return [question.need(sign).help_words.lower() for sign in question.search.need]


def _miles(miles: int) -> str:
    return "1 mile" if miles == 1 else f"{miles} miles"
