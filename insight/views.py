from io import BytesIO
from typing import cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from accounts import access
from accounts.models import Area, User

from . import maps, policies, reading, releases, reports
from . import needs as assessments
from .forms import WeightsForm
from .models import GapAction, Weights
from .models.action import GapActionQuerySet
from .needs import Assessment


def _reader(request: HttpRequest) -> User:
    user = cast(User, request.user)
    if not policies.reads_figures(user):
        raise PermissionDenied
    return user


@require_safe
def insight(request: HttpRequest) -> HttpResponse:
    _reader(request)
    return redirect("insight:needs")


@require_safe
def needs(request: HttpRequest) -> HttpResponse:
    """Provision against need by district."""
    user = _reader(request)
    assessment = assessments.districts(releases.latest())
    context = {
        **_context(assessment, GapAction.objects.visible_to(user)),
        "plans": policies.plans_actions(user),
        "searched": reading.searched(assessment),
        "unmet_map": maps.draw(assessment.places, maps.unmet),
        "not_found": reading.not_found(assessment),
        "kinds": reading.provided(assessment),
        "weighs": policies.weighs(user),
    }
    return render(request, "insight/needs.html", context)


@require_safe
def needs_of(request: HttpRequest, code: str) -> HttpResponse:
    """The same by ward of one district."""
    user = _reader(request)
    district = _district(code)
    assessment = assessments.wards(district, releases.latest())
    context = {
        **_context(assessment, GapAction.objects.visible_to(user).within(district)),
        "plans": policies.plans_actions(user),
        "district": district,
    }
    return render(request, "insight/wards.html", context)


@require_safe
def needs_pdf(request: HttpRequest) -> FileResponse:
    return _pdf(_reader(request))


@require_safe
def needs_of_pdf(request: HttpRequest, code: str) -> FileResponse:
    return _pdf(_reader(request), _district(code))


def _pdf(user: User, district: Area | None = None) -> FileResponse:
    actions = GapAction.objects.visible_to(user)
    if district:
        assessment = assessments.wards(district, releases.latest())
        actions = actions.within(district)
    else:
        assessment = assessments.districts(releases.latest())
    file = reports.needs_pdf(
        assessment, reader=user, actions=actions.to_do().listed(), district=district
    )
    access.record("exported", user=user, what="needs", area=district.code if district else "")
    name = f"asset-needs-assessment{f'-{district.code}' if district else ''}.pdf"
    return FileResponse(BytesIO(file), filename=name, content_type="application/pdf")


def _district(code: str) -> Area:
    return get_object_or_404(Area, kind=Area.Kind.DISTRICT, code=code)


def weights(request: HttpRequest) -> HttpResponse:
    """How much each part of need counts. A change is a new row with whose it is."""
    user = _reader(request)
    if not policies.weighs(user):
        raise PermissionDenied
    form = WeightsForm(request.POST or None, initial=Weights.ours().of)
    if request.method == "POST" and form.is_valid():
        form.instance.set_by = user
        form.save()
        messages.success(request, "The weights are changed. Every score has been worked out anew.")
        return redirect("insight:needs")
    return render(request, "insight/weights.html", {"form": form})


def _context(assessment: Assessment, actions: GapActionQuerySet) -> dict[str, object]:
    to_do = actions.to_do().listed()
    return {
        "actions": to_do,
        "unanswered": reading.unanswered(assessment, to_do),
        "assessment": assessment,
        "map": maps.draw(assessment.places),
        "source": maps.SOURCE,
        "heads": [reading.HEADS[name] for name in reading.columns(assessment)],
        "rows": reading.rows(assessment),
        "in_all": reading.in_all(assessment),
        "gap_said": reading.GAP_SAID,
        "warnings": reading.warnings(assessment),
        "weighed": reading.weighed(assessment.weights),
        "method": reading.method(assessment),
    }
