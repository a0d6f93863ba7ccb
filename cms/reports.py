"""What our reports in Wagtail's admin have in common."""

from django.urls import URLPattern, path
from wagtail.admin.views.reports import ReportView


def report_urls(address: str, view: type[ReportView]) -> list[URLPattern]:
    """Its page, and the part of it that changes as somebody filters, under the view's own names."""
    return [
        path(f"reports/{address}/", view.as_view(), name=view.index_url_name),
        path(
            f"reports/{address}/results/",
            view.as_view(results_only=True),
            name=view.index_results_url_name,
        ),
    ]
