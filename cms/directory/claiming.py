"""Whoever runs a provider that no organisation is linked to says so, without an account; an editor
links it, and from then on they keep what the directory says of it, or says no."""

import logging
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.admin.forms import WagtailAdminModelForm

from accounts import letters, limits, visitors
from accounts.clock import now
from accounts.models import Organisation
from accounts.wording import PlainErrors

from .models import Claim, Provider
from .models.claims import KEPT

log = logging.getLogger("waymark.directory")
MOST_AN_HOUR = 20  # an office is one address
TAKEN = "This provider is linked to {} already. Change that on its own page first."
LINKED = """\
You told us that something in our public directory is yours. We have linked it to your
organisation.

Whoever administers your organisation on Waymark finds it under “Our services” and keeps it right:

{link}
"""
REFUSED = """\
You told us that something in our public directory is yours. We could not see that it is.

If it is, write to the people whose address stands at the foot of the directory, or ring them.
"""


class ClaimForm(PlainErrors, forms.ModelForm):
    surname = forms.CharField(required=False)  # nobody sees it: who fills it in is a program

    class Meta:
        model = Claim
        fields: ClassVar = ["organisation_name", "email", "words"]
        widgets: ClassVar = {"words": forms.Textarea({"rows": 4})}
        help_texts: ClassVar = {
            "email": "Only our editors see it. We delete it within 90 days.",
            "words": "Such as your role there, and a number in public use that we can ring.",
        }


def claimable() -> Any:
    """What nobody keeps: of the public ones, and not of another directory. `Provider.is_claimable`
    says the same of one."""
    return Provider.objects.public().filter(organisation=None, source_record=None)


@csrf_exempt  # it acts for nobody who is signed in, and a token would be a cookie
@require_http_methods(["GET", "HEAD", "POST"])
def claim(request: HttpRequest, pk: Any) -> HttpResponse:
    provider = get_object_or_404(claimable(), pk=pk)
    form = ClaimForm(request.POST or None, instance=Claim(provider=provider))
    if request.method == "POST" and form.is_valid():
        if limits.too_many("claim", visitors.address(request), most=MOST_AN_HOUR):
            return render(request, "errors/429.html", {"wait": "an hour"}, status=429)
        if not form.cleaned_data["surname"]:
            form.save()
        return redirect("directory:claimed", pk=pk)
    return render(request, "cms/directory/claim.html", {"form": form, "provider": provider})


@require_safe
def claimed(request: HttpRequest, pk: Any) -> HttpResponse:
    provider = get_object_or_404(Provider.objects.public(), pk=pk)
    return render(request, "cms/directory/claimed.html", {"provider": provider})


class ClaimAnswerForm(WagtailAdminModelForm):
    """An editor's answer: it is final, and whoever claimed is told."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        is_linked = cleaned.get("state") == Claim.State.LINKED
        if is_linked and not cleaned.get("organisation"):
            self.add_error("organisation", "Choose the organisation that it is linked to.")
        keeper = self.instance.provider.organisation
        if is_linked and keeper and keeper != cleaned.get("organisation"):
            raise ValidationError(TAKEN.format(keeper))
        if self.instance.decided_at:
            raise ValidationError("This has been answered already.")
        return cleaned

    @transaction.atomic
    def save(self, commit: bool = True) -> Any:
        row: Claim = self.instance
        there = Claim.objects.select_for_update().get(pk=row.pk)
        if there.decided_at:  # by somebody else, a moment ago: that answer stands
            return there
        if row.state != Claim.State.NEW:
            row.decided_at, row.decided_by = now(), self.for_user
            transaction.on_commit(lambda: _tell(row))
        if row.state == Claim.State.LINKED and row.organisation:
            link(row.provider, row.organisation)
        return super().save(commit=commit)


def link(provider: Provider, organisation: Organisation) -> None:
    """At once, and in the draft that somebody may be writing."""
    held = Provider.objects.select_for_update(of=["self"]).get(pk=provider.pk)
    Provider.objects.filter(pk=held.pk).update(organisation=organisation)
    if draft := held.latest_revision:
        draft.content |= {"organisation": str(organisation.pk)}
        draft.save(update_fields=["content"])


def _tell(claim: Claim) -> None:
    text = LINKED.format(link=letters.link_to("/our-services/"))
    try:
        letters.deliver(
            "Your place in the directory",
            text if claim.state == Claim.State.LINKED else REFUSED,
            to=claim.email,
        )
    except letters.NotSent as error:
        log.warning("claim_not_told claim=%s error=%s", claim.pk, error)


def forget() -> int:
    """Delete what was sent long enough ago. Counts it."""
    return Claim.objects.filter(sent_at__lt=now() - KEPT).delete()[0]
