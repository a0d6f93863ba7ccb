"""Whether the numbers to ring in danger still lead where they say: somebody looks every quarter.
My work tells the editors when it is time; a report in Wagtail's admin holds them and the button."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_POST
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.reports import ReportView
from wagtail.log_actions import log
from wagtail.permission_policies import ModelPermissionPolicy

from accounts.clock import today
from accounts.models import User

from .models import SafeguardingNumber, SiteSettings
from .reports import report_urls
from .services import site_settings

EVERY = timedelta(days=90)


def overdue() -> int:
    """How many numbers nobody has checked for a quarter: all of them or none."""
    checked = site_settings().numbers_checked_on
    if checked and today() - checked <= EVERY:
        return 0
    return SafeguardingNumber.objects.of_this_site().count()


@transaction.atomic
def check(*, by: User) -> None:
    """Somebody has rung or looked up all of them: they are right today."""
    for site in SiteSettings.objects.select_for_update().filter(site__is_default_site=True):
        site.numbers_checked_on = today()
        site.save(update_fields=["numbers_checked_on"])
        log(instance=site, action="wagtail.edit", user=by, content_changed=True)


def _settings_address(row: SafeguardingNumber) -> str:
    return reverse("wagtailsettings:edit", args=["cms", "sitesettings"])


class NumbersView(ReportView):
    page_title = "Safeguarding numbers"
    header_icon = "warning"
    template_name = "cms/safeguarding_numbers.html"
    index_url_name = "safeguarding_numbers"
    index_results_url_name = "safeguarding_numbers_results"
    permission_policy = ModelPermissionPolicy(SiteSettings)
    any_permission_required = ("change",)
    is_searchable = False
    columns = (
        TitleColumn("name", label="Whom", get_url=_settings_address),
        Column("number", label="Number"),
        Column("hours", label="When they answer"),
        Column("kind", label="Kind", accessor=lambda row: row.get_kind_display()),
    )

    def get_base_queryset(self) -> QuerySet[SafeguardingNumber]:
        return SafeguardingNumber.objects.of_this_site().order_by("sort_order", "pk")

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(*args, **kwargs)
        checked = {"checked_on": site_settings().numbers_checked_on, "is_overdue": bool(overdue())}
        return context | checked


@require_POST
def still_right(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    if not user.has_perm("cms.change_sitesettings"):
        raise PermissionDenied
    check(by=user)
    messages.success(request, "Thank you: all of them were right today.")
    return redirect("safeguarding_numbers")


def urls() -> list[URLPattern]:
    address = "reports/safeguarding-numbers/still-right/"
    return [
        *report_urls("safeguarding-numbers", NumbersView),
        path(address, still_right, name="safeguarding_numbers_right"),
    ]
