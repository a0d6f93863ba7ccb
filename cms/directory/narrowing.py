"""What narrows a search, as its page shows it: the filters with what each would find, those that
are on, and the search in words."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from accounts.places import outward

from .ages import AGE_GROUPS
from .asking import Question
from .facets import Facet
from .search import MILES, Asked, Found, Search, Sort

SHOWN = ("need", "cost", "how")  # the other facets open when asked


def chips(question: Question, has_neighbours: bool) -> list[dict[str, str]]:
    """One link for each filter that is on; it takes off that one."""
    return [
        {"label": label, "url": rest.url()} for label, rest in _filters(question, has_neighbours)
    ]


def _filters(question: Question, has_neighbours: bool) -> Iterator[tuple[str, Search]]:
    """Each filter that is on, in words, and the search without it."""
    asked = question.search
    if asked.q:
        yield f"“{asked.q}”", asked.without("q")
    if suits := _suits(asked):
        yield suits, asked.without("age")
    if asked.within:
        yield f"Within {miles(asked.within)}", asked.without("within")
    if asked.open:
        yield "Open now", asked.without("open")
    if question.asked.takes_nearby and has_neighbours:
        yield "With areas beside ours", replace(asked, nearby=_nearby_off(question.asked), page=1)
    for facet in question.facets:
        for choice in question.choices(facet.name):
            picks = asked.toggled(facet.name, choice.sign)
            yield facet.chip.format(choice.label), replace(asked, picks=picks, page=1)


def _suits(asked: Search) -> str:
    if asked.age is not None:
        return f"Suits age {asked.age}"
    return f"Suits ages {asked.age_group.label}" if asked.age_group else ""


def in_words(question: Question, has_neighbours: bool, total: int) -> str:
    """The search as a heading: “12 services for “boxing”, near NG7, suits age 14”."""
    asked = question.search
    many = f"{total} service{'' if total == 1 else 's'}"
    said = [label for label, _ in _filters(question, has_neighbours)][bool(asked.q) :]
    if question.asked.point:
        said = [f"near {outward(question.asked.point.label)}", *said]
    if not asked.q and not said:
        return f"{many} found"
    first = f"{many} for “{asked.q}”" if asked.q else f"{many} found"
    return ", ".join([first, *(f"{words[:1].lower()}{words[1:]}" for words in said)])


def to_share(question: Question) -> str:
    """The address of this search for somebody else: of a postcode only its first half, of a place
    that we do not know nothing, and without the reader's own list."""
    point = question.asked.point
    place = outward(question.search.place) if point else ""
    return question.search.url(place=place, chosen=())


def groups(question: Question, found: Found) -> list[dict[str, Any]]:
    """The filters as links with what each would find. One that is on is a link that takes it
    off; one that would find nothing is no link."""
    asked = question.search
    of_facets: list[dict[str, Any]] = [
        {
            "heading": facet.heading,
            "items": _choices(facet, asked, found),
            "is_closed": facet.name not in SHOWN and not asked.picked(facet.name),
        }
        for facet in question.facets
    ]
    first = [_group("Distance", _distances(asked, found))] if question.asked.point else []
    if found.has_neighbours:
        first.append(_group("Nearby areas", [_nearby(question)]))
    own = [_group("Open", [_now(asked, found)]), _group("Age", _ages(asked, found))]
    return [group for group in [*first, *of_facets[:1], *own, *of_facets[1:]] if group["items"]]


def _group(heading: str, items: list[dict[str, Any]]) -> dict[str, Any]:
    return {"heading": heading, "items": items}


def _choices(facet: Facet, asked: Search, found: Found) -> list[dict[str, Any]]:
    picked = asked.picked(facet.name)
    return [
        _counted(
            _option(
                choice.label,
                asked,
                choice.sign in picked,
                picks=asked.toggled(facet.name, choice.sign),
            ),
            found.counts.get(choice.mark, 0),
        )
        for choice in facet.choices
    ]


def _ages(asked: Search, found: Found) -> list[dict[str, Any]]:
    """One at a time, as a reader has one age."""
    return [
        _counted(
            _option(
                group.label,
                asked,
                asked.ages == group.sign,
                ages="" if asked.ages == group.sign else group.sign,
                age=None,
            ),
            found.counts.get(group.mark, 0),
        )
        for group in AGE_GROUPS
    ]


def _distances(asked: Search, found: Found) -> list[dict[str, Any]]:
    """What lies further off than was asked for has not been looked at, so that is not counted."""
    return [
        _counted(
            _option(
                f"Within {miles(far)}",
                asked,
                far == asked.within,
                within=None if far == asked.within else far,
            ),
            found.counts.get(f"within:{far}", 0) if far <= (asked.within or far) else None,
        )
        for far in MILES
    ]


def _now(asked: Search, found: Found) -> dict[str, Any]:
    option = _option("Open now", asked, bool(asked.open), open="" if asked.open else "now")
    return _counted(option, found.counts.get("open:now", 0))


def _nearby(question: Question) -> dict[str, Any]:
    """What councils and units beside ours offer, taken along or left out."""
    asked = question.asked
    change = _nearby_off(asked) if asked.takes_nearby else "yes"
    return _option("Include areas beside ours", question.search, asked.takes_nearby, nearby=change)


def _nearby_off(asked: Asked) -> str:
    """Near the border it is on until somebody says no."""
    return "no" if asked.is_near_border else ""


def _option(label: str, asked: Search, current: bool, **change: Any) -> dict[str, Any]:
    return {"label": label, "url": asked.url(**change), "current": current}


def _counted(option: dict[str, Any], count: int | None) -> dict[str, Any]:
    return {**option, "count": count, "is_off": count == 0 and not option["current"]}


def sorts(question: Question) -> list[dict[str, Any]]:
    """The orders that can be had. Without words and place it is another one each day."""
    search, is_placed = question.search, question.asked.point is not None
    in_turn = "" if is_placed else "A new one each day"
    words = {
        Sort.NEAR: "Nearest" if is_placed else "",
        Sort.BEST: "Best match" if search.q else in_turn,
        Sort.NAME: "Name",
        Sort.CHECKED: "Checked last",
    }
    return [
        _option(label, search, sort == question.asked.sort, sort=sort.value)
        for sort, label in words.items()
        if label
    ]


def kept(asked: Search) -> list[tuple[str, str]]:
    """Filters that the search form carries along; its own boxes are left out."""
    pairs = [*asked.picks]
    pairs += [("within", str(asked.within))] if asked.within else []
    pairs += [("open", asked.open)] if asked.open else []
    pairs += [("nearby", asked.nearby)] if asked.nearby else []
    pairs += [("sort", asked.sort)] if asked.sort else []
    pairs += [("view", asked.view)] if asked.view else []
    return pairs + [("chosen", slug) for slug in asked.chosen]


def miles(count: int) -> str:
    return "1 mile" if count == 1 else f"{count} miles"
