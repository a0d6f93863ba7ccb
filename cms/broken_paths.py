"""Whether every way through the questions ends in help: a check by the clock that tells the
editors on My work, and a report in Wagtail's admin that says what is broken where."""

from typing import Any

from django.db.models import QuerySet
from django.urls import URLPattern, reverse
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.reports import ReportView
from wagtail.models import Page
from wagtail.permission_policies.pages import PagePermissionPolicy

from .models import PathCheck
from .questions import broken
from .reports import report_urls


def check() -> PathCheck:
    """Look now, and keep what was found until the next time."""
    PathCheck.objects.all().delete()
    return PathCheck.objects.create(pages=len(broken()))


def alarm() -> str:
    """A sentence for the editors while the last check found something."""
    last = PathCheck.objects.first()
    if last is None or not last.pages:
        return ""
    many = last.pages
    which = "1 help page or question leads" if many == 1 else f"{many} help pages or questions lead"
    return f"{which} people wrong: see “{PathsView.page_title}” among the editor's reports."


class PathsView(ReportView):
    """As it is at this moment, in the order in which people meet the pages."""

    page_title = "Broken paths"
    header_icon = "warning"
    index_url_name = "broken_paths"
    index_results_url_name = "broken_paths_results"
    permission_policy = PagePermissionPolicy()
    any_permission_required = ("change",)
    is_searchable = False
    columns = (
        TitleColumn(
            "title",
            label="Page",
            get_url=lambda row: reverse("wagtailadmin_pages:edit", args=[row.pk]),
        ),
        Column("faults", label="What is broken", accessor=lambda row: " ".join(row.faults)),
    )
    list_export = ("title", "url", "faults")
    export_headings = {"title": "Page", "url": "Address", "faults": "What is broken"}

    def get_base_queryset(self) -> QuerySet[Page]:
        self.found = broken()
        return Page.objects.filter(pk__in=self.found).order_by("path")

    def decorate_paginated_queryset(self, object_list: Any) -> Any:
        for row in object_list:
            row.faults = self.found[row.pk]
        return object_list

    def get_filename(self) -> str:
        return "broken-paths"

    def to_row_dict(self, item: Page) -> dict[str, Any]:
        faults = " ".join(self.found[item.pk])
        return {"title": item.title, "url": item.url, "faults": faults}


def urls() -> list[URLPattern]:
    return report_urls("broken-paths", PathsView)
