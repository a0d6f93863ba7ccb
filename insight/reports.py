"""The assessment as a document."""

from typing import TYPE_CHECKING

from django.utils.formats import date_format

from casework.calendar import now
from casework.pdf import Document

from . import reading
from .disclosure import LEGEND
from .needs import Assessment

if TYPE_CHECKING:
    from accounts.models import User

WIDEST = 4  # districts beside each other on a page


def needs_pdf(assessment: Assessment, *, reader: "User") -> bytes:
    """Scores, what they are made of, services by kind, and how to read them; nothing that the page
    withholds."""
    rows = reading.rows(assessment)
    last_day = date_format(assessment.period.last_day, "j F Y")
    document = Document(
        title="Asset needs assessment",
        reference=f"to {last_day}",
        readers=f"For {reader.name}. Figures of the year to {last_day}. {reading.STAMP}",
        made_at=now(),
    )
    document.section("Where the gap is widest")
    document.table(
        ["District", "Need", "Provision", "Gap", "Left out of need"],
        [[row.name, row.need, row.provision, row.gap, row.left_out or "–"] for row in rows],
        parts=[3, 2, 2, 2, 4],
    )
    document.section("What the scores are made of")
    heads = [cell.head for cell in rows[0].inputs] if rows else []
    document.table(
        ["District", *heads],
        [[row.name, *(cell.words for cell in row.inputs)] for row in rows],
        parts=[3] + [2] * len(heads),
    )
    document.paragraph(f"{LEGEND}.")
    document.section("Weights")
    document.rows(reading.weighed(assessment.weights), is_dense=True)
    _provided(document, assessment)
    document.section("How to read this")
    for sentence in reading.method(assessment):
        document.paragraph(sentence)
    return document.render()


def _provided(document: Document, assessment: Assessment) -> None:
    """Services by kind: a row for each district would be too wide for the page, so in pieces."""
    kinds = reading.provided(assessment)
    document.section("Services by kind of help")
    for start in range(0, len(assessment.places), WIDEST):
        piece = [(label, cells[start : start + WIDEST]) for label, cells in kinds]
        heads = [cell.head for _, cells in piece[:1] for cell in cells]
        document.table(
            ["Kind", *heads],
            [[label, *(cell.words for cell in cells)] for label, cells in piece],
            parts=[3] + [2] * len(heads),
        )
