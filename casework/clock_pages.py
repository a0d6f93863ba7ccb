"""The clocks of the unit: how long each state may last. Read and changed by who runs programmes."""

import uuid
from typing import Any, ClassVar, cast

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.validators import MaxValueValidator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from accounts import access, roles
from accounts.models import User
from accounts.wording import PlainErrors

from . import policies, registry
from .models import ClockRule

MOST = 400
UNITS = {
    ClockRule.Unit.MINUTES: ("minute", ""),
    ClockRule.Unit.DAYS: ("day", ""),
    ClockRule.Unit.WORKING_DAYS: ("working day", ""),
    ClockRule.Unit.SCHOOL_DAYS: ("working day", " in term"),
}


class ClockForm(PlainErrors, forms.ModelForm[ClockRule]):
    class Meta:
        model = ClockRule
        fields: ClassVar = ["limit", "remind_before", "escalate_every"]
        labels: ClassVar = {
            "limit": "How long may it last?",
            "remind_before": "How long before the end is the reminder?",
            "escalate_every": "Once late, after how long is the next person told?",
        }
        widgets: ClassVar = {
            name: forms.NumberInput({"size": 4})
            for name in ("limit", "remind_before", "escalate_every")
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.help_text = f"In {self.instance.get_unit_display()}."
            field.max_value = MOST  # type: ignore[attr-defined]
            field.validators.append(MaxValueValidator(MOST))

    def clean_limit(self) -> int:
        """What is counted in minutes is danger: it may be shorter than we say, never longer."""
        limit: int = self.cleaned_data["limit"]
        most = registry.kinds()[self.instance.kind].CLOCKS[self.instance.state].limit
        if self.instance.unit == ClockRule.Unit.MINUTES and limit > most:
            raise forms.ValidationError(f"Somebody is in danger: at most {most} minutes.")
        if not limit and self.instance.unit != ClockRule.Unit.WORKING_DAYS:
            raise forms.ValidationError("Give 1 or more.")
        return limit


@require_safe
def clocks(request: HttpRequest) -> HttpResponse:
    _keeper(request)
    return render(request, "casework/clocks.html", {"groups": _groups()})


def clock(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Change one. What runs already keeps its date; what comes into the state gets the new one."""
    user = _keeper(request)
    rule = get_object_or_404(ClockRule, pk=pk)
    form = ClockForm(request.POST or None, instance=rule)
    if request.method == "POST" and form.is_valid():
        form.save()
        access.record(
            "clock_changed", user=user, kind=rule.kind, state=rule.state, limit=rule.limit
        )
        messages.success(request, f"The clock of “{label(rule)}” is changed.")
        return redirect("casework:clocks")
    context = {"form": form, "label": label(rule), "rule": rule}
    return render(request, "casework/clock.html", context)


def label(rule: ClockRule) -> str:
    """The state as people read it."""
    model = registry.kinds()[rule.kind]
    special = model.CLOCK_LABELS.get(rule.state)
    return special or str(model.State(rule.state).label)


def _groups() -> list[tuple[str, list[dict[str, Any]]]]:
    """By kind of case every rule that has a state, in the order in which a case comes to it."""
    rules = {(rule.kind, rule.state): rule for rule in ClockRule.objects.all()}
    found = [
        (model, [rules[kind, state] for state in model.CLOCKS if (kind, state) in rules])
        for kind, model in registry.kinds().items()
    ]
    return sorted(
        (str(model._meta.verbose_name).capitalize(), [_row(rule) for rule in rows])
        for model, rows in found
        if rows
    )


def _row(rule: ClockRule) -> dict[str, Any]:
    return {
        "label": label(rule),
        "owner": roles.by_code[rule.owner_role].name,
        "lasts": span(rule.limit, rule.unit) if rule.limit else "the same day",
        "reminder": f"{span(rule.remind_before, rule.unit)} before" if rule.remind_before else "",
        "next": f"after {span(rule.escalate_every, rule.unit)}",
        "rule": rule,
    }


def span(count: int, unit: str) -> str:
    """A length of time in words, such as "1 working day"."""
    word, rest = UNITS[ClockRule.Unit(unit)]
    return f"{count} {word}{'' if count == 1 else 's'}{rest}"


def _keeper(request: HttpRequest) -> User:
    user = cast(User, request.user)
    if not policies.keeps_clocks(user):
        raise PermissionDenied
    return user
