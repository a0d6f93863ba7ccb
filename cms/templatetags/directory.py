"""Which of the unit's numbers a page shows first, and the text that editors wrote."""

import json
from collections.abc import Iterable
from typing import Any

import nh3
from django import template
from django.utils.safestring import SafeString, mark_safe
from wagtail.templatetags.wagtailcore_tags import richtext

from cms.symbols import symbol_of

register = template.Library()

TAGS = {"p", "br", "h3", "b", "strong", "i", "em", "ul", "ol", "li", "a"}
SCHEMES = {"http", "https", "mailto", "tel", "sms"}

FIRST = ("emergency", "helpline")


@register.filter
def urgent(numbers: Iterable[Any]) -> list[Any]:
    """One number for danger and one to talk: what fits above the fold of a phone."""
    rows = list(numbers)
    firsts = (next((row for row in rows if _kind(row) == kind), None) for kind in FIRST)
    return [row for row in firsts if row] or rows[:2]


@register.filter
def to_ring(numbers: Iterable[Any]) -> list[Any]:
    """Helplines and the emergency number, not the offices for professionals."""
    rows = list(numbers)
    return [row for row in rows if _kind(row) in FIRST] or rows


def _kind(row: Any) -> str:
    return str(row.get("kind", "") if isinstance(row, dict) else getattr(row, "kind", ""))


@register.filter
def symbol(need: Any) -> SafeString:
    """The small picture for a term of the taxonomy of needs; nothing for none."""
    return symbol_of(need.code if need else "")


@register.filter
def ld_json(value: Any) -> SafeString:
    """What search engines read of a page. A data block, which no browser runs; nothing in it can
    end it."""
    written = json.dumps(value, ensure_ascii=False)
    for letter in "<>&":
        written = written.replace(letter, f"\\u{ord(letter):04x}")
    return mark_safe(f'<script type="application/ld+json">{written}</script>')  # noqa: S308


@register.filter
def rich(value: Any) -> SafeString:
    """Rich text as HTML. Wagtail trusts what is stored; what is not on our list goes here."""
    markup = nh3.clean(
        str(richtext(value)),
        tags=TAGS,
        attributes={"a": {"href"}},
        url_schemes=SCHEMES,
        link_rel="noreferrer",
    )
    return mark_safe(markup)  # noqa: S308  cleaned in the line above
