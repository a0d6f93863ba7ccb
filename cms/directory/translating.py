"""Words of other directories in Wagtail's admin: an editor says which of our terms each means."""

from collections.abc import Iterable, Mapping
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.views.decorators.http import require_http_methods
from django_q.tasks import async_task

from accounts.models import User

from . import vocabularies
from .editor_pages import editor_page, for_editors
from .models import TaxonomyTerm
from .shaped import shaped_id
from .vocabularies import Word

ON_A_PAGE = 25
NONE = "none"
UNDECIDED = [("", "Not decided"), (NONE, "None of ours")]
Row = tuple[Word, int]


class TranslationForm(forms.Form):
    """A choice for each of some words of theirs. One that is left undecided changes nothing."""

    def __init__(self, rows: Iterable[Row], meant: Mapping[Any, Any], data: Any) -> None:
        super().__init__(data)
        self.words = {_name(row): row for row in rows}
        choices = [*UNDECIDED, *vocabularies.terms_by_taxonomy()]
        for name, (theirs, _) in self.words.items():
            now = str(meant[theirs.key] or NONE) if theirs.key in meant else ""
            self.fields[name] = forms.ChoiceField(choices=choices, required=False, initial=now)

    @property
    def rows(self) -> list[tuple[Row, forms.BoundField]]:
        return [(row, self[name]) for name, row in self.words.items()]

    def keep(self, *, by: User) -> int:
        """Counts what is new."""
        new = [name for name in self.changed_data if self.cleaned_data[name]]
        terms = TaxonomyTerm.objects.in_bulk(
            [said for name in new if (said := self.cleaned_data[name]) != NONE]
        )
        ours = {str(pk): term for pk, term in terms.items()}
        for name in new:
            theirs, _ = self.words[name]
            vocabularies.translate(theirs, ours.get(self.cleaned_data[name]), by=by)
        return len(new)


def _name(row: Row) -> str:
    return shaped_id("word", *row[0].key)


@require_http_methods(["GET", "HEAD", "POST"])
@for_editors
def translations(request: HttpRequest) -> HttpResponse:
    """Those that nobody has looked at yet, the most used first; or those that somebody has."""
    meant = vocabularies.translated()
    is_decided = request.GET.get("show") == "decided"
    every = vocabularies.counted()
    page = Paginator([row for row in every if (row[0].key in meant) == is_decided], ON_A_PAGE)
    rows = page.get_page(request.GET.get("p"))
    if request.method == "POST":  # for the words that were shown, whoever decided on some meanwhile
        form = TranslationForm([r for r in every if _name(r) in request.POST], meant, request.POST)
        if form.is_valid():
            _told(request, form.keep(by=cast(User, request.user)))
            return redirect(request.get_full_path())
    else:
        form = TranslationForm(rows, meant, None)
    decided = sum(row[0].key in meant for row in every)
    return editor_page(
        request,
        "translations",
        "Words of other directories",
        form=form,
        page=rows,
        is_decided=is_decided,
        undecided=len(every) - decided,
        decided=decided,
    )


def _told(request: HttpRequest, many: int) -> None:
    if not many:
        messages.warning(request, "Nothing was decided.")
        return
    async_task("cms.tasks.resolve_terms")
    words = f"{many} saved. Services that are here already have their terms within minutes."
    messages.success(request, words)


def urls() -> list[URLPattern]:
    return [path("imports/words/", translations, name="directory_translations")]
