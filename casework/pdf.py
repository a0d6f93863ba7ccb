"""House style for PDF documents (DESIGN §8): a letter, a summary, a list, on A4.

document = Document(title="Referral", reference="K7M-2QF", readers="The coordinator …")
document.section("Why now") document.paragraph(referral.why_now) document.rows([("School",
school.name), …]) return document.render()

Everything given is plain text: nothing is read as markup, no picture, link or font comes from data,
nothing is fetched (security reference §5). Text goes through `fonts.legible`, is drawn in embedded
typefaces and can be copied and searched as it was given. `title` and headings are ours and appear
in the file's metadata and outline, so they never hold anything about a person.
"""

import io
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import pairwise

from django.utils import timezone
from django.utils.formats import date_format
from reportlab.lib.colors import Color, HexColor
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from .typeset import Line, Style, Typesetter

INK, PINE, MARIGOLD = HexColor("#14213D"), HexColor("#0B5D4E"), HexColor("#F4B942")
MIST, RULE = HexColor("#E9F1EE"), HexColor("#C9D3D0")
MUTED, DANGER = HexColor("#4A5A60"), HexColor("#B3261E")

PAGE_WIDTH, PAGE_HEIGHT = A4
LEFT = RIGHT = 71  # points: 25 mm
TOP, BOTTOM = 62, 74
WIDTH = PAGE_WIDTH - LEFT - RIGHT
HEIGHT = PAGE_HEIGHT - TOP - BOTTOM
LABEL = 0.34  # of the width, for the labels of rows
DENSE_LABEL = 0.26

BODY = Style(10.5, 15, INK)
STRONG = Style(10.5, 15, INK, bold=True)
TITLE = Style(20, 25, INK, bold=True)
HEADING = Style(13, 18, PINE, bold=True)
CELL = Style(9.5, 13, INK)
HEAD = Style(9.5, 13, INK, bold=True)
SMALL = Style(9, 12, MUTED)

NAMED = (
    "Words in square brackets, such as [grinning face] or [U+4E2D], stand for pictures and letters "
    "that this document cannot draw. Read them on screen."
)

# reportlab's fonts read their file while they are embedded, at a place that they share.
_embedding = threading.Lock()

Draw = Callable[[Canvas, float], None]


@dataclass(frozen=True, slots=True)
class Strip:
    """What is drawn across the page in one piece. Longer things are many strips."""

    height: float
    draw: Draw | None = None  # gets the canvas and the height of the strip's top edge
    with_next: bool = False
    is_gap: bool = False  # left out at the top of a page
    repeats: tuple["Strip", ...] = ()  # drawn again above it when it starts a page
    bookmark: str = ""


@dataclass
class Document:
    """`readers` says who may read it; `made_at` is when it was made (it may be out of date later).

    `is_fixed` leaves the time of making and random ids out of the file, for comparisons in tests.
    """

    title: str
    reference: str
    readers: str
    made_at: datetime | None = None
    service: str = "Waymark"
    is_fixed: bool = False
    _strips: list[Strip] = field(default_factory=list)
    _type: Typesetter = field(default_factory=Typesetter)

    def __post_init__(self) -> None:
        self._add(Strip(24, self._brand), Strip(22))
        self._text(f"{self.title} {self.reference}", TITLE)
        self._add(Strip(8))
        made = f" Made on {_moment(self.made_at)}." if self.made_at else ""
        self._panel(f"{self.readers}{made}", BODY, PINE)

    def section(self, heading: str) -> None:
        """A heading, also in the outline."""
        self._add(Strip(18, is_gap=True))
        lines = self._type.lines(heading, HEADING, WIDTH)
        for number, line in enumerate(lines):
            bookmark = heading if number == 0 else ""
            self._add(Strip(18, _at(line), with_next=True, bookmark=bookmark))
        self._add(Strip(4, with_next=True))

    def paragraph(self, text: str) -> None:
        """Text with its line ends; never one line alone at the foot or head of a page."""
        self._text(text, BODY)
        self._add(Strip(7, is_gap=True))

    def notice(self, text: str) -> None:
        """What must not be overlooked, such as a danger: a panel with a red edge."""
        self._panel(text, STRONG, DANGER)

    def rows(self, rows: Sequence[tuple[str, str]], *, is_dense: bool = False) -> None:
        """Labels and values side by side, a rule below each. An empty value is "Not given".

        `is_dense` sets them as small as a table, for what should fit on one page.
        """
        label_style, value_style = (HEAD, CELL) if is_dense else (STRONG, BODY)
        share = DENSE_LABEL if is_dense else LABEL
        label_width = WIDTH * share - 12
        value_width = WIDTH * (1 - share)
        for label, value in rows:
            cells = [
                (0.0, label_width, self._type.lines(label, label_style, label_width)),
                (WIDTH * share, value_width, self._value(value, value_style, value_width)),
            ]
            again = self._type.lines(f"{label} (continued)", SMALL, WIDTH)
            self._row(cells, value_style.leading, (Strip(18, _at(again[0])),), is_head=False)
        self._add(Strip(7, is_gap=True))

    def table(
        self, heads: Sequence[str], rows: Sequence[Sequence[str]], parts: Sequence[float] = ()
    ) -> None:
        """A table whose heads come again on each page. `parts` are the columns' shares of width."""
        shares = list(parts) or [1 / len(heads)] * len(heads)
        lefts = [sum(shares[:number]) * WIDTH / sum(shares) for number in range(len(shares))]
        widths = [right - left - 10 for left, right in pairwise([*lefts, WIDTH + 10])]

        def cells(texts: Sequence[str], style: Style) -> list[tuple[float, float, list[Line]]]:
            found = zip(lefts, widths, texts, strict=True)
            return [(x, width, self._type.lines(t, style, width)) for x, width, t in found]

        head = tuple(self._row_strips(cells(heads, HEAD), HEAD.leading, MUTED, with_next=True))
        self._add(*head)
        for row in rows:
            self._row(cells(row, CELL), CELL.leading, head)
        self._add(Strip(7, is_gap=True))

    def picture(self, height: float, draw: Draw) -> None:
        """Something drawn across the page: `draw` gets the canvas and the height of its top edge.
        Words beside it say the same."""
        self._add(Strip(height, draw), Strip(7, is_gap=True))

    def render(self) -> bytes:
        """The PDF file."""
        if self._type.has_named:
            self._add(Strip(14, is_gap=True))
            self._text(NAMED, SMALL)
        pages = list(_paginated(self._strips))
        file = io.BytesIO()
        canvas = Canvas(file, pagesize=A4, pageCompression=1, lang="en-GB", invariant=self.is_fixed)
        canvas.setTitle(f"{self.title} {self.reference}")
        canvas.setSubject(self.title)
        canvas.setAuthor(self.service)
        canvas.setCreator(self.service)
        canvas.setViewerPreference("DisplayDocTitle", "true")
        with _embedding:
            for number, strips in enumerate(pages, 1):
                self._page(canvas, strips, f"Page {number} of {len(pages)}")
            canvas.save()
        return file.getvalue()

    # -- parts

    def _add(self, *strips: Strip) -> None:
        self._strips += strips

    def _text(self, text: str, style: Style) -> None:
        lines = self._type.lines(text, style, WIDTH)
        last = len(lines) - 1
        for number, line in enumerate(lines):
            together = number < last and number in (0, last - 1)
            self._add(Strip(style.leading, _at(line), with_next=together))

    def _value(self, value: str, style: Style, width: float) -> list[Line]:
        if value.strip():
            return self._type.lines(value, style, width)
        return self._type.lines("Not given", style._replace(colour=MUTED), width)

    def _panel(self, text: str, style: Style, edge: Color) -> None:
        lines = self._type.lines(text, style, WIDTH - 28)
        fill = _panel_fill(edge)
        self._add(Strip(9, fill(9), with_next=True))
        for number, line in enumerate(lines):
            together = number in (0, len(lines) - 2) or number == len(lines) - 1
            draw = fill(style.leading, _at(line, left=16, width=WIDTH - 28))
            self._add(Strip(style.leading, draw, with_next=together))
        self._add(Strip(9, fill(9)), Strip(8, is_gap=True))

    def _row(
        self,
        cells: list[tuple[float, float, list[Line]]],
        leading: float,
        repeats: tuple[Strip, ...],
        *,
        is_head: bool = True,
    ) -> None:
        """A row stays together when it is short, and runs over the page when it is long."""
        keep = max(len(lines) for _, _, lines in cells) * leading < HEIGHT / 3
        first, *rest = self._row_strips(cells, leading, RULE, keep=keep, repeats=repeats)
        self._add(first if is_head else replace(first, repeats=()), *rest)

    @staticmethod
    def _row_strips(
        cells: list[tuple[float, float, list[Line]]],
        leading: float,
        rule: Color,
        *,
        keep: bool = True,
        with_next: bool = False,
        repeats: tuple[Strip, ...] = (),
    ) -> Iterator[Strip]:
        rows = max(len(lines) for _, _, lines in cells)
        yield Strip(5, with_next=True, repeats=repeats)
        for number in range(rows):
            parts = [
                _at(lines[number], left=left, width=width if len(lines) > 1 else lines[0].width)
                for left, width, lines in cells  # one line of Arabic stays beside its label
                if number < len(lines)
            ]
            together = keep or number == 0 or number >= rows - 2
            yield Strip(leading, _all(parts), with_next=together, repeats=repeats)
        yield Strip(6, _rule(rule), with_next=with_next)

    # -- pages

    def _page(self, canvas: Canvas, strips: list[Strip], count: str) -> None:
        top = PAGE_HEIGHT - TOP
        for strip in strips:
            if strip.bookmark:
                key = f"heading-{canvas.getPageNumber()}-{top:.0f}"
                canvas.bookmarkHorizontal(key, 0, top + 10)
                canvas.addOutlineEntry(strip.bookmark, key)
            if strip.draw:
                strip.draw(canvas, top)
            top -= strip.height
        canvas.setStrokeColor(RULE)
        canvas.setLineWidth(0.75)
        canvas.line(LEFT, BOTTOM - 16, LEFT + WIDTH, BOTTOM - 16)
        self._foot(canvas, f"{self.title} {self.reference}", 0)
        self._foot(canvas, count, WIDTH - self._type.width(count, SMALL))
        canvas.showPage()

    def _foot(self, canvas: Canvas, text: str, left: float) -> None:
        for line in self._type.lines(text, SMALL, WIDTH)[:1]:
            line.draw(canvas, LEFT + left, BOTTOM - 32, available=0)

    def _brand(self, canvas: Canvas, top: float) -> None:
        """Our mark, a marigold arrow on a pine disc (as in frontend/images/mark.svg), and name."""
        canvas.saveState()
        canvas.translate(LEFT + 12, top - 12)
        canvas.setFillColor(PINE)
        canvas.circle(0, 0, 12, stroke=0, fill=1)
        canvas.scale(0.75, -0.75)
        canvas.rotate(45)
        arrow = canvas.beginPath()
        arrow.moveTo(0, -11.5)
        for x, y in [(9, -1), (4, -1), (4, 10.5), (0, 7.5), (-4, 10.5), (-4, -1), (-9, -1)]:
            arrow.lineTo(x, y)
        arrow.close()
        canvas.setFillColor(MARIGOLD)
        canvas.drawPath(arrow, stroke=0, fill=1)
        canvas.restoreState()
        name = self._type.lines(self.service, HEADING._replace(size=14), WIDTH)[0]
        name.draw(canvas, LEFT + 32, top - 17, available=0)


def _paginated(strips: list[Strip]) -> Iterator[list[Strip]]:
    """Pages of strips, breaking where strips need not stay together."""
    page: list[Strip] = []
    used = 0.0
    for group in _groups(strips):
        if page and used + sum(strip.height for strip in group) > HEIGHT:
            yield page
            page, used = list(group[0].repeats), sum(s.height for s in group[0].repeats)
        for strip in group:
            if used + strip.height > HEIGHT:  # a group that is longer than a page
                yield page
                page, used = list(strip.repeats), sum(s.height for s in strip.repeats)
            if strip.is_gap and not page:
                continue
            page.append(strip)
            used += strip.height
    if page:
        yield page


def _groups(strips: list[Strip]) -> Iterator[list[Strip]]:
    group: list[Strip] = []
    for strip in strips:
        group.append(strip)
        if not strip.with_next:
            yield group
            group = []
    if group:
        yield group


def _at(line: Line, *, left: float = 0, width: float = WIDTH) -> Draw:
    """Draws a line with its baseline where its leading puts it."""

    def draw(canvas: Canvas, top: float) -> None:
        drop = (line.style.leading + line.style.size * 0.68) / 2
        line.draw(canvas, LEFT + left, top - drop, available=width)

    return draw


def _all(parts: Sequence[Draw]) -> Draw:
    def draw(canvas: Canvas, top: float) -> None:
        for part in parts:
            part(canvas, top)

    return draw


def _rule(colour: Color) -> Draw:
    def draw(canvas: Canvas, top: float) -> None:
        canvas.setStrokeColor(colour)
        canvas.setLineWidth(0.75)
        canvas.line(LEFT, top - 5, LEFT + WIDTH, top - 5)

    return draw


def _panel_fill(edge: Color) -> Callable[..., Draw]:
    def fill(height: float, over: Draw | None = None) -> Draw:
        def draw(canvas: Canvas, top: float) -> None:
            canvas.setFillColor(MIST)
            canvas.rect(LEFT, top - height - 0.2, WIDTH, height + 0.2, stroke=0, fill=1)
            canvas.setFillColor(edge)
            canvas.rect(LEFT, top - height - 0.2, 4, height + 0.2, stroke=0, fill=1)
            if over:
                over(canvas, top)

        return draw

    return fill


def _moment(moment: datetime) -> str:
    local = timezone.localtime(moment)
    return f"{date_format(local, 'l j F Y')} at {date_format(local, 'g:i')}{local:%p}".replace(
        "AM", "am"
    ).replace("PM", "pm")
