"""Plain text into lines of glyphs of a given width, in the writing direction of its script."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple
from unicodedata import bidirectional

from bidi import algorithm as bidi
from reportlab.lib.colors import Color
from reportlab.pdfgen.canvas import Canvas

from .fonts import Shaped, Typeface, legible, runs

# Hebrew, Arabic and their neighbours; other text needs no thought about direction.
LETTER = "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff]"
RIGHT_TO_LEFT = re.compile(LETTER)
# Pieces of a line in one direction: from its first to its last letter, and single marks beside.
TURNED = re.compile(f"{LETTER}(?:.*{LETTER})?|.")
STRAIGHT = re.compile(r"\w.*|\W")


class Style(NamedTuple):
    """Sizes in points."""

    size: float
    leading: float
    colour: Color
    bold: bool = False


class Segment(NamedTuple):
    """Glyphs of one typeface and direction, so many points from the left end of the line."""

    left: float
    typeface: Typeface
    glyphs: Shaped


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its segments in reading order, so that text is copied in reading order."""

    segments: tuple[Segment, ...]
    width: float
    style: Style
    is_rtl: bool

    def draw(self, canvas: Canvas, x: float, baseline: float, *, available: float) -> None:
        """From `x`, or to the right end of what is available in a right-to-left paragraph."""
        if self.is_rtl:
            x += available - self.width
        canvas.drawText(_Text("\n".join(self._operators(canvas, x, baseline))))

    def _operators(self, canvas: Canvas, x: float, baseline: float) -> Iterator[str]:
        colour = self.style.colour
        yield f"BT {colour.red:.4f} {colour.green:.4f} {colour.blue:.4f} rg"
        for segment in self.segments:
            yield f"1 0 0 1 {x + segment.left:.2f} {baseline:.2f} Tm"
            yield from segment.typeface.operators(segment.glyphs, self.style.size, canvas)
        yield "ET"


class _Text(NamedTuple):
    """What reportlab's canvas takes as a text object."""

    code: str

    def getCode(self) -> str:
        return self.code


class Typesetter:
    """Breaks text into lines. One for each document: what it remembers are people's words."""

    def __init__(self) -> None:
        self.has_named = False  # whether a letter was named because no typeface has it
        self._words: dict[tuple[str, bool], tuple[tuple[Typeface, Shaped], ...]] = {}

    def lines(self, text: str, style: Style, width: float) -> list[Line]:
        """The lines of a text as given (line ends stay), each at most `width` points wide."""
        plain = legible(text)
        self.has_named |= plain.count("[") > text.count("[")
        return [
            self._line(paragraph, start, end, levels, style)
            for paragraph in plain.split("\n")
            for levels in [_levels(paragraph)]
            for start, end in self._breaks(paragraph, style, width)
        ]

    def width(self, text: str, style: Style) -> float:
        """Points that a text takes on one line."""
        return sum(line.width for line in self.lines(text, style, 1_000_000))

    def _breaks(self, text: str, style: Style, width: float) -> Iterator[tuple[int, int]]:
        """Start and end of each line, greedily; trailing spaces belong to no line."""
        limit = width * 1000 / style.size
        start = end = 0
        used = 0.0
        for piece in re.finditer(r"(\s*)(\S+)", text):
            space = self._measure(piece[1], style.bold)
            word = self._measure(piece[2], style.bold)
            if end > start and used + space + word > limit:
                yield start, end
                start, used = piece.start(2), 0.0
            else:
                used += space
            end, used = piece.end(2), used + word
            if used > limit:
                for cut in self._cuts(piece[2], style.bold, limit):
                    yield start, piece.start(2) + cut
                    start = piece.start(2) + cut
                used = self._measure(text[start:end], style.bold)
        if end > start or not text.strip():
            yield start, end

    def _cuts(self, word: str, bold: bool, limit: float) -> Iterator[int]:
        """Where a word that is wider than a line is cut: after a mark (as in addresses) or else
        anywhere. Letters at a cut may take other forms, hence the little room."""
        used, mark = 0.0, (0, 0.0)
        for start, _, _, glyphs in self._shaped(word, bold):
            for place, advance in glyphs.stops:
                if used and advance and used + advance > limit * 0.98:
                    after_mark = mark[1] > limit / 2
                    yield mark[0] if after_mark else start + place
                    used, mark = (used - mark[1] if after_mark else 0.0), (0, 0.0)
                used += advance
                if word[start + place] in "/-@._":
                    mark = (start + place + 1, used)

    def _measure(self, text: str, bold: bool) -> float:
        return sum(glyphs.width for _, glyphs in self._word(text, bold)) if text else 0.0

    def _word(self, word: str, bold: bool) -> tuple[tuple[Typeface, Shaped], ...]:
        if (word, bold) not in self._words:
            shaped = self._shaped(word, bold)
            self._words[word, bold] = tuple((font, glyphs) for _, _, font, glyphs in shaped)
        return self._words[word, bold]

    @staticmethod
    def _shaped(text: str, bold: bool) -> Iterator[tuple[int, int, Typeface, Shaped]]:
        rtl = bool(RIGHT_TO_LEFT.search(text))
        for start, end, font in runs(text, bold=bold):
            yield start, end, font, font.shape(text[start:end], rtl=rtl)

    def _line(
        self, text: str, start: int, end: int, levels: list[int] | None, style: Style
    ) -> Line:
        part = text[start:end]
        if levels is None:
            pieces = self._left_to_right(part, style.bold)
            is_rtl = False
        else:
            pieces = _in_directions(part, levels[start:end], style.bold)
            is_rtl = bool(bidi.get_base_level(text))
        segments, width = [], 0.0
        for _, font, glyphs in sorted(pieces, key=lambda piece: piece[0]):
            segments.append(Segment(width * style.size / 1000, font, glyphs))
            width += glyphs.width
        order = {place: index for index, place in enumerate(sorted(p[0] for p in pieces))}
        reading = tuple(segments[order[place]] for place, _, _ in pieces)
        return Line(reading, width * style.size / 1000, style, is_rtl)

    def _left_to_right(self, text: str, bold: bool) -> list[tuple[int, Typeface, Shaped]]:
        """Words as they were measured, joined where the typeface stays the same."""
        pieces: list[tuple[Typeface, list[Shaped]]] = []
        for word in re.findall(r"\S+|\s+", text):
            for font, glyphs in self._word(word, bold):
                if pieces and pieces[-1][0] is font:
                    pieces[-1][1].append(glyphs)
                elif pieces and word.isspace():
                    pieces[-1][1].append(pieces[-1][0].shape(word))
                else:
                    pieces.append((font, [glyphs]))
        return [(place, font, Shaped.join(parts)) for place, (font, parts) in enumerate(pieces)]


def _levels(text: str) -> list[int] | None:
    """The embedding level of each letter (Unicode annex 9), None where all goes left to right."""
    if not RIGHT_TO_LEFT.search(text):
        return None
    kept = [place for place, letter in enumerate(text) if bidirectional(letter) != "BN"]
    storage = bidi.get_empty_storage()
    storage["base_level"] = base = bidi.get_base_level(text)
    storage["base_dir"] = "LR"[base]
    bidi.get_embedding_levels("".join(text[place] for place in kept), storage)
    bidi.explicit_embed_and_overrides(storage)
    bidi.resolve_weak_types(storage)
    bidi.resolve_neutral_types(storage, False)
    bidi.resolve_implicit_levels(storage, False)
    found = dict(zip(kept, (letter["level"] for letter in storage["chars"]), strict=True))
    levels: list[int] = []
    for place in range(len(text)):
        levels.append(found.get(place, levels[-1] if levels else base))
    return levels


def _in_directions(text: str, levels: list[int], bold: bool) -> list[tuple[int, Typeface, Shaped]]:
    """Pieces in reading order, each with its place from the left.

    Programs that read text back turn a right-to-left piece round with the marks and spaces at its
    ends, which may belong to the other direction: so each of these is a piece of its own.
    """
    pieces, piece_levels = [], []
    for level, group in groupby(range(len(text)), key=levels.__getitem__):
        places = list(group)
        part = text[places[0] : places[-1] + 1]
        for found in (TURNED if level % 2 else STRAIGHT).finditer(part):
            for start, end, font in runs(found[0], bold=bold):
                glyphs = font.shape(found[0][start:end], rtl=bool(level % 2))
                pieces.append((font, glyphs))
                piece_levels.append(level)
    order = _reordered(piece_levels)
    return [(order.index(place), font, glyphs) for place, (font, glyphs) in enumerate(pieces)]


def _reordered(levels: list[int]) -> list[int]:
    """Rule L2: from the highest level down to the lowest odd one, turn every stretch round."""
    order = list(range(len(levels)))
    for level in range(max(levels, default=0), 0, -1):
        start = 0
        while start < len(order):
            end = start
            while end < len(order) and levels[order[end]] >= level:
                end += 1
            order[start:end] = reversed(order[start:end])
            start = max(end, start + 1)
    return order
