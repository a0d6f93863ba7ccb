"""Was this useful? One tap for yes; for no, one of a few reasons. Counted by service and month, and
nothing else is kept: no account, no cookie, no words."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from accounts import limits, visitors
from accounts.clock import today
from accounts.widgets import Radios
from accounts.wording import PlainErrors

from .models import Service, Usefulness

MOST_AN_HOUR = 30  # a school or a library is one address
Answer = Usefulness.Answer


class UsefulForm(PlainErrors, forms.Form):
    answer = forms.ChoiceField(
        label="Why was it not useful?",
        widget=Radios,
        choices=[choice for choice in Answer.choices if choice[0] != Answer.YES],
        error_messages={"required": "Choose why it was not useful."},
    )


class YesForm(forms.Form):
    """The button on the page of a service."""

    answer = forms.ChoiceField(choices=[(Answer.YES, Answer.YES.label)])


@csrf_exempt  # it acts for nobody who is signed in, and a token would be a cookie
@require_http_methods(["GET", "HEAD", "POST"])
def useful(request: HttpRequest, slug: str) -> HttpResponse:
    """Take a yes from the service's page, or ask why not."""
    service = get_object_or_404(Service.objects.public(), slug=slug)
    is_sent = request.method == "POST"  # who chose nothing sends nothing at all
    is_yes = YesForm(request.POST).is_valid()
    form = UsefulForm(request.POST if is_sent else None)
    if is_sent and (is_yes or form.is_valid()):
        if limits.too_many("useful", visitors.address(request), most=MOST_AN_HOUR):
            return render(request, "errors/429.html", {"wait": "an hour"}, status=429)
        answer = Answer.YES.value if is_yes else form.cleaned_data["answer"]
        month = today().replace(day=1)
        Usefulness.objects.add_one(service_id=service.pk, month=month, answer=answer)
        return redirect("directory:useful_told", slug=slug)
    return render(request, "cms/directory/useful.html", {"form": form, "service": service})


@require_safe
def told(request: HttpRequest, slug: str) -> HttpResponse:
    service = get_object_or_404(Service.objects.public(), slug=slug)
    return render(request, "cms/directory/useful_told.html", {"service": service})
