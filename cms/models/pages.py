from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel, PageChooserPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Orderable, Page, PageViewRestriction

from accounts.clock import now
from cms.blocks import WORDS, AnswerBlock, ContentBlocks, HelpBlocks, StepBlock
from cms.directory.addresses import search_url
from cms.directory.languages import FROM_THE_RIGHT, OWN_NAMES, Language

from .page_forms import INDEX_DEPTH, HelpForm, QuestionForm


class PublicPage(Page):
    """What all our pages share: anybody may read them, so they cannot be made private."""

    private_page_options: list[str] = []
    promote_panels = [FieldPanel("slug"), FieldPanel("search_description")]

    class Meta:
        abstract = True

    def get_view_restrictions(self) -> QuerySet[PageViewRestriction]:
        """There can be none, so nothing is asked of the database."""
        return PageViewRestriction.objects.none()


class HomePage(PublicPage):
    question = models.CharField(max_length=100, default="What do you need help with?")
    introduction = models.CharField(max_length=250, blank=True)

    max_count = 1
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["cms.ContentPage", "cms.SignpostingIndexPage"]
    template = "cms/home.html"

    content_panels = [
        *Page.content_panels,
        FieldPanel("question"),
        FieldPanel("introduction"),
        InlinePanel("choices", label="Choice", min_num=0, max_num=8),
    ]

    class Meta:
        verbose_name = "home page"

    class Privacy:
        subject = "nobody"
        why = "A public page."

    def route(self, request: HttpRequest, path_components: list[str]) -> Any:
        """A page further down by its whole address, not step by step."""
        if len(path_components) < 2:
            return super().route(request, path_components)
        wanted = f"{self.url_path}{'/'.join(path_components)}/"
        help_pages = SignpostingPage.objects.select_related("need")
        for rows in (help_pages, QuestionPage.objects, ContentPage.objects):  # all there is below
            page = rows.filter(url_path=wanted).first()
            if page:
                return page.route(request, [])
        raise Http404

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        choices = self.choices.select_related("page__signpostingpage__need", "need__taxonomy")
        context["choices"] = [choice for choice in choices if choice.url]
        context["question"] = QuestionPage.first()
        return context


class HomeChoice(Orderable):
    """One of the large choices of the home page: to a page of ours or to a search for a need."""

    home = ParentalKey(HomePage, on_delete=models.CASCADE, related_name="choices")
    words = models.CharField(max_length=60)
    hint = models.CharField(max_length=120, blank=True)
    page = models.ForeignKey(
        "wagtailcore.Page", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    need = models.ForeignKey(
        "cms.TaxonomyTerm", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )

    panels = [
        FieldPanel("words"),
        FieldPanel("hint"),
        PageChooserPanel("page", ["cms.SignpostingPage", "cms.ContentPage"]),
        FieldPanel("need"),
    ]

    class Meta(Orderable.Meta):
        constraints = [
            models.CheckConstraint(
                name="home_choice_goes_somewhere",
                condition=models.Q(page__isnull=False, need__isnull=True)
                | models.Q(page__isnull=True, need__isnull=False),
                violation_error_message="Choose either a page or a need.",
            )
        ]

    class Privacy:
        subject = "nobody"
        why = "A link on a public page."

    def __str__(self) -> str:
        return self.words

    @property
    def about(self) -> Any:
        """The need that it is for, or its help page is for; None when nobody said."""
        return self.need or getattr(getattr(self.page, "signpostingpage", None), "need", None)

    @property
    def url(self) -> str:
        """Where it goes; empty when its page is not published."""
        if self.page:
            return (self.page.url or "") if self.page.live else ""
        return search_url(need=[self.need.sign]) if self.need else ""


class ContentPage(PublicPage):
    """A fixed page. In another language it is a page of its own, which says what it translates."""

    introduction = models.CharField(max_length=300, blank=True)
    body = StreamField(ContentBlocks())
    language = models.CharField(
        max_length=3,
        choices=[(code.value, code.label) for code in OWN_NAMES],
        default=Language.ENGLISH,
    )
    original = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="translations",
        verbose_name="the same in English",
        help_text="Each of the two then leads to the other.",
    )

    parent_page_types = ["cms.HomePage", "cms.ContentPage"]
    subpage_types = ["cms.ContentPage"]
    template = "cms/content.html"
    content_panels = [
        *Page.content_panels,
        FieldPanel("introduction"),
        FieldPanel("body"),
        MultiFieldPanel([FieldPanel("language"), FieldPanel("original")], "Language"),
    ]

    class Meta:
        verbose_name = "content page"
        constraints = [
            models.UniqueConstraint(
                fields=["original", "language"],
                name="content_page_once_in_each_language",
                violation_error_message="That page has been translated into this language already.",
            )
        ]

    class Privacy:
        subject = "nobody"
        why = "A public page."

    def clean(self) -> None:
        super().clean()
        if self.original is None:
            return
        if self.language == Language.ENGLISH:
            raise ValidationError({"language": "Choose the language that this is translated into."})
        if self.original.language != Language.ENGLISH:
            raise ValidationError({"original": "Choose the page in English."})

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        versions = [(page, request.build_absolute_uri(page.url)) for page in self.versions()]
        context["versions"] = versions if len(versions) > 1 else []
        return context

    def versions(self) -> "QuerySet[ContentPage]":
        """What is published of it in every language, itself among them."""
        first = self.original_id or self.pk
        same = models.Q(pk=first) | models.Q(original=first)
        return ContentPage.objects.live().filter(same).order_by("language", "pk")

    @property
    def own_name(self) -> str:
        """What those who read its language call that language."""
        return OWN_NAMES[Language(self.language)]

    @property
    def direction(self) -> str:
        return "rtl" if self.language in FROM_THE_RIGHT else "ltr"


class SignpostingIndexPage(PublicPage):
    """ "I need help with…": the list of its pages."""

    introduction = models.CharField(max_length=300, blank=True)

    max_count = 1
    parent_page_types = ["cms.HomePage"]
    subpage_types = ["cms.SignpostingPage", "cms.QuestionPage"]
    template = "cms/signposting_index.html"
    content_panels = [*Page.content_panels, FieldPanel("introduction")]

    class Meta:
        verbose_name = "help index"

    class Privacy:
        subject = "nobody"
        why = "A public page."

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        pages = SignpostingPage.objects.child_of(self).live().select_related("need")
        context["pages"] = pages.order_by("path")
        context["question"] = QuestionPage.first()
        return context


class QuestionPage(PublicPage):
    """One question of the tree. Its answers are links and nothing else: nobody keeps what is
    chosen, and the address of a question or of what it ends in can be passed on."""

    introduction = models.CharField(max_length=300, blank=True)
    answers = StreamField(
        [("answer", AnswerBlock())],
        max_num=8,
        help_text="Each leads to another question, three in a row at most, or to help.",
    )

    parent_page_types = ["cms.SignpostingIndexPage", "cms.QuestionPage"]
    subpage_types = ["cms.QuestionPage", "cms.SignpostingPage"]
    template = "cms/question.html"
    base_form_class = QuestionForm
    content_panels = [*Page.content_panels, FieldPanel("introduction"), FieldPanel("answers")]

    class Meta:
        verbose_name = "question"

    class Privacy:
        subject = "nobody"
        why = "A public page."

    @classmethod
    def first(cls) -> "QuestionPage | None":
        """Where people begin."""
        return cls.objects.live().filter(depth=INDEX_DEPTH + 1).order_by("path").first()

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        answers = [block.value for block in self.answers]
        context["answers"] = [each for each in answers if each["page"] and each["page"].live]
        return context


class SignpostingPage(PublicPage):
    """Help with one need: what to do, who to talk to, what there is near you.

    Below a question it is what the answers end in: short, with one number to ring.
    """

    short_title = models.CharField(
        max_length=60, help_text="Ends the sentence “I need help with…”."
    )
    hint = models.CharField(max_length=120, blank=True, help_text="Shown under it in lists.")
    need = models.ForeignKey(
        "cms.TaxonomyTerm",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        limit_choices_to={"taxonomy__code": "need"},
    )
    introduction = RichTextField(features=WORDS)
    steps = StreamField([("step", StepBlock())], blank=True)
    links = StreamField(HelpBlocks(), blank=True)

    parent_page_types = ["cms.SignpostingIndexPage", "cms.QuestionPage"]
    subpage_types: list[str] = []
    template = "cms/signposting.html"
    base_form_class = HelpForm
    content_panels = [
        *Page.content_panels,
        FieldPanel("short_title"),
        FieldPanel("hint"),
        FieldPanel("need"),
        FieldPanel("introduction"),
        FieldPanel("steps"),
        FieldPanel("links"),
    ]

    class Meta:
        verbose_name = "help page"

    class Privacy:
        subject = "nobody"
        why = "A public page."

    @property
    def is_below_question(self) -> bool:
        return self.depth > INDEX_DEPTH + 1

    def clean(self) -> None:
        super().clean()
        if self.need and self.need.taxonomy.code != "need":
            raise ValidationError({"need": "Choose a term of the taxonomy “Need”."})

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        has_search = any(block.block_type == "search" for block in self.links)
        if not has_search:
            context["everything_url"] = search_url(need=[self.need.sign] if self.need else [])
        return context


class PathCheck(models.Model):
    """What the last check of the questions and help pages found, for the editors' My work."""

    checked_at = models.DateTimeField(default=now)
    pages = models.PositiveSmallIntegerField(help_text="How many have something broken")

    class Meta:
        ordering = ["-checked_at"]

    class Privacy:
        subject = "nobody"
        why = "How our own public pages hang together."

    def __str__(self) -> str:
        return f"{self.pages} broken on {self.checked_at:%d %B %Y}"
