"""The parts in which people edit what the directory says about a service of theirs."""

from collections.abc import Iterable
from html import escape
from typing import Any, ClassVar

from django import forms
from django.db.models import Q

from accounts.models import Area
from accounts.widgets import Checks, Radios
from accounts.wording import PlainErrors
from cms.directory.models import Service, TaxonomyTerm
from cms.directory.plain import to_text

from .rows import PlaceRow, TimeRow, rows_of


class SectionForm(PlainErrors, forms.ModelForm[Service]):
    """Writes to the draft that it was given, and saves nothing itself."""

    name: ClassVar[str]
    rows: ClassVar[Any] = None  # the row form of a part that has several

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
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
        if self.formset is not None:
            self.formset.apply(self.instance)


class About(SectionForm):
    name = "About"
    what_happens = forms.CharField(
        required=False,
        max_length=5000,
        widget=forms.Textarea({"rows": 8}),
        help_text="Leave a line empty between paragraphs.",
    )

    class Meta:
        model = Service
        fields: ClassVar = ["title", "summary"]

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
    needs = forms.ModelMultipleChoiceField(
        TaxonomyTerm.objects.filter(taxonomy__code="need"),
        required=False,
        widget=Checks,
        label="What people need who come to you",
    )

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
        self.initial["needs"] = [term.pk for term in _needs(self.instance)]

    def apply(self) -> None:
        super().apply()
        others = [term for term in self.instance.terms.all() if term.taxonomy.code != "need"]
        self.instance.terms = [*others, *self.cleaned_data["needs"]]


def _needs(service: Service) -> Iterable[TaxonomyTerm]:
    return (term for term in service.terms.all() if term.taxonomy.code == "need")


class GettingHelp(SectionForm):
    name = "How to get help"

    class Meta:
        model = Service
        fields: ClassVar = ["who_asks", "how_to_get_help", "what_next", "waiting_time"]
        widgets: ClassVar = {"who_asks": Radios}


class When(SectionForm):
    name = "When"
    rows = TimeRow

    class Meta:
        model = Service
        fields: ClassVar = ["when"]
        labels: ClassVar = {"when": "Times in words"}


class Where(SectionForm):
    name = "Where"
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

    class Meta:
        model = Service
        fields: ClassVar = ["languages"]


class Contact(SectionForm):
    name = "Contact"
    url = forms.URLField(required=False, label="Web page", assume_scheme="https")

    class Meta:
        model = Service
        fields: ClassVar = ["phone", "email", "url"]
        help_texts: ClassVar = {"email": "One that several people read. Not a person's own."}


SECTIONS: dict[str, type[SectionForm]] = {
    "about": About,
    "who-for": WhoFor,
    "getting-help": GettingHelp,
    "when": When,
    "where": Where,
    "cost": Cost,
    "languages": Languages,
    "contact": Contact,
}


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
