"""A reader of the public site says what is wrong. No account, no cookie, no picture puzzle: a field
that only programs fill in, and so many an hour from one address."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts import limits, visitors
from accounts.clock import now
from accounts.widgets import Radios
from accounts.wording import PlainErrors

from .models import Service, Suggestion
from .models.suggestions import KEPT

MOST_AN_HOUR = 20  # a school or a library is one address


NO_IDEA = "If you do not know it, choose “Something else”."


def _ask(field: forms.Field, sentence: str) -> forms.Field:
    """Any fault of what was typed is this sentence."""
    codes = ("required", "invalid", "max_length", "null_characters_not_allowed")
    field.error_messages = dict.fromkeys(codes, f"{sentence} {NO_IDEA}")
    return field


RIGHT: dict[str, forms.Field] = {  # what to write about a part that is one plain field
    Suggestion.Part.PHONE: _ask(
        forms.RegexField(r"^\+?[\d ()-]{3,25}$"),
        "Write the right number and nothing else, such as 0115 496 0001.",
    ),
    Suggestion.Part.EMAIL: _ask(
        forms.EmailField(max_length=254),
        "Write the right address and nothing else, such as name@example.com.",
    ),
    Suggestion.Part.PAGE: _ask(
        forms.URLField(assume_scheme="https", max_length=200),
        "Write the address of the page and nothing else, such as https://example.com/.",
    ),
    Suggestion.Part.NAME: _ask(
        forms.RegexField(r"^.{1,200}$"), "Write the right name and nothing else, on one line."
    ),
    Suggestion.Part.SUMMARY: _ask(
        forms.RegexField(r"^.{1,250}$"), "Write the sentence as it should be, in 250 letters."
    ),
}


class SuggestionForm(PlainErrors, forms.ModelForm[Suggestion]):
    surname = forms.CharField(required=False)  # nobody sees it: who fills it in is a program

    class Meta:
        model = Suggestion
        fields: ClassVar = ["part", "words", "contact"]
        widgets: ClassVar = {"part": Radios, "words": forms.Textarea({"rows": 4})}
        labels: ClassVar = {
            "part": "What is wrong?",
            "words": "What should it say?",
            "contact": "May we ask you about it? (optional)",
        }
        help_texts: ClassVar = {
            "words": "For a number, an address, a name or a sentence write only what is right. "
            "Write about the service only. Do not write about yourself or anybody else. "
            "Who runs it may read this, unless you chose “Something else”.",
            "contact": "An email address or phone number. Only our editors see it. "
            "We delete it within 90 days.",
        }
        error_messages: ClassVar = {
            "part": {"required": "Choose what is wrong."},
            "words": {"required": "Write what it should say."},
        }

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # Django's own
        self.fields["part"].choices = Suggestion.Part.choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        field, words = RIGHT.get(cleaned.get("part", "")), cleaned.get("words")
        if not field or not words:
            return cleaned
        try:
            cleaned["words"] = field.clean(words.strip())
        except ValidationError as error:
            self.add_error("words", error.messages[0])
        return cleaned


@csrf_exempt  # it acts for nobody who is signed in, and a token would be a cookie
@require_http_methods(["GET", "HEAD", "POST"])
def suggest(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask what is wrong on this page, and keep it for the editors."""
    service = get_object_or_404(Service.objects.published(), slug=slug)
    form = SuggestionForm(
        request.POST or None, instance=Suggestion(service=service, version=service.live_revision)
    )
    if request.method == "POST" and form.is_valid():
        if limits.too_many("suggestion", visitors.address(request), most=MOST_AN_HOUR):
            return render(request, "errors/429.html", {"wait": "an hour"}, status=429)
        if not form.cleaned_data["surname"]:
            form.save()
        return redirect("directory:suggested", slug=slug)
    return render(request, "cms/directory/suggest.html", {"form": form, "service": service})


@require_http_methods(["GET", "HEAD"])
def suggested(request: HttpRequest, slug: str) -> HttpResponse:
    service = get_object_or_404(Service.objects.published(), slug=slug)
    return render(request, "cms/directory/suggested.html", {"service": service})


def forget() -> int:
    """Delete what was sent long enough ago. Counts it."""
    return Suggestion.objects.filter(sent_at__lt=now() - KEPT).delete()[0]
