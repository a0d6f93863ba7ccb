"""The parts in which people edit what the directory says about a service of theirs."""

from collections.abc import Collection, Iterable
from html import escape
from typing import Any, ClassVar

from django import forms
from django.db.models import Q
from django.urls import reverse

from accounts.clock import now
from accounts.models import Area
from accounts.widgets import Checks, MomentBox, Radios
from accounts.wording import PlainErrors
from cms.directory.models import Service, TaxonomyTerm
from cms.directory.plain import to_text

from .rows import PlaceRow, TimeRow, rows_of


class SectionForm(PlainErrors, forms.ModelForm[Service]):
    """Writes to the draft that it was given, and saves nothing itself."""

    name: ClassVar[str]
    facts: ClassVar[tuple[str, ...]] = ()  # those of FACTS that people give here
    optional: ClassVar[tuple[str, ...]] = ()  # fields of which a service may have none
    terms: ClassVar[dict[str, str]] = {}  # a field to the taxonomy that it chooses from
    rows: ClassVar[Any] = None  # the row form of a part that has several

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        for field, taxonomy in self.terms.items():
            self.initial[field] = [term.pk for term in _terms_of(self.instance, taxonomy)]
        self.formset = rows_of(self.rows, self.instance, data) if self.rows else None

    def is_valid(self) -> bool:
        rows_are = self.formset is None or self.formset.is_valid()
        return super().is_valid() and rows_are

    def has_changed(self) -> bool:
        return super().has_changed() or (self.formset is not None and self.formset.has_changed())

    def apply(self) -> None:
        """Put what was typed into the draft."""
        self.save(commit=False)
        self.save_m2m()
        for field, taxonomy in self.terms.items():
            chosen = self.cleaned_data[field]
            others = [t for t in self.instance.terms.all() if t.taxonomy.code != taxonomy]
            self.instance.terms = [*others, *chosen]
        if self.formset is not None:
            self.formset.apply(self.instance)


def _terms_of(service: Service, taxonomy: str) -> Iterable[TaxonomyTerm]:
    return (term for term in service.terms.all() if term.taxonomy.code == taxonomy)


def _terms(taxonomy: str, label: str) -> forms.ModelMultipleChoiceField[TaxonomyTerm]:
    offered = TaxonomyTerm.objects.of(taxonomy)
    return forms.ModelMultipleChoiceField(offered, required=False, widget=Checks, label=label)


class About(SectionForm):
    name = "About"
    terms = {"kinds": "service_type"}
    kinds = _terms("service_type", "What kind of help it is")
    what_happens = forms.CharField(
        required=False,
        max_length=5000,
        widget=forms.Textarea({"rows": 8}),
        help_text="Leave a line empty between paragraphs.",
    )

    class Meta:
        model = Service
        fields: ClassVar = ["title", "summary", "easy_words"]
        widgets: ClassVar = {"easy_words": forms.Textarea({"rows": 4})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["what_happens"] = to_text(self.instance.body)

    def apply(self) -> None:
        super().apply()
        if "what_happens" in self.changed_data:  # else links and lists of an editor stay
            self.instance.body = _paragraphs(self.cleaned_data["what_happens"])


def _paragraphs(text: str) -> str:
    parts = text.replace("\r\n", "\n").split("\n\n")
    return "".join(
        f"<p>{'<br/>'.join(escape(part.strip(), quote=False).splitlines())}</p>"
        for part in parts
        if part.strip()
    )


class WhoFor(SectionForm):
    name = "Who it is for"
    facts = ("ages", "needs", "area")
    terms = {"needs": "need", "tiers": "tier"}
    needs = _terms("need", "What people need who come to you")
    tiers = _terms("tier", "How much support it gives")

    class Meta:
        model = Service
        fields: ClassVar = [
            *("minimum_age", "maximum_age", "eligibility", "support_for"),
            *("areas", "is_anywhere"),
        ]
        widgets: ClassVar = {"areas": Checks, "eligibility": forms.Textarea({"rows": 3})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = [area.pk for area in self.instance.areas.all()]
        areas: Any = self.fields["areas"]
        areas.queryset = Area.objects.filter(~Q(kind=Area.Kind.WARD) | Q(pk__in=held))


class GettingHelp(SectionForm):
    name = "How to get help"
    facts = ("how to get help", "waiting time")

    class Meta:
        model = Service
        fields: ClassVar = ["who_asks", "how_to_get_help", "what_next", "waiting_time"]
        widgets: ClassVar = {"who_asks": Radios}


class HowToRefer(SectionForm):
    name = "How professionals refer"
    optional = ("how_to_refer", "is_referred_here")

    class Meta:
        model = Service
        fields: ClassVar = ["how_to_refer", "is_referred_here"]


class When(SectionForm):
    name = "When"
    facts = ("times",)
    rows = TimeRow

    class Meta:
        model = Service
        fields: ClassVar = ["when"]
        labels: ClassVar = {"when": "Times in words"}


class Where(SectionForm):
    name = "Where"
    facts = ("place",)
    rows = PlaceRow

    class Meta:
        model = Service
        fields: ClassVar = ["is_in_person", "is_online", "is_by_phone", "is_at_home"]


class Cost(SectionForm):
    name = "Cost"

    class Meta:
        model = Service
        fields: ClassVar = ["cost", "price", "cost_words"]
        widgets: ClassVar = {"cost": Radios}


class Languages(SectionForm):
    name = "Languages"
    optional = ("languages",)

    class Meta:
        model = Service
        fields: ClassVar = ["languages"]


class Contact(SectionForm):
    name = "Contact"
    facts = ("contact", "a web page that opens")
    url = forms.URLField(required=False, label="Web page", assume_scheme="https")

    class Meta:
        model = Service
        fields: ClassVar = ["phone", "email", "url"]
        help_texts: ClassVar = {"email": "One that several people read. Not a person's own."}


class Dates(SectionForm):
    name = "From when and until when"
    optional = ("go_live_at", "expire_at")

    class Meta:
        model = Service
        fields: ClassVar = ["go_live_at", "expire_at"]
        labels: ClassVar = {
            "go_live_at": "Show this from",
            "expire_at": "Take the service off the directory on",
        }
        help_texts: ClassVar = {
            "go_live_at": "What you change is public from then on. Leave it empty for as soon as "
            "an editor has read it.",
            "expire_at": "Leave it empty if it goes on.",
        }
        widgets: ClassVar = {"go_live_at": MomentBox, "expire_at": MomentBox}

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        begins, ends = cleaned.get("go_live_at"), cleaned.get("expire_at")
        for name in self.changed_data:
            if cleaned.get(name) and cleaned[name] <= now():
                self.add_error(name, "That moment has passed. Give a later one, or none.")
        if begins and ends and ends <= begins:
            self.add_error("expire_at", "It would be taken off before it is shown.")
        return cleaned


SECTIONS: dict[str, type[SectionForm]] = {
    "about": About,
    "who-for": WhoFor,
    "getting-help": GettingHelp,
    "refer": HowToRefer,
    "when": When,
    "where": Where,
    "cost": Cost,
    "languages": Languages,
    "contact": Contact,
    "dates": Dates,
}


def tasks(service: Service, lacks: Collection[str]) -> list[dict[str, str]]:
    """The parts of a draft that lacks these facts, for `components/task_list.html`."""
    return [
        {"label": form.name, "url": reverse("own:section", args=[service.pk, code])}
        | _status(form, service, [name for name in form.facts if name in lacks])
        for code, form in SECTIONS.items()
    ]


def _status(form: type[SectionForm], service: Service, lacks: list[str]) -> dict[str, str]:
    if lacks:
        return {"status": "Incomplete", "tone": "new", "hint": f"Does not say: {', '.join(lacks)}"}
    if form.optional and not any(getattr(service, name) for name in form.optional):
        return {"status": "Optional"}
    return {"status": "Complete"}


class NewServiceForm(PlainErrors, forms.ModelForm[Service]):
    class Meta:
        model = Service
        fields: ClassVar = ["provider", "title", "summary"]

    def __init__(self, *args: Any, providers: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["provider"]
        field.queryset = providers
        field.empty_label = None
        field.label = "Who runs it"
