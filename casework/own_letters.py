"""Which letters somebody gets: their own choice, but for what they must not miss."""

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.models import User
from accounts.widgets import Checks
from accounts.wording import PlainErrors

from .letters import ALWAYS, MAY_BE_UNWANTED, Category
from .models import Unwanted


class LettersForm(PlainErrors, forms.Form):
    wanted = forms.MultipleChoiceField(
        label="Write to me about",
        choices=[(each.value, each.label) for each in MAY_BE_UNWANTED],
        required=False,
        widget=Checks,
    )


def own_letters(request: HttpRequest) -> HttpResponse:
    """Ticked is what one gets."""
    user = cast(User, request.user)
    unwanted = set(Unwanted.objects.filter(user=user).values_list("category", flat=True))
    wanted = [each.value for each in MAY_BE_UNWANTED if each.value not in unwanted]
    typed = request.POST if request.method == "POST" else None
    form = LettersForm(typed, initial={"wanted": wanted})
    if request.method == "POST" and form.is_valid():
        _choose(user, form.cleaned_data["wanted"])
        messages.success(request, "Saved. It holds from the next letter on.")
        return redirect("accounts:account")
    context: dict[str, Any] = {"form": form, "always": [each.label for each in ALWAYS]}
    return render(request, "casework/own_letters.html", context)


@transaction.atomic
def _choose(user: User, wanted: list[str]) -> None:
    rows = Unwanted.objects.filter(user=user)
    rows.filter(category__in=wanted).delete()
    unwanted: list[Category] = [each for each in MAY_BE_UNWANTED if each.value not in wanted]
    Unwanted.objects.bulk_create(
        [Unwanted(user=user, category=each.value) for each in unwanted], ignore_conflicts=True
    )
