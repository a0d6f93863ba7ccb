"""A fixed page of the demo in Polish and in Arabic, marked as invented. A real site begins without:
nobody of the unit has read them."""

import tomllib
from pathlib import Path
from typing import Any

from cms.first_pages import bullets, paragraphs
from cms.models import ContentPage

FILE = Path(__file__).resolve().parent / "translations.toml"


def build() -> None:
    for row in tomllib.loads(FILE.read_text(encoding="utf-8"))["page"]:
        original = ContentPage.objects.get(slug=row["of"])
        if not original.translations.filter(language=row["language"]).exists():
            page = original.add_child(instance=_page(row, original))
            page.save_revision(clean=False).publish()


def _page(row: dict[str, Any], original: ContentPage) -> ContentPage:
    return ContentPage(
        title=row["title"],
        slug=row["language"],
        introduction=row["intro"],
        language=row["language"],
        original=original,
        body=[("text", bullets(row["ul"])), ("note", paragraphs(row["note"]))],
    )
