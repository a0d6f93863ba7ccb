"""The pages that a public site begins with: home, help and what the foot of every page links to.

Their words are real and their own: editors change them afterwards, and nothing here does again.
"""

import tomllib
from html import escape
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from wagtail.models import Page, ReferenceIndex
from wagtail.signal_handlers import disable_reference_index_auto_update

from cms.directory.loading import load_taxonomies
from cms.models import (
    ContentPage,
    HomeChoice,
    HomePage,
    Service,
    SignpostingIndexPage,
    SignpostingPage,
    SiteSettings,
    TaxonomyTerm,
)

from . import questions
from .helplines import HELPLINES

FOLDER = Path(__file__).resolve().parent
QUESTION = "What do you need help with?"
CHOICES = [
    ("how-i-feel", "How I feel", "Low, worried, angry or numb"),
    ("other-people", "Trouble with other people", "Fights, groups, threats"),
    ("people-who-use-you", "People who want things from me", "Money, favours, things to carry"),
    ("home", "Things at home", "Arguments, or not feeling safe"),
    ("school", "School", "Missing it, or sent home"),
    ("what-next", "College, training or work", "Finding the next step"),
    ("a-place-to-stay", "A place to stay", "Tonight, or soon"),
    ("money", "Money, food and clothes", "When there is not enough"),
]


@transaction.atomic
def build(home: HomePage, *, places: str) -> None:
    """Add the pages that are missing and, the first time, say on the home page where to go.

    `places` is where the young people live, as it stands in a sentence: "Nottingham and Derby".
    """
    load_taxonomies()
    index = SignpostingIndexPage.objects.get()
    for row in _read("help_pages", places)["page"]:
        _add(index, _help_page(row))
    questions.build(index, _read("questions", places), make_help=_help_page)
    for row in _read("content_pages", places)["page"]:
        _add(home, _content_page(row))
    if home.choices.exists():
        return
    index.seo_title = "I need help with"
    index.introduction = "Pick what fits best. You can go back and pick another."
    index.save_revision().publish()
    home.refresh_from_db()
    home.seo_title, home.question = "Find help", QUESTION
    home.introduction = f"Find help for young people in {places}. It is free to ask."
    home.search_description = f"Help for young people in {places}."
    home.choices = _choices(index)
    home.save_revision().publish()


def _read(name: str, places: str) -> dict[str, Any]:
    text = (FOLDER / f"{name}.toml").read_text(encoding="utf-8")
    filled = text.replace("{places}", places).replace("{reach}", _reach())
    return tomllib.loads(filled)


def _reach() -> str:
    """How to reach the unit, as it has said in its settings."""
    ours = SiteSettings.objects.filter(site__is_default_site=True).first() or SiteSettings()
    if ours.contact_phone:
        return f"Ring us on {ours.contact_phone}, on weekdays from 9am to 5pm."
    if ours.contact_email:
        return f"Email us at {ours.contact_email}."
    return "Ask an adult you trust to get in touch with us for you."


def _add(parent: Page, page: Page) -> None:
    if Page.objects.child_of(parent).filter(slug=page.slug).exists():
        return
    with disable_reference_index_auto_update():  # else thrice for each page
        parent.add_child(instance=page).save_revision(clean=False).publish()
    ReferenceIndex.create_or_update_for_object(Page.objects.get(pk=page.pk).specific)


def _choices(index: Page) -> list[HomeChoice]:
    pages = {page.slug: page for page in Page.objects.child_of(index)}
    return [
        HomeChoice(sort_order=order, page=pages[slug], words=words, hint=hint)
        for order, (slug, words, hint) in enumerate(CHOICES)
    ]


def _help_page(row: dict[str, Any]) -> SignpostingPage:
    need = TaxonomyTerm.objects.of("need").get(code=row["need"])
    there = {
        service.title: service for service in Service.objects.filter(title__in=row["services"])
    }
    shown = [there[title] for title in row["services"] if title in there]
    return SignpostingPage(
        title=row["title"],
        seo_title=row["tab"],
        slug=row["slug"],
        short_title=row["short"],
        hint=row["hint"],
        need=need,
        introduction=paragraphs(row["intro"]),
        steps=[
            ("step", {"heading": heading, "text": paragraphs([text])})
            for heading, text in row["steps"]
        ],
        links=[
            *([("services", shown)] if shown else []),
            ("search", {"words": row["search"], "need": need}),
            *(("helpline", _helpline(key)) for key in row["helplines"]),
        ],
    )


def _helpline(key: str) -> dict[str, Any]:
    line = HELPLINES[key]
    names = ("name", "number", "is_text", "words", "hours", "url")
    return {name: getattr(line, name) for name in names}


def _content_page(row: dict[str, Any]) -> ContentPage:
    return ContentPage(
        title=row["title"],
        seo_title=row["tab"],
        slug=row["slug"],
        introduction=row["intro"],
        body=[_block(block) for block in row["blocks"] if _is_for_us(block)],
    )


def _is_for_us(block: dict[str, Any]) -> bool:
    return bool(block.get("demo", settings.DEMO) == settings.DEMO)


def _block(block: dict[str, Any]) -> tuple[str, str]:
    if "h" in block:
        return "heading", block["h"]
    if "ul" in block:
        return "text", bullets(block["ul"])
    if "link" in block:
        return "text", f'<p><a href="{block["link"]}">{escape(block["words"])}</a></p>'
    if "note" in block:
        return "note", paragraphs(block["note"])
    return "text", paragraphs(block["p"])


def paragraphs(texts: list[str]) -> str:
    return "".join(f"<p>{escape(text, quote=False)}</p>" for text in texts)


def bullets(texts: list[str]) -> str:
    items = "".join(f"<li>{escape(text, quote=False)}</li>" for text in texts)
    return f"<ul>{items}</ul>"
