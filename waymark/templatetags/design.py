"""Tags and filters of the screens; built in, so that no template loads them.

Components with a body are block tags here; those without are includes in `templates/components`,
which say their arguments on line 1.
"""

from collections.abc import Hashable, Iterable
from datetime import datetime
from functools import lru_cache
from html import escape
from typing import Any

from django import template
from django.forms import BaseForm
from django.forms.boundfield import BoundField
from django.template import Context
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from accounts.clock import now
from waymark import controls, words

register = template.Library()

for _filter in (
    words.day,
    words.clock,
    words.day_clock,
    words.due,
    words.ago,
    words.minutes,
    words.capped,
    words.money,
    words.and_list,
    words.tel,
):
    register.filter(_filter.__name__, _filter)
register.filter("by_day", words.by_day)

register.filter("control_kind", controls.kind)
register.filter("control_choices", controls.choices)
register.filter("control_limit", controls.limit)
register.filter("first_id", controls.first_id)
register.filter("is_optional", controls.is_optional)
register.filter("is_revealed", controls.is_revealed)
register.simple_tag(controls.control, name="control")

# What a state asks of the reader; a state that is missing here is calm. A case may say otherwise
# with a `status_tone` of its own.
TONES = {
    "new": {"submitted", "enquiry", "applied", "raised", "proposed", "suggested"},
    "info": {"triage", "allocated", "closing", "screening", "training", "approved", "introduced"}
    | {"interested", "interview", "acknowledged", "passed_on", "offered"},
    "soon": {"info_needed", "waiting", "paused", "on_leave", "renewing", "unable_to_contact"},
    "ok": {"accepted", "active", "available", "started", "completed", "handled", "achieved"},
    "danger": {"held", "suspended", "broken"},
}
STATUS_TONES = {status: tone for tone, statuses in TONES.items() for status in statuses}

# The four ways in that every public page offers, and the foot of every page.
PUBLIC_NAVIGATION = (
    ("Find help", "/directory/"),
    ("I need help with…", "/help/"),
    ("Refer yourself", "/refer-myself/"),
    ("For professionals", "/for-professionals/"),
)
FOOTER_LINKS = (
    ("Find help", "/directory/"),
    ("Accessibility", "/accessibility/"),
    ("Privacy", "/privacy/"),
    ("Where our information comes from", "/data-sources/"),
    ("Sign in", "/sign-in/"),
)


@register.simple_tag(takes_context=True)
def public_navigation(context: Context) -> list[dict[str, Any]]:
    """The public ways in; the one we are in is current. Reads the path only, never the session."""
    request = context.get("request")
    path = request.path if request else ""
    return [
        {"label": label, "url": url, "current": path.startswith(url)}
        for label, url in PUBLIC_NAVIGATION
    ]


@register.simple_tag
def footer_links() -> list[dict[str, str]]:
    return [{"label": label, "url": url} for label, url in FOOTER_LINKS]


@register.simple_tag
def navigation_items(items: Iterable[dict[str, Any]]) -> SafeString:
    """Items of a menu: label, url, current, count (optional)."""
    return mark_safe("".join(_navigation_item(**item) for item in items))  # noqa: S308


def _navigation_item(label: str, url: str, current: bool, count: int = 0) -> str:
    item = link = ""
    said = escape(label)
    if current:
        item, link = " govuk-service-navigation__item--active", ' aria-current="true"'
        said = f'<strong class="govuk-service-navigation__active-fallback">{said}</strong>'
    counted = f' <span class="wm-count">{words.capped(count)}</span>' if count else ""
    return (
        f'<li class="govuk-service-navigation__item{item}">'
        f'<a class="govuk-service-navigation__link" href="{escape(url)}"{link}>'
        f"{said}{counted}</a></li>"
    )


@register.simple_tag
def tabs(items: Iterable[dict[str, Any]], label: str) -> SafeString:
    """Links to the parts of what `label` says; items: label, url, current, count (optional)."""
    drawn = "".join(_tab(**item) for item in items)
    return mark_safe(  # noqa: S308
        f'<nav class="wm-tabs" aria-label="{escape(label)}"><ul>{drawn}</ul></nav>'
    )


def _tab(label: str, url: str, current: bool = False, count: int = 0) -> str:
    here = ' aria-current="page"' if current else ""
    counted = f" ({words.capped(count)})" if count else ""
    return f'<li><a href="{escape(url)}"{here}>{escape(label)}{counted}</a></li>'


@register.simple_tag
def once(template_name: str, **values: Hashable) -> SafeString:
    """A component that says nothing about anybody, drawn once for each set of arguments."""
    return _drawn(template_name, tuple(values.items()))


@lru_cache(maxsize=100)
def _drawn(template_name: str, values: tuple[tuple[str, Hashable], ...]) -> SafeString:
    return render_to_string(template_name, dict(values))


# Signs ---------------------------------------------------------------------------------------
@register.simple_tag
def tag(text: str, tone: str = "") -> SafeString:
    """A word with a shape and a colour. Tones: "" info ok soon late danger new."""
    return _tag(str(text), tone)


@lru_cache(maxsize=1_000)  # a long list shows the same few again and again
def _tag(text: str, tone: str) -> SafeString:
    name = f"wm-tag wm-tag--{tone}" if tone else "wm-tag"
    return mark_safe(f'<strong class="{name}">{escape(text)}</strong>')  # noqa: S308


@register.simple_tag
def status_tag(case: Any) -> SafeString:
    """The state of a case in the words of its choices."""
    tone = getattr(case, "status_tone", None)
    return tag(
        case.get_status_display(), STATUS_TONES.get(case.status, "") if tone is None else tone
    )


@register.simple_tag
def due_tag(value: words.Moment, present: datetime | None = None) -> SafeString | str:
    """When something is due, in words; nothing when it has no date."""
    said, tone = words.due_and_tone(value, present)
    return _tag(said[0].upper() + said[1:], tone) if said else ""


@register.simple_tag
def case_rows(lines: Iterable[Any], with_turn: bool = False) -> SafeString:
    """The rows of a list of cases (`progress.Line`), under the headings of `lines.html`. Drawn and
    escaped here, because as a template they cost more than all that finds them."""
    draw, present = _CASE_ROW.format, now()
    return mark_safe(  # noqa: S308
        "\n".join(
            draw(
                url=escape(line.url),
                reference=escape(line.reference),
                name=escape(line.name),
                stage=status_tag(line.sign),
                turn=_WITH.format(escape(line.turn)) if with_turn else "",
                next=escape(line.next),
                due=due_tag(line.due_at, present),
            )
            for line in lines
        )
    )


_CELL = '<td class="govuk-table__cell" data-label="{label}">{{{name}}}</td>'
_WITH = _CELL.format(label="With", name="")
_CASE_ROW = (
    '<tr class="govuk-table__row"><th scope="row" class="govuk-table__header"'
    ' data-label="Reference"><a class="govuk-link" href="{url}">{reference}</a></th>'
    + _CELL.format(label="Called", name="name")
    + _CELL.format(label="Stage", name="stage")
    + "{turn}"
    + _CELL.format(label="Next", name="next")
    + _CELL.format(label="Due", name="due")
    + "</tr>"
)


# Forms ---------------------------------------------------------------------------------------
@register.inclusion_tag("components/error_summary.html")
def error_summary(*forms: Any) -> dict[str, Any]:
    """What went wrong on this page, each line a link to its control."""
    return {"problems": controls.problems(*(form for form in forms if form))}


@register.simple_tag
def question(field: BoundField) -> SafeString:
    """The only field of a page: its label or legend is the page's h1."""
    return field.render(context={"field": field, "is_heading": True})


@register.simple_tag
def fields(form: BaseForm, *names: str) -> SafeString:
    """Some fields of a form, in this order."""
    return format_html_join("", "{}", ((form[name].as_field_group(),) for name in names))


@register.simple_tag
def button(text: str, kind: str = "", url: str = "", name: str = "", value: str = "") -> SafeString:
    """A button that sends its form once, or with `url` a link that looks like one."""
    classes = f"govuk-button govuk-button--{kind}" if kind else "govuk-button"
    if url:
        return format_html(
            '<a href="{}" role="button" draggable="false" class="{}" data-module="govuk-button">'
            "{}</a>",
            url,
            classes,
            text,
        )
    sends = format_html(' name="{}" value="{}"', name or "action", value) if value else ""
    return format_html(
        '<button type="submit" class="{}" data-module="govuk-button"'
        ' data-prevent-double-click="true"{}>{}</button>',
        classes,
        sends,
        text,
    )


# Boxes with a body ---------------------------------------------------------------------------
@register.simple_block_tag
def inset(content: str) -> SafeString:
    """A quotation or a point set apart."""
    return format_html('<div class="govuk-inset-text">{}</div>', content)


@register.simple_block_tag
def warning(content: str) -> SafeString:
    """Something with consequences, before the button that has them."""
    return format_html(
        '<div class="govuk-warning-text"><span class="govuk-warning-text__icon" aria-hidden="true">'
        '!</span><strong class="govuk-warning-text__text"><span class="govuk-visually-hidden">'
        "Warning</span> {}</strong></div>",
        content,
    )


@register.simple_block_tag
def details(content: str, summary: str) -> SafeString:
    """More for those who want it."""
    return format_html(
        '<details class="govuk-details"><summary class="govuk-details__summary">'
        '<span class="govuk-details__summary-text">{}</span></summary>'
        '<div class="govuk-details__text">{}</div></details>',
        summary,
        content,
    )


@register.simple_block_tag
def banner(content: str, title: str, tone: str = "") -> SafeString:
    """News about the page; tone "ok" says that something worked and is read out at once."""
    worked = tone == "ok"
    return format_html(
        '<div class="govuk-notification-banner{}" role="{}" aria-label="{}"{}>'
        '<div class="govuk-notification-banner__header">'
        '<h2 class="govuk-notification-banner__title">{}</h2></div>'
        '<div class="govuk-notification-banner__content">{}</div></div>',
        " govuk-notification-banner--success" if worked else "",
        "alert" if worked else "region",
        title,
        mark_safe(' data-module="govuk-notification-banner"') if worked else "",
        title,
        content,
    )


@register.simple_block_tag
def confirmation(content: str, title: str) -> SafeString:
    """It is done: the h1 of the page that follows a form, with the reference in the body."""
    return format_html(
        '<div class="govuk-panel govuk-panel--confirmation"><h1 class="govuk-panel__title">{}</h1>'
        '<div class="govuk-panel__body">{}</div></div>',
        title,
        content,
    )


@register.simple_block_tag
def nothing_here(content: str, title: str) -> SafeString:
    """An empty list: what will appear here and how. (`empty` belongs to Django's `for`.)"""
    return format_html(
        '<div class="wm-empty"><p class="govuk-body govuk-!-font-weight-bold">{}</p>'
        '<div class="govuk-body">{}</div></div>',
        title,
        content,
    )


@register.simple_block_tag
def card(content: str, heading: str = "") -> SafeString:
    """A box, with or without a second-level heading."""
    head = format_html('<h2 class="govuk-heading-m">{}</h2>', heading) if heading else ""
    return format_html('<div class="wm-card">{}{}</div>', head, content)
