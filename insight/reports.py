"""The assessment as a document."""

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING

from django.utils.formats import date_format
from reportlab.lib.colors import HexColor
from reportlab.pdfgen.canvas import Canvas

from casework.calendar import now
from casework.pdf import INK, LEFT, WIDTH, Document
from casework.typeset import Style, Typesetter
from cms.directory.wording import and_list

from . import maps, reading
from .disclosure import LEGEND
from .models import GapAction
from .needs import Assessment

if TYPE_CHECKING:
    from accounts.models import Area, User

WIDEST = 4  # districts beside each other on a page
MAP_HEIGHT = 290  # points
MAP_WIDTH = 280  # beside it stand the words of its colours


def needs_pdf(
    assessment: Assessment,
    *,
    reader: "User",
    actions: Iterable[GapAction],
    district: "Area | None" = None,
) -> bytes:
    """Scores by district, or by ward of one; what they are made of, what is done about them, and
    how to read them. Nothing that the page withholds."""
    last_day = date_format(assessment.period.last_day, "j M Y")
    document = Document(
        title=f"Asset needs assessment{f': wards of {district.name}' if district else ''}",
        reference=f"to {last_day}",
        readers=f"For {reader.name}. Figures of the year to {last_day}. {reading.STAMP}",
        made_at=now(),
    )
    what = "Ward" if district else "District"
    rows = reading.rows(assessment)
    document.paragraph(reading.in_all(assessment))
    _scores(document, assessment, rows, what)
    _actions(document, assessment, actions)
    _map(document, "The gaps as a map", maps.draw(assessment.places))
    _made_of(document, rows, what)
    if not district:
        _unmet(document, assessment)
        _provided(document, assessment)
    document.section("How need is weighed")
    document.rows(reading.weighed(assessment.weights), is_dense=True)
    document.section("How to read this")
    for sentence in reading.method(assessment):
        document.paragraph(sentence)
    return document.render()


def _scores(document: Document, assessment: Assessment, rows: list[reading.Row], what: str) -> None:
    document.section("Where the gap is widest")
    document.paragraph(f"{reading.GAP_SAID} {LEGEND}.")
    for warning in reading.warnings(assessment):
        document.paragraph(warning)
    document.table(
        [what, "Gap", "Need", "Provision", "Left out of need"],
        [
            [f"{number}. {row.name}", row.gap, row.need, row.provision, row.left_out or "–"]
            for number, row in enumerate(rows, 1)
        ],
        parts=[3, 2, 2, 2, 4],
    )


def _made_of(document: Document, rows: list[reading.Row], what: str) -> None:
    document.section("What the scores are made of")
    heads = [cell.head for cell in rows[0].inputs] if rows else []
    document.table(
        [what, *heads],
        [[row.name, *(cell.words for cell in row.inputs)] for row in rows],
        parts=[3] + [2] * len(heads),
    )


def _actions(document: Document, assessment: Assessment, actions: Iterable[GapAction]) -> None:
    to_do = list(actions)
    document.section("What is being done")
    if unanswered := reading.unanswered(assessment, to_do):
        names = and_list(place.name for place in unanswered)
        document.paragraph(f"More need than services, and no action is planned yet: {names}.")
    if not to_do:
        document.paragraph("No action is open.")
        return
    document.table(
        ["What", "Where", "Owner", "By when"],
        [
            [
                f"{row.action} ({row.need.name})" if row.need else row.action,
                row.area.name,
                row.owner.name,
                f"{date_format(row.due_on, 'j M Y')}{' (late)' if row.is_late else ''}",
            ]
            for row in to_do
        ],
        parts=[5, 2, 2, 2],
    )


def _unmet(document: Document, assessment: Assessment) -> None:
    """What people looked for in vain: where, as a map and a table, and of which need."""
    if searched := reading.searched(assessment):
        heading = "Searches that found nothing, as a map"
        _map(document, heading, maps.draw(assessment.places, maps.unmet))
        document.table(
            ["District", "Searches that found nothing", "Share"],
            [[f"{at}. {name}", *words] for at, (name, *words) in enumerate(searched, 1)],
            parts=[3, 3, 2],
        )
    if not_found := reading.not_found(assessment):
        document.section("Looked for and not found")
        heads = ["Need", "Searches that found nothing", "People who said it was missing"]
        document.table(heads, not_found, parts=[3, 2, 2])


def _map(document: Document, heading: str, drawn: maps.Map | None) -> None:
    """The places as shapes with the numbers of their rows, and what the colours mean."""
    if drawn:
        document.section(heading)
        scale = min(MAP_HEIGHT / drawn.height, MAP_WIDTH / drawn.width)
        document.picture(drawn.height * scale, partial(_draw, drawn, scale))
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
