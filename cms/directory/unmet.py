"""Not found: a report in Wagtail's admin of the words with which people found nothing, so that an
editor can say what services call it. No word stands here that fewer than five searches had."""

from typing import Any

from django.urls import URLPattern, reverse
from django.utils.http import urlencode
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.reports import ReportView
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.snippets.views.snippets import CreateView

from cms.reports import report_urls

from .models import Demand, Synonym
from .models.demand import ENOUGH, oldest_kept
from .plain import fold

WORD = "word:"


def word(row: dict[str, Any]) -> str:
    return str(row["mark"]).removeprefix(WORD)


def synonym_url(row: dict[str, Any]) -> str:
    """Where an editor says what the word means, with the word filled in."""
    add = reverse("wagtailsnippets_cms_synonym:add")
    return f"{add}?{urlencode({'phrase': word(row)})}"


class NotFoundView(ReportView):
    """The most asked first."""

    page_title = "Searches that found nothing"
    header_icon = "search"
    template_name = "cms/directory/unmet.html"
    index_url_name = "directory_unmet"
    index_results_url_name = "directory_unmet_results"
    permission_policy = ModelPermissionPolicy(Synonym)
    any_permission_required = ("add", "change")
    is_searchable = False
    columns = (
        Column("mark", label="Word", accessor=word),
        Column("many", label="Searches that found nothing"),
        TitleColumn(
            "synonym",
            label="What to do",
            accessor=lambda row: "Make a synonym",
            get_url=synonym_url,
        ),
    )
    list_export = ("mark", "many")
    export_headings = {"mark": "Word", "many": "Searches that found nothing"}

    def get_base_queryset(self) -> Any:
        words = Demand.objects.since(oldest_kept()).in_vain().filter(mark__startswith=WORD)
        return words.by("mark")

    def get_filename(self) -> str:
        return "searches-that-found-nothing"

    def to_row_dict(self, item: Any) -> dict[str, Any]:
        return {"mark": word(item), "many": item["many"]}

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(*args, **kwargs)
        return context | {"enough": ENOUGH}


class AddSynonymView(CreateView):
    """Comes with the word that the report's link brought."""

    def get_initial_form_instance(self) -> Synonym:
        typed = self.request.GET.get("phrase", "")
        return Synonym(phrase=" ".join(fold(typed).split())[:60])


def urls() -> list[URLPattern]:
    return report_urls("searches-that-found-nothing", NotFoundView)
