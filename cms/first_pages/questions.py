"""The first tree of questions: made once, the editors' own from then on."""

from collections.abc import Callable
from typing import Any

from wagtail.models import Page, ReferenceIndex
from wagtail.signal_handlers import disable_reference_index_auto_update

from cms.models import QuestionPage, SignpostingIndexPage, SignpostingPage

MakeHelp = Callable[[dict[str, Any]], SignpostingPage]


def build(index: SignpostingIndexPage, said: dict[str, Any], *, make_help: MakeHelp) -> None:
    """Questions and endings first, then the answers between them, and the first question last."""
    if QuestionPage.objects.exists():
        return
    pages: dict[str, Page] = {page.slug: page for page in Page.objects.child_of(index)}
    with disable_reference_index_auto_update():  # else thrice for each page
        for row in said["question"]:
            pages[row["path"]] = _under(index, pages, row, _question(row))
        for row in said["ending"]:
            pages[row["path"]] = _under(index, pages, row, make_help(_placed(row)))
        for row in reversed(said["question"]):
            page = QuestionPage.objects.get(pk=pages[row["path"]].pk)  # with its children counted
            page.answers = [("answer", _answer(one, pages)) for one in row["answers"]]
            page.save_revision(clean=False).publish()
    for page in Page.objects.descendant_of(index).filter(path__startswith=pages["start"].path):
        ReferenceIndex.create_or_update_for_object(page.specific)


def _under(index: Page, pages: dict[str, Page], row: dict[str, Any], page: Page) -> Page:
    above, _, _ = row["path"].rpartition("/")
    parent = Page.objects.get(pk=pages[above].pk if above else index.pk)
    parent.add_child(instance=page).save_revision(clean=False).publish()
    return page


def _placed(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "slug": row["path"].rpartition("/")[2], "steps": []}


def _question(row: dict[str, Any]) -> QuestionPage:
    slug = row["path"].rpartition("/")[2]
    return QuestionPage(
        title=row["title"], seo_title=row["tab"], slug=slug, introduction=row["intro"], live=False
    )


def _answer(said: list[str], pages: dict[str, Page]) -> dict[str, Any]:
    words, hint, leads_to = said
    return {"words": words, "hint": hint, "page": Page.objects.get(pk=pages[leads_to].pk)}
