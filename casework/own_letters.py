"""Which letters somebody gets: their own choice, but for what they must not miss."""

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.models import User
from accounts.wording import PlainErrors

from .letters import ALWAYS, MAY_BE_UNWANTED
from .models import Unwanted


class LettersForm(PlainErrors, forms.Form):
    """A tick for each category that somebody may do without."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for each in MAY_BE_UNWANTED:
            self.fields[each.value] = forms.BooleanField(label=each.label, required=False)


def own_letters(request: HttpRequest) -> HttpResponse:
    """Ticked is what one gets."""
    user = cast(User, request.user)
    unwanted = set(Unwanted.objects.filter(user=user).values_list("category", flat=True))
    wanted = {each.value: each.value not in unwanted for each in MAY_BE_UNWANTED}
    form = LettersForm(request.POST if request.method == "POST" else None, initial=wanted)
    if request.method == "POST" and form.is_valid():
        _choose(user, form.cleaned_data)
        messages.success(request, "Saved. It holds from the next letter on.")
        return redirect("accounts:account")
    context = {"form": form, "always": [each.label for each in ALWAYS]}
    return render(request, "casework/own_letters.html", context)


@transaction.atomic
def _choose(user: User, wanted: dict[str, bool]) -> None:
    """What is chosen now takes the place of what was."""
    unwanted = [category for category, is_wanted in wanted.items() if not is_wanted]
    rows = Unwanted.objects.filter(user=user)
    rows.exclude(category__in=unwanted).delete()
    Unwanted.objects.bulk_create(
        [Unwanted(user=user, category=category) for category in unwanted], ignore_conflicts=True
    )
