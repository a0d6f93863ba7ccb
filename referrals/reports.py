"""Documents about a referral."""

from typing import TYPE_CHECKING

from casework.calendar import now
from casework.pdf import Document

from . import policies
from .models import Referral
from .progress import flags, reads_as_referrer, sign, workers
from .reading import Part, day, facts

if TYPE_CHECKING:
    from accounts.models import User


def summary_pdf(referral: Referral, parts: list[Part], *, reader: "User") -> bytes:
    """One referral as a document, with the parts that its reader may see and a line that says
    who."""
    as_referrer = reads_as_referrer(referral, reader)
    document = Document(
        title="Referral",
        reference=referral.reference,
        readers=_readers(as_referrer, reader),
        made_at=now(),
    )
    document.section("Where it stands")
    document.rows(_standing(referral, as_referrer, reader))
    in_full = policies.reads_everything(referral, reader)
    if not as_referrer and (found := flags(referral, in_full=in_full)):
        document.notice(". ".join(found) + ".")
    for part in parts:
        document.section(part.title)
        document.rows([(row.key, row.value) for row in part.rows])
    return document.render()


def _standing(referral: Referral, as_referrer: bool, reader: "User") -> list[tuple[str, str]]:
    """Its stage and who has it; its referrer learns the first names of those who work with them."""
    person = referral.young_person
    rows = [
        ("Called", person.called if person else ""),
        ("Stage", sign(referral, as_referrer=as_referrer).words),
    ]
    if not as_referrer:
        found = facts(referral, bands=referral.bands_for(reader))
        return rows + [(row.key, row.value) for row in found]
    rows += [("Programme", str(referral.programme)), ("Sent on", day(referral.sent_at))]
    return rows + [("Works with them", who) for who in workers(referral)]


def _readers(as_referrer: bool, reader: "User") -> str:
    if as_referrer:
        return (
            f"For {reader.name} only. It is about a young person: keep it where only those read it "
            "who have to, and destroy it when you no longer need it."
        )
    return (
        f"For {reader.name} only, who works with this young person. Do not pass it on: others ask "
        "Waymark, which records who has read what. Destroy it when you no longer need it."
    )
