"""The reader's list of services, to print or to send to themselves. It is in its address: nothing
is kept, here or on the device, and a letter or text is written by the reader's own phone."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

import segno
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from . import wording
from .addresses import list_url, search_url
from .asking import MOST_CHOSEN, read_list
from .cards import cards_of
from .models import Service

SUBJECT = "A list of places"  # says nothing to whoever looks over a shoulder


@require_safe
def shortlist(request: HttpRequest) -> HttpResponse:
    """`/directory/my/list/?service=…&service=…`, in the order in which they were put on."""
    asked = request.GET.getlist("service")
    slugs = _as_merged(read_list(asked))
    rows = Service.objects.public().for_cards().with_places().filter(slug__in=slugs)
    found = {row.slug: row for row in rows}
    listed = [found[slug] for slug in slugs if slug in found]
    link = request.build_absolute_uri(list_url(row.slug for row in listed))
    context = {
        "entries": _entries(listed),
        "gone": len(slugs) - len(listed),
        "is_too_long": len(set(asked)) > MOST_CHOSEN,
        "most": MOST_CHOSEN,
        "more_url": search_url(chosen=[row.slug for row in listed]),
        "link": link,
        "code": _code(link) if listed else "",
        "mail_url": f"mailto:?subject={quote(SUBJECT)}&body={quote(link)}",
        "text_url": f"sms:?&body={quote(link)}",
    }
    return render(request, "cms/directory/shortlist.html", context)


def _code(link: str) -> str:
    """The address as a picture that a phone reads off paper; "" when it is too long for one."""
    try:
        return mark_safe(segno.make(link, error="l").svg_inline(scale=3, lineclass=None))  # noqa: S308  squares of our own drawing
    except segno.DataOverflowError:
        return ""


def _as_merged(slugs: Sequence[str]) -> list[str]:
    """With those that have been merged into another under the name of that one."""
    merged = Service.objects.filter(slug__in=slugs, merged_into__isnull=False)
    into = dict(merged.values_list("slug", "merged_into__slug"))
    return list(dict.fromkeys(into.get(slug, slug) for slug in slugs))


def _entries(listed: list[Service]) -> list[dict[str, Any]]:
    """Each as its card says it, with how to reach it and the list without it."""
    slugs = [row.slug for row in listed]
    return [
        {
            "card": card,
            "service": row,
            "steps": wording.steps(row),
            "without_url": list_url(slug for slug in slugs if slug != row.slug),
        }
        for row, card in zip(listed, cards_of(listed), strict=True)
    ]
