"""The state of the directory: a report in Wagtail's admin, of every service that is ours to keep
right: how it stands with its last check, and which facts it lacks that decide whether people go."""

from collections import Counter
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.urls import URLPattern, reverse
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views.reports import ReportView
from wagtail.permission_policies import ModelPermissionPolicy

from cms.reports import report_urls

from .facts import missing
from .freshness import State, to_check
from .models import Service
from .models.usefulness import NO, YES


def useful(service: Any) -> str:
    """What readers said of its page since it is there."""
    said = service.yes + service.no
    return f"{service.yes} of {said}" if said else "–"


class StateFilter(WagtailFilterSet):
    state = django_filters.ChoiceFilter(label="Last check", choices=State.choices)

    class Meta:
        model = Service
        fields = ("state", "provider")


class StateView(ReportView):
    """Longest unchecked first."""

    page_title = "State of the directory"
    header_icon = "date"
    template_name = "cms/directory/state.html"
    index_url_name = "directory_state"
    index_results_url_name = "directory_state_results"
    permission_policy = ModelPermissionPolicy(Service)
    any_permission_required = ("change",)
    filterset_class = StateFilter
    is_searchable = False
    columns = (
        TitleColumn(
            "title",
            label="Service",
            get_url=lambda row: reverse("wagtailsnippets_cms_service:edit", args=[row.pk]),
        ),
        Column("provider", label="Provider"),
        Column("state", label="Last check", accessor=lambda row: State(row.state).label),
        DateColumn("since", label="Not checked since"),
        Column(
            "missing", label="Does not say", accessor=lambda row: ", ".join(missing(row)) or "–"
        ),
        Column("useful", label="Useful", accessor=lambda row: useful(row)),
    )
    list_export = ("title", "provider.name", "state", "since", "missing", "yes", "no")
    export_headings = {
        "title": "Service",
        "provider.name": "Provider",
        "yes": "Useful",
        "no": "Not useful",
    }

    def get_base_queryset(self) -> QuerySet[Service]:
        return to_check().whole().annotate(yes=YES, no=NO).order_by("since", "title", "pk")

    def get_filename(self) -> str:
        return "state-of-the-directory"

    def to_row_dict(self, item: Service) -> dict[str, Any]:
        return {
            "title": item.title,
            "provider.name": item.provider.name,
            "state": State(item.state).label,
            "since": item.since,
            "missing": ", ".join(missing(item)),
            "yes": item.yes,
            "no": item.no,
        }

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(*args, **kwargs)
        many = Counter(to_check().values_list("state", flat=True))
        return context | {"states": [(state, many[state.value]) for state in State]}


def urls() -> list[URLPattern]:
    return report_urls("state-of-the-directory", StateView)
