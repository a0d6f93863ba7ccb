"""What readers have said is wrong: beside what their page said and says now, for an editor who puts
it right or leaves it, and told to the provider, who may be quicker."""

import logging
from collections import defaultdict
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.snippets.views.snippets import EditView

from accounts import letters
from accounts.clock import now

from . import accepting
from .differences import COST, OPEN, SAID, WHEN, WHERE, WHO, Said, of_field
from .models import Service, Suggestion

log = logging.getLogger("waymark.directory")
ABOUT: dict[str, Said] = {
    Suggestion.Part.WHEN: WHEN,
    Suggestion.Part.WHERE: WHERE,
    Suggestion.Part.WHO: WHO,
    Suggestion.Part.COST: COST,
    Suggestion.Part.CLOSED: OPEN,
    **{part: [of_field(name)] for part, name in Suggestion.FIELDS.items()},
}
UNCHANGED = (
    "Its page has not changed since this was sent. Change and publish it first, or choose that it "
    "was left as it was."
)
LETTER = """\
Somebody who read your page in our public directory has told us that something there is wrong:

{services}Sign in to see what they say, and put it right if they are right.
If you have no account with us, our editors look at it; you need do nothing.
"""


def for_providers() -> QuerySet[Suggestion]:
    """What nobody has answered, oldest first, of what whoever runs the service may read.

    “Something else” may be a child's complaint about them: the editors read that alone. What
    another directory publishes is that one's.
    """
    return (
        Suggestion.objects.filter(state=Suggestion.State.NEW, service__source_record=None)
        .exclude(part=Suggestion.Part.OTHER)
        .order_by("sent_at", "pk")
    )


def compared(suggestion: Suggestion) -> list[tuple[str, str | None, str]]:
    """Of each field of that part: its name, what it said when it was read, what it says now.

    What was read is None if no version of it was kept. A part that could be anywhere is all that
    has changed since, so that nobody has to read it all.
    """
    service: Service = suggestion.service
    read = suggestion.version and suggestion.version.as_object()
    about = ABOUT.get(suggestion.part, SAID)
    rows = [(name, read and say(read), say(service)) for name, say in about]
    return rows if about is not SAID else [row for row in rows if row[1] != row[2] and read]


def has_changed(suggestion: Suggestion) -> bool:
    """Whether something was published since, or it was taken off."""
    service: Service = suggestion.service
    published = service.last_published_at
    return not service.is_public or bool(published and published > suggestion.sent_at)


class AnswerForm(WagtailAdminModelForm):
    """An editor's answer. It keeps who gave it, and the version that has put it right."""

    def clean_state(self) -> str:
        state: str = self.cleaned_data["state"]
        if state == Suggestion.State.DONE and not has_changed(self.instance):
            raise ValidationError(UNCHANGED)
        return state

    def save(self, commit: bool = True) -> Any:
        row: Suggestion = self.instance
        if not self.has_changed():
            return row
        is_open, is_done = row.state == Suggestion.State.NEW, row.state == Suggestion.State.DONE
        row.decided_at = None if is_open else now()
        row.decided_by = None if is_open else self.for_user
        row.put_right_in = row.service.live_revision if is_done else None
        return super().save(commit=commit)


class AnswerView(EditView):
    """Wagtail's page to edit a snippet, with what the words are about."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {
            "compared": compared(self.object),
            "was_kept": self.object.version,
            "can_accept": accepting.can_accept(self.object),
        }


def tell() -> int:
    """Tell providers of what is new, one letter to each mailbox. Counts the letters.

    The letter holds none of the reader's words.
    """
    waiting: dict[str, list[UUID]] = defaultdict(list)
    for row in for_providers().filter(told_at=None).select_related("service__provider"):
        waiting[row.service.mailbox].append(row.pk)
    return sum(_tell(address, keys) for address, keys in waiting.items() if address)


@transaction.atomic
def _tell(address: str, keys: list[UUID]) -> bool:
    rows = list(
        for_providers()
        .filter(pk__in=keys, told_at=None)
        .select_for_update(of=["self"], skip_locked=True)
        .select_related("service")
    )
    told = sorted({(row.service.title, row.service.get_absolute_url()) for row in rows})
    if not told:
        return False
    named = "".join(f"{title}\n{letters.link_to(path)}\n\n" for title, path in told)
    try:
        letters.deliver("Is this wrong?", LETTER.format(services=named), to=address)
    except letters.NotSent as error:
        log.warning("suggestion_not_told suggestion=%s error=%s", rows[0].pk, error)
        return False
    Suggestion.objects.filter(pk__in=[row.pk for row in rows]).update(told_at=now())
    return True
