"""Two referrals side by side: are they about one young person?"""

from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.models import User
from casework.viewing import looked
from referrals import policies, progress, services
from referrals.choices import SectionCode
from referrals.forms.compare import CompareForm
from referrals.models import Referral
from referrals.reading import Row, answers, day


@transaction.atomic
def compare(request: HttpRequest, reference: str, other: str) -> HttpResponse:
    """Only of likely duplicates that the coordinator may see; both looks are kept."""
    user = cast(User, request.user)
    visible = Referral.objects.visible_to(user).sent().whole()
    one = get_object_or_404(visible, reference=reference)
    two = get_object_or_404(visible.exclude(pk=one.pk), reference=other)
    if not policies.triages(one, user):
        raise PermissionDenied
    said = services.verdicts(one).get(two.pk)
    if said is None and two not in services.likely_same(one, by=user):
        raise Http404
    form = CompareForm(request.POST or None, initial={"verdict": said.verdict if said else None})
    if request.method == "POST" and form.is_valid():
        said = services.compare(
            referral=one, other=two, verdict=form.cleaned_data["verdict"], by=user
        )
        messages.success(request, f"{two.reference}: {said.get_verdict_display()}.")
        return redirect(one.home())
    for case in (one, two):
        looked(case, by=user, what="compare")
    context = {
        "form": form,
        "one": one,
        "sides": [_side(one, user), _side(two, user)],
        "said": said,
    }
    return render(request, "referrals/compare.html", context)


def _side(case: Referral, user: User) -> dict[str, Any]:
    in_full = policies.reads_everything(case, user)
    rows = [row for part in answers(case, all_of_it=in_full, only=_WHO) for row in part.rows]
    rows.append(Row("Referred by", f"{case.referred_by.name}, {case.organisation}"))
    rows.append(Row("Sent on", day(case.sent_at)))
    return {"line": progress.line(case, user), "rows": rows}


_WHO = {SectionCode.PERSON}
