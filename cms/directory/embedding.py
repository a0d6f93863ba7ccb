"""Our answers on other people's pages: a list for an iframe, and the page that writes its HTML."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from csp.constants import NONE
from csp.decorators import csp_replace
from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from accounts.places import locate
from accounts.wording import PlainErrors

from .addresses import search_url
from .ages import OLDEST
from .asking import LONGEST_PLACE, read
from .cards import cards
from .models import TaxonomyTerm
from .search import find

ROWS = (3, 5, 10, 20)
HEAD, ROW = 420, 280  # pixels that the page takes without a service, and that a service takes
FRAME = """<iframe src="{}" title="{}" width="100%" height="{}" loading="lazy"></iframe>
<p><a href="{}">{}</a></p>"""


@xframe_options_exempt
@csp_replace({"frame-ancestors": ["*"], "script-src": [NONE]})
@require_safe
def embed(request: HttpRequest) -> HttpResponse:
    """`/embed/`: the first services of a search, with the filters in the address. The only page
    that may stand inside another; it has no script, no form and no cookie, and nothing to press but
    links to the whole site."""
    question = read(request.GET)
    search = replace(question.search, page=1, view="", chosen=())
    found = find(replace(question.asked, search=search), counting=False)
    asked = request.GET.get("rows", "")
    rows = int(asked) if asked in map(str, ROWS) else ROWS[1]
    context = {
        "cards": cards(found.hits[:rows], near=question.asked.point),
        "total": found.total,
        "notices": question.notices,
        "all_url": search.url(),
    }
    return render(request, "cms/directory/embed.html", context)


class EmbedForm(PlainErrors, forms.Form):
    """Which services a partner's page shall show."""

    place = forms.CharField(
        label="Town or postcode",
        max_length=LONGEST_PLACE,
        required=False,
        help_text="The nearest services come first. Leave it empty for all.",
    )
    need = forms.ChoiceField(label="Help with", required=False)
    age = forms.IntegerField(label="Age", min_value=0, max_value=OLDEST, required=False)
    rows = forms.TypedChoiceField(
        label="How many services", choices=[(n, str(n)) for n in ROWS], coerce=int
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        needs = TaxonomyTerm.objects.of("need").current()
        self.fields["need"].choices = [  # type: ignore[attr-defined]  # Django's own
            ("", "Anything"),
            *((term.sign, term.help_words) for term in needs),
        ]

    def clean_place(self) -> str:
        place: str = self.cleaned_data["place"]
        if place and locate(place) is None:
            raise forms.ValidationError(
                "We do not know this place. Type a town, or the first half of a postcode."
            )
        return place


@require_safe
def build(request: HttpRequest) -> HttpResponse:
    """`/directory/embed/`: a partner says what to show and gets the HTML to put on their page."""
    form = EmbedForm(request.GET or None, initial={"rows": ROWS[1]})
    context = {"form": form}
    if form.is_bound and form.is_valid():
        context |= _written(request, form.cleaned_data)
    return render(request, "cms/directory/embed_builder.html", context)


def _written(request: HttpRequest, wanted: dict[str, Any]) -> dict[str, Any]:
    """The HTML to copy, and what it shows."""
    everything = search_url(place=wanted["place"], need=wanted["need"], age=wanted["age"])
    query = everything.partition("?")[2]
    rows = urlencode({"rows": wanted["rows"]})
    url = f"{reverse('embed')}?{query}&{rows}" if query else f"{reverse('embed')}?{rows}"
    title = f"Find help near {wanted['place']}" if wanted["place"] else "Find help"
    html = format_html(
        FRAME,
        request.build_absolute_uri(url),
        title,
        HEAD + ROW * wanted["rows"],
        request.build_absolute_uri(everything),
        title,
    )
    return {"html": str(html), "embed_url": url}
