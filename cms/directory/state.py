"""The state of the directory: a report in Wagtail's admin, of every service that is ours to keep
right: how it stands with its last check, and which facts it lacks that decide whether people go."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import timedelta
from statistics import mean
from typing import Any
from uuid import UUID

import django_filters
from django.db.models import Count, Q, QuerySet
from django.urls import URLPattern, reverse
from django.utils.timezone import localtime
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views.reports import ReportView
from wagtail.permission_policies import ModelPermissionPolicy

from accounts.clock import now
from cms.reports import report_urls

from .facts import missing, percent
from .freshness import State, to_check
from .models import Freshness, LinkCheck, Provider, Service
from .models.usefulness import NO, YES


def useful(service: Any) -> str:
    """What readers said of its page since it is there."""
    said = service.yes + service.no
    return f"{service.yes} of {said}" if said else "–"


def page_words(service: Service) -> str:
    """Whether its web page opens, and on which day it was asked for."""
    if not service.url:
        return ""
    found = LinkCheck.of(service)
    return f"{found.words}, {localtime(found.checked_at):%-d %B %Y}" if found else "Not known"


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
        Column("score", label="Complete", accessor=lambda row: f"{percent(missing(row))}%"),
        Column("link", label="Web page", accessor=lambda row: page_words(row) or "–"),
        Column("useful", label="Useful", accessor=lambda row: useful(row)),
    )
    list_export = (
        *("title", "provider.name", "state", "since", "missing", "score", "link", "yes", "no"),
    )
    export_headings = {
        "title": "Service",
        "provider.name": "Provider",
        "missing": "Does not say",
        "score": "Complete, in hundredths",
        "link": "Web page",
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
            "score": percent(missing(item)),
            "link": page_words(item),
            "yes": item.yes,
            "no": item.no,
        }

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(*args, **kwargs)
        many = Counter(to_check().values_list("state", flat=True))
        return context | {"states": [(state, many[state.value]) for state in State]}


class ProvidersView(ReportView):
    """Each provider with services that are ours to check; most overdue first."""

    page_title = "State of the directory by provider"
    header_icon = "group"
    index_url_name = "directory_providers"
    index_results_url_name = "directory_providers_results"
    permission_policy = ModelPermissionPolicy(Service)
    any_permission_required = ("change",)
    is_searchable = False
    columns = (
        TitleColumn(
            "name",
            label="Provider",
            get_url=lambda row: f"{reverse('directory_state')}?provider={row.pk}",
        ),
        Column("many", label="Services"),
        Column("score", label="Complete", accessor=lambda row: f"{row.score}%"),
        Column("overdue", label="To be checked"),
    )
    list_export = ("name", "many", "score", "overdue")
    export_headings = {
        "name": "Provider",
        "many": "Services",
        "score": "Complete, in hundredths",
        "overdue": "To be checked",
    }

    def get_base_queryset(self) -> QuerySet[Provider]:
        ours = to_check()
        old = ours.filter(since__lte=now() - timedelta(days=Freshness.ours().first_letter))
        self.scores = _scores(ours.whole())
        return (
            Provider.objects.filter(pk__in=ours.values("provider"))
            .annotate(
                many=Count("services", filter=Q(services__in=ours.values("pk"))),
                overdue=Count("services", filter=Q(services__in=old.values("pk"))),
            )
            .order_by("-overdue", "name", "pk")
        )

    def decorate_paginated_queryset(self, object_list: Any) -> Any:
        for row in object_list:
            row.score = self.scores[row.pk]
        return object_list

    def get_filename(self) -> str:
        return "state-by-provider"

    def to_row_dict(self, item: Any) -> dict[str, Any]:
        known = {"name": item.name, "many": item.many, "overdue": item.overdue}
        return known | {"score": self.scores[item.pk]}


def _scores(services: Iterable[Service]) -> dict[UUID, int]:
    """How complete the services of each provider are, on average."""
    found: dict[UUID, list[int]] = defaultdict(list)
    for service in services:
        found[service.provider_id].append(percent(missing(service)))
    return {provider: round(mean(scores)) for provider, scores in found.items()}


def urls() -> list[URLPattern]:
    return [
        *report_urls("state-of-the-directory", StateView),
        *report_urls("state-by-provider", ProvidersView),
    ]
