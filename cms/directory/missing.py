"""A reader who found nothing says what was missing: two choices and a district, and no words, so
that nobody writes about themselves."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from accounts import limits, visitors
from accounts.widgets import Radios
from accounts.wording import PlainErrors

from . import demand
from .facets import Facet, facets

MOST_AN_HOUR = 20  # a school or a library is one address
WHY = [
    ("far", "It was all too far away"),
    ("cost", "It cost too much"),
    ("age", "It was not for my age"),
    ("time", "It was not open when I could go"),
    ("nothing", "There was nothing at all"),
]


class MissingForm(PlainErrors, forms.Form):
    """The choices come from the facets of the page, which has them anyway."""

    need = forms.ChoiceField(
        label="What did you need help with?",
        error_messages={"required": "Choose what you needed help with."},
    )
    why = forms.ChoiceField(
        label="What was the matter with what you found?",
        choices=WHY,
        widget=Radios,
        required=False,
    )
    area = forms.ChoiceField(label="Where do you live?", required=False)
    surname = forms.CharField(required=False)  # nobody sees it: who fills it in is a program

    def __init__(self, *args: Any, offered: Sequence[Facet], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.of = {facet.name: facet for facet in offered}
        for name, nothing in (("need", "Choose one"), ("area", "I would rather not say")):
            choices = [(choice.sign, choice.label) for choice in self.of[name].choices]
            self.fields[name].choices = [("", nothing), *choices]  # type: ignore[attr-defined]

    def keep(self) -> None:
        marks = [self._code("need")]
        if why := self.cleaned_data["why"]:
            marks.append(f"why-{why}")
        demand.add_missing(district=self._code("area"), marks=marks)

    def _code(self, name: str) -> str:
        choice = self.of[name].choice(self.cleaned_data[name])
        return choice.mark.partition(":")[2] if choice else ""


@csrf_exempt  # it acts for nobody who is signed in, and a token would be a cookie
@require_http_methods(["GET", "HEAD", "POST"])
def missing(request: HttpRequest) -> HttpResponse:
    is_sent = request.method == "POST"
    form = MissingForm(request.POST if is_sent else None, offered=facets())
    if is_sent and form.is_valid():
        if limits.too_many("missing", visitors.address(request), most=MOST_AN_HOUR):
            return render(request, "errors/429.html", {"wait": "an hour"}, status=429)
        if not form.cleaned_data["surname"]:
            form.keep()
        return redirect("directory:missing_told")
    return render(request, "cms/directory/missing.html", {"form": form})


@require_safe
def told(request: HttpRequest) -> HttpResponse:
    return render(request, "cms/directory/missing_told.html")
