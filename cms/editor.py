"""How the directory looks to its editors in Wagtail's admin."""

from itertools import groupby
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import Q
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    HelpPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
    TabbedInterface,
)
from wagtail.admin.ui.tables import UpdatedAtColumn
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from accounts.models import Area

from .directory.answering import AnswerForm, AnswerView
from .directory.claiming import ClaimAnswerForm
from .directory.unmet import AddSynonymView
from .models import Claim, Location, Provider, Service, Source, Suggestion, Synonym, TaxonomyTerm


class ServiceForm(WagtailAdminModelForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "areas" in self.fields:
            # A ward too, if it is there: what is not offered, a save drops.
            held = [area.pk for area in self.instance.areas.all()]
            offered = Area.objects.filter(~Q(kind=Area.Kind.WARD) | Q(pk__in=held))
            self.fields["areas"].queryset = offered
        if "terms" in self.fields:
            self.fields["terms"].choices = _terms_by_taxonomy()

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        provider = cleaned.get("provider")
        if "action-publish" in self.data and provider and not provider.live:
            self.add_error("provider", "Publish this provider first: its services show only then.")
        return cleaned


def _terms_by_taxonomy() -> list[tuple[str, list[tuple[UUID, str]]]]:
    terms = TaxonomyTerm.objects.select_related("taxonomy")
    return [
        (taxonomy.name, [(term.pk, term.name) for term in group])
        for taxonomy, group in groupby(terms, key=lambda term: term.taxonomy)
    ]


about = ObjectList(
    [
        FieldPanel("title"),
        FieldPanel("provider"),
        FieldPanel("summary"),
        FieldPanel("easy_words"),
        FieldPanel("body"),
        MultiFieldPanel([FieldPanel("status"), FieldPanel("notice")], "Is it on?"),
        FieldPanel("is_professional_only"),
        FieldPanel("slug"),
    ],
    heading="About",
)
who = ObjectList(
    [
        FieldRowPanel([FieldPanel("minimum_age"), FieldPanel("maximum_age")]),
        FieldPanel("eligibility"),
        FieldPanel("support_for"),
        FieldPanel("terms", widget=forms.CheckboxSelectMultiple),
        FieldPanel("areas", widget=forms.CheckboxSelectMultiple),
        FieldPanel("is_anywhere"),
    ],
    heading="Who for",
)
getting_help = ObjectList(
    [
        FieldPanel("who_asks"),
        FieldPanel("how_to_get_help"),
        FieldPanel("what_next"),
        FieldPanel("waiting_time"),
        MultiFieldPanel(
            [FieldPanel("how_to_refer"), FieldPanel("is_referred_here")], "For professionals"
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("places"), FieldPanel("places_said_on")]),
                FieldRowPanel([FieldPanel("free_places"), FieldPanel("all_places")]),
                FieldPanel("weeks_to_wait"),
            ],
            "Places",
        ),
        MultiFieldPanel([FieldPanel("phone"), FieldPanel("email"), FieldPanel("url")], "Contact"),
    ],
    heading="How to get help",
)
when_where = ObjectList(
    [
        MultiFieldPanel(
            [
                FieldPanel("is_in_person"),
                FieldPanel("is_online"),
                FieldPanel("is_by_phone"),
                FieldPanel("is_at_home"),
            ],
            "How it is given",
        ),
        InlinePanel(
            "service_at_locations",
            panels=[FieldPanel("location"), FieldPanel("note")],
            label="Place",
        ),
        FieldPanel("when"),
        InlinePanel(
            "schedules",
            panels=[
                FieldPanel("days"),
                FieldRowPanel([FieldPanel("opens_at"), FieldPanel("closes_at")]),
                FieldPanel("words"),
                FieldPanel("every"),
                FieldPanel("location"),
                FieldRowPanel([FieldPanel("valid_from"), FieldPanel("valid_until")]),
            ],
            label="Opening time",
        ),
        MultiFieldPanel(
            [FieldPanel("cost"), FieldPanel("price"), FieldPanel("cost_words")], "Cost"
        ),
        FieldPanel("languages"),
    ],
    heading="When, where, cost",
)
checked = ObjectList(
    [
        HelpPanel("A record that nobody has checked says so on its page."),
        FieldRowPanel([FieldPanel("checked_at"), FieldPanel("checked_by")]),
        FieldPanel("keep_until"),
    ],
    heading="Checked",
)


class ServiceViewSet(SnippetViewSet):
    model = Service
    icon = "help"
    menu_label = "Services"
    list_display = ["title", "provider", "status", "checked_at", UpdatedAtColumn()]
    list_filter = ["live", "status", "provider", "terms", "areas", "is_professional_only"]
    search_fields = ["title", "summary", "provider__name"]
    search_backend_name = None
    ordering = ["title"]
    edit_handler = TabbedInterface(
        [about, who, getting_help, when_where, checked], base_form_class=ServiceForm
    )

    def get_queryset(self, request: Any) -> Any:
        return Service.objects.select_related("provider")


class ProviderViewSet(SnippetViewSet):
    model = Provider
    icon = "group"
    menu_label = "Providers"
    list_display = ["name", "organisation", UpdatedAtColumn()]
    search_fields = ["name"]
    search_backend_name = None


class LocationViewSet(SnippetViewSet):
    model = Location
    icon = "home"
    menu_label = "Places"
    list_display = ["name", "city", "postcode"]
    search_fields = ["name", "city", "postcode"]
    search_backend_name = None


class TermViewSet(SnippetViewSet):
    model = TaxonomyTerm
    icon = "tag"
    menu_label = "Terms"
    list_display = ["name", "taxonomy", "parent", "valid_until"]
    list_filter = ["taxonomy"]
    search_fields = ["name", "synonyms"]
    search_backend_name = None


class SynonymViewSet(SnippetViewSet):
    model = Synonym
    add_view_class = AddSynonymView
    icon = "openquote"
    menu_label = "Synonyms"
    list_display = ["phrase", "means"]
    search_fields = ["phrase", "means"]
    search_backend_name = None


class SourceViewSet(SnippetViewSet):
    model = Source
    icon = "download"
    menu_label = "Sources"
    list_display = ["name", "url", "is_paused", "may_republish"]


class SuggestionViewSet(SnippetViewSet):
    model = Suggestion
    icon = "comment"
    menu_label = "What readers say"
    list_display = ["__str__", "words", "state", "sent_at"]
    list_filter = ["state", "part"]
    edit_view_class = AnswerView
    edit_handler = ObjectList(
        [FieldPanel("state", heading="What came of it")], base_form_class=AnswerForm
    )


class ClaimViewSet(SnippetViewSet):
    model = Claim
    icon = "key"
    menu_label = "Whose it is"
    list_display = ["__str__", "state", "sent_at"]
    list_filter = ["state"]
    edit_handler = ObjectList(
        [FieldPanel("state"), FieldPanel("organisation")], base_form_class=ClaimAnswerForm
    )


class DirectoryGroup(SnippetViewSetGroup):
    menu_label = "Directory"
    menu_icon = "folder-open-inverse"
    menu_order = 100
    items = (
        ServiceViewSet,
        ProviderViewSet,
        LocationViewSet,
        TermViewSet,
        SynonymViewSet,
        SourceViewSet,
        SuggestionViewSet,
        ClaimViewSet,
    )
