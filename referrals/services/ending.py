"""The end report: written by whoever works with them, read by the referrer once approved."""

from accounts.models import User
from casework.actors import Actor
from casework.history import keep_reasons
from casework.models import Event, Reason
from casework.models.notes import Band
from referrals.models import Referral

from .working import end_assignments

PARTS = {"changed": "What has changed", "left": "What is left to do", "ahead": "What comes next"}


def report_of(referral: Referral) -> dict[str, str]:
    """The words of the report that was written last in this ending, by the names of its parts;
    empty when none was."""
    return _words_of_last(referral, "write_report", since=["start_closing"])


def to_better(referral: Referral) -> str:
    """What should be better in it; "" once it was written anew."""
    words = _words_of_last(referral, "return_report", since=["start_closing", "write_report"])
    return words.get("why", "")


def _words_of_last(referral: Referral, name: str, *, since: list[str]) -> dict[str, str]:
    """The words given with the last move of that name, unless one of the others came after it."""
    last = Event.objects.of(referral).filter(name__in=[name, *since]).order_by("sequence").last()
    if last is None or last.name != name:
        return {}
    rows = Reason.objects.filter(
        case_kind=referral.KIND, case_id=referral.pk, sequence=last.sequence
    )
    return {row.name: row.text for row in rows}


def report_shown(referral: Referral) -> list[tuple[str, str]]:
    """Each part as its reader sees it: heading and words."""
    written = report_of(referral)
    return [(title, written[name]) for name, title in PARTS.items() if name in written]


def end_with_report(referral: Referral, *, by: User | Actor) -> None:
    """Approved: the words as they were written are the referrer's to read, and sight ends."""
    event = Event.objects.of(referral).get(sequence=referral.version)
    report = "\n\n".join(f"{title}\n{words}" for title, words in report_shown(referral))
    keep_reasons(referral, event, {"report": Band.SHARED}, {"report": report}, by=by)
    end_assignments(referral)
