"""The assessment as a document."""

from functools import partial
from typing import TYPE_CHECKING

from django.utils.formats import date_format
from reportlab.lib.colors import HexColor
from reportlab.pdfgen.canvas import Canvas

from casework.calendar import now
from casework.pdf import INK, LEFT, WIDTH, Document
from casework.typeset import Style, Typesetter

from . import maps, reading
from .disclosure import LEGEND
from .needs import Assessment

if TYPE_CHECKING:
    from accounts.models import User

WIDEST = 4  # districts beside each other on a page
MAP_HEIGHT = 290  # points


def needs_pdf(assessment: Assessment, *, reader: "User") -> bytes:
    """Scores, what they are made of, services by kind, and how to read them; nothing that the page
    withholds."""
    last_day = date_format(assessment.period.last_day, "j M Y")
    document = Document(
        title="Asset needs assessment",
        reference=f"to {last_day}",
        readers=f"For {reader.name}. Figures of the year to {last_day}. {reading.STAMP}",
        made_at=now(),
    )
    rows = reading.rows(assessment)
    _scores(document, assessment, rows)
    _map(document, assessment)
    document.section("What the scores are made of")
    document.paragraph(f"{LEGEND}.")
    heads = [cell.head for cell in rows[0].inputs] if rows else []
    document.table(
        ["District", *heads],
        [[row.name, *(cell.words for cell in row.inputs)] for row in rows],
        parts=[3] + [2] * len(heads),
    )
    document.section("Weights")
    document.rows(reading.weighed(assessment.weights), is_dense=True)
    _provided(document, assessment)
    if not_found := reading.not_found(assessment):
        document.section("Looked for and not found")
        heads = ["Need", "Searches that found nothing", "People who said it was missing"]
        document.table(heads, not_found, parts=[3, 2, 2])
    document.section("How to read this")
    for sentence in reading.method(assessment):
        document.paragraph(sentence)
    return document.render()


def _scores(document: Document, assessment: Assessment, rows: list[reading.Row]) -> None:
    document.section("Where the gap is widest")
    if warning := reading.rests_on(assessment):
        document.paragraph(warning)
    document.table(
        ["District", "Need", "Provision", "Gap", "Left out of need"],
        [
            [f"{number}. {row.name}", row.need, row.provision, row.gap, row.left_out or "–"]
            for number, row in enumerate(rows, 1)
        ],
        parts=[3, 2, 2, 2, 4],
    )


def _map(document: Document, assessment: Assessment) -> None:
    """The places as shapes with the numbers of their rows, and what the colours mean."""
    if drawn := maps.draw(assessment.places):
        document.section("The gaps as a map")
        scale = MAP_HEIGHT / drawn.height
        document.picture(MAP_HEIGHT, partial(_draw, drawn, scale))
        document.paragraph(maps.SOURCE)


def _draw(drawn: maps.Map, scale: float, canvas: Canvas, top: float) -> None:
    def place(x: float, y: float) -> tuple[float, float]:
        return LEFT + (x - drawn.left) * scale, top - (y - drawn.top) * scale

    canvas.setStrokeColor(INK)
    canvas.setLineWidth(0.75)
    for shape in drawn.shapes:
        canvas.setFillColor(HexColor(shape.band.fill))
        path = canvas.beginPath()
        for ring in shape.rings:
            first, *rest = zip(ring[::2], ring[1::2], strict=True)
            path.moveTo(*place(*first))
            for point in rest:
                path.lineTo(*place(*point))
            path.close()
        canvas.drawPath(path, stroke=1, fill=1)
    for shape in drawn.shapes:
        _write(canvas, str(shape.number), shape.band.ink, *place(*shape.middle), is_centred=True)
    for line, band in enumerate(drawn.bands):
        left, y = LEFT + drawn.width * scale + 24, top - 16 - line * 20
        canvas.setFillColor(HexColor(band.fill))
        canvas.rect(left, y - 3, 12, 12, stroke=1, fill=1)
        _write(canvas, band.words, maps.INK, left + 20, y + 3)


def _write(
    canvas: Canvas, words: str, ink: str, x: float, y: float, *, is_centred: bool = False
) -> None:
    style = Style(9.5, 13, HexColor(ink), bold=is_centred)
    line = Typesetter().lines(words, style, WIDTH)[0]
    line.draw(canvas, x - line.width / 2 if is_centred else x, y - 3.5, available=0)


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
