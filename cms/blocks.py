"""What editors put together pages from. Public content only; no markup of their own, no images."""

from copy import copy
from typing import Any

from django.db.models import QuerySet
from wagtail import blocks
from wagtail.snippets.blocks import SnippetChooserBlock

FEATURES = ["h3", "bold", "ol", "ul", "link"]
WORDS = ["bold", "ul", "link"]


class RecordChooserBlock(SnippetChooserBlock):
    """A chooser for records with UUID keys.

    Wagtail 8.0 looks the text keys of the stored block up among UUIDs and finds none, so the choice
    is lost when the page is read; and it cannot say a UUID to the editor's script, so the page does
    not open. Can go when it compares like with like and says keys as text.
    """

    def rows(self) -> QuerySet[Any]:
        return self.model_class.objects.all()

    def bulk_to_python(self, values: list[str | None]) -> list[Any]:
        found = self.rows().in_bulk([value for value in values if value])
        by_text = {str(key): row for key, row in found.items()}
        return [copy(by_text.get(str(value))) for value in values]

    def get_form_state(self, value: Any) -> Any:
        state = super().get_form_state(value)
        return state and {**state, "id": str(state["id"])}


class TermChooserBlock(RecordChooserBlock):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__("cms.TaxonomyTerm", **kwargs)

    def rows(self) -> QuerySet[Any]:
        return super().rows().select_related("taxonomy")


class ServiceChooserBlock(RecordChooserBlock):
    """Services come as their cards need them."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__("cms.Service", **kwargs)

    def rows(self) -> QuerySet[Any]:
        return super().rows().for_cards().with_places()  # type: ignore[attr-defined]


class TextBlock(blocks.RichTextBlock):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"features": FEATURES, **kwargs})

    class Meta:
        icon = "doc-full"
        template = "cms/blocks/text.html"


class HeadingBlock(blocks.CharBlock):
    class Meta:
        icon = "title"
        template = "cms/blocks/heading.html"


class NoteBlock(blocks.RichTextBlock):
    """Something to keep in mind, set apart."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"features": WORDS, **kwargs})

    class Meta:
        icon = "help"
        template = "cms/blocks/note.html"


class DetailsBlock(blocks.StructBlock):
    summary = blocks.CharBlock(max_length=100)
    text = blocks.RichTextBlock(features=WORDS)

    class Meta:
        icon = "arrow-down-big"
        label = "Text that opens"
        template = "cms/blocks/details.html"


class StepBlock(blocks.StructBlock):
    """One thing to do."""

    heading = blocks.CharBlock(max_length=100)
    text = blocks.RichTextBlock(features=WORDS)

    class Meta:
        icon = "order"
        template = "cms/blocks/step.html"


class AnswerBlock(blocks.StructBlock):
    """One answer to a question of the tree, and the page that it leads to."""

    words = blocks.CharBlock(max_length=60)
    hint = blocks.CharBlock(max_length=120, required=False)
    page = blocks.PageChooserBlock(
        page_type=["cms.QuestionPage", "cms.SignpostingPage"],
        help_text="The next question, or the page with help.",
    )

    class Meta:
        icon = "arrow-right"


class SearchLinkBlock(blocks.StructBlock):
    """A link to a search of the directory."""

    words = blocks.CharBlock(
        max_length=100, help_text="Such as “Find somebody to talk to near you”."
    )
    need = TermChooserBlock(required=False)
    keyword = blocks.CharBlock(max_length=80, required=False)
    age = blocks.IntegerBlock(min_value=0, max_value=120, required=False)
    is_free = blocks.BooleanBlock(required=False, label="Free only")

    class Meta:
        icon = "search"
        template = "cms/blocks/search_link.html"

    def get_context(
        self, value: Any, parent_context: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        from .directory.addresses import search_url

        context = super().get_context(value, parent_context)
        need = value["need"]
        context["url"] = search_url(
            q=value["keyword"] or "",
            need=[need.sign] if need and need.taxonomy.code == "need" else [],
            age=value["age"],
            cost="free" if value["is_free"] else "",
        )
        return context


class ServicesBlock(blocks.ListBlock):
    """A few services of the directory; one that is not public is left out."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(ServiceChooserBlock(), **{"min_num": 1, "max_num": 3, **kwargs})

    class Meta:
        icon = "list-ul"
        template = "cms/blocks/services.html"

    def get_context(
        self, value: Any, parent_context: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        from .directory.cards import cards_of

        context = super().get_context(value, parent_context)
        context["cards"] = cards_of([service for service in value if service])
        return context


class HelplineBlock(blocks.StructBlock):
    name = blocks.CharBlock(max_length=80)
    number = blocks.CharBlock(max_length=30)
    is_text = blocks.BooleanBlock(required=False, label="A number to text")
    words = blocks.CharBlock(max_length=160, help_text="When to use it, in one sentence.")
    hours = blocks.CharBlock(max_length=80, required=False)
    url = blocks.URLBlock(required=False, label="Web page")

    class Meta:
        icon = "mail"
        template = "cms/blocks/helpline.html"


class ContentBlocks(blocks.StreamBlock):
    heading = HeadingBlock(max_length=100)
    text = TextBlock()
    note = NoteBlock()
    details = DetailsBlock()
    search = SearchLinkBlock(label="Link to a search")
    services = ServicesBlock(label="Services")
    helpline = HelplineBlock()


class HelpBlocks(blocks.StreamBlock):
    search = SearchLinkBlock(label="Link to a search")
    services = ServicesBlock(label="Services")
    helpline = HelplineBlock()
    note = NoteBlock()
