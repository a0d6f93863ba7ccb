"""What the editor says before a page of the tree goes on: errors where they were made."""

from collections.abc import Iterable
from typing import Any

from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.blocks.stream_block import StreamBlockValidationError

INDEX_DEPTH = 3  # the root, the home page, the help index
FOR_READERS = {"action-publish", "action-submit"}


class TreeForm(WagtailAdminPageForm):
    """A draft may be unfinished; what is to be read has to hold."""

    @property
    def is_for_readers(self) -> bool:
        return bool(FOR_READERS & set(self.data))

    def refuse(self, field: str, faults: Iterable[str]) -> None:
        """Say it at the stream, in the form that Wagtail shows."""
        if said := list(faults):
            self.add_error(field, StreamBlockValidationError(non_block_errors=said))


class QuestionForm(TreeForm):
    def clean(self) -> dict[str, Any]:
        from cms.questions import Tree

        cleaned: dict[str, Any] = super().clean()
        answers = cleaned.get("answers")
        if answers is not None:
            tree = Tree.with_draft(self.instance, answers)
            faults = tree.round_and_long(self.instance)
            if self.is_for_readers:
                faults += tree.leading_nowhere(self.instance.pk)
            self.refuse("answers", faults)
        return cleaned


class HelpForm(TreeForm):
    def clean(self) -> dict[str, Any]:
        from cms.questions import lacking

        cleaned: dict[str, Any] = super().clean()
        links = cleaned.get("links")
        if links is not None and self.is_for_readers:
            is_ending = self.parent_page.depth > INDEX_DEPTH
            self.refuse("links", lacking(links, is_ending=is_ending, need=cleaned.get("need")))
        return cleaned
