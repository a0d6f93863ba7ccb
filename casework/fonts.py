"""Letters for PDF: which typeface draws a text, how its letters join, how they are read back.

HarfBuzz chooses and places the glyphs (joined Arabic, marks, kerning); reportlab embeds them. A
glyph that stands for other letters than reportlab would think (a joined form, a ligature) gets a
code of its own beyond Unicode's assigned planes, and the font's ToUnicode table says which letters
it stands for, so that text copied from or searched in the PDF is the text that was put in.

Text is drawn, never parsed: no markup of reportlab's sees it (security reference §5).
"""

import re
import threading
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import uharfbuzz
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.pdfdoc import PDFDocument
from reportlab.pdfbase.ttfonts import SUBSETN, TTFont
from reportlab.pdfgen.canvas import Canvas

# In the order in which they are tried: the house typeface, then the rest of Latin with Greek and
# Cyrillic, then the Arabic script (with the letters of Urdu, Kurdish, Pashto and Persian).
FAMILIES = (
    ("fontpkg_atkinson_hyperlegible", "AtkinsonHyperlegible"),
    ("fontpkg_fira_sans", "FiraSans"),
    ("fontpkg_ibm_plex_sans_arabic", "IBMPlexSansArabic"),
)
PRIVATE = 0xF0000  # plane 15: no text of ours keeps a letter from there (see `legible`)
JOINERS = "\u200c\u200d"  # they say how Arabic letters join, and are not seen themselves
ARABIC = r"[\u0600-\u08ff\ufb50-\ufdff\ufe70-\ufeff]"


class Move(NamedTuple):
    """How a glyph stands other than in its font's widths, in thousandths of an em."""

    place: int  # among the glyphs
    left: int  # before it is drawn, and back after
    back: int  # more than its width to the next glyph
    rise: int


@dataclass(frozen=True, slots=True)
class Shaped:
    """Glyphs of one typeface from left to right; `width` and `stops` are thousandths of an em.

    `stops` has, in reading order, each letter's place in the text and its advance: where a word
    too long for a line may be broken.
    """

    glyphs: str
    moves: tuple[Move, ...]
    width: float
    stops: tuple[tuple[int, float], ...]

    @classmethod
    def join(cls, parts: "Sequence[Shaped]") -> "Shaped":
        glyphs, moves = "", []
        for part in parts:
            start = len(glyphs)
            moves += [move._replace(place=start + move.place) for move in part.moves]
            glyphs += part.glyphs
        return cls(glyphs, tuple(moves), sum(part.width for part in parts), ())


class Typeface(TTFont):
    """A font that draws shaped glyphs and remembers what letters each of them stands for."""

    def __init__(self, name: str, path: str) -> None:
        super().__init__(name, path, asciiReadable=False)
        face = uharfbuzz.Face(uharfbuzz.Blob.from_file_path(path))
        self._shaper = uharfbuzz.Font(face)
        self._scale = 1000 / face.upem
        self._space = self.face.charToGlyph[ord(" ")]
        self._letters = frozenset(self.face.charToGlyph)
        self._codes: dict[tuple[int, str], int] = {}
        self._texts: dict[int, str] = {}
        self._lock = threading.Lock()

    def draws(self, text: str) -> bool:
        return all(ord(letter) in self._letters or letter in JOINERS for letter in text)

    def shape(self, text: str, *, rtl: bool = False) -> Shaped:
        """The glyphs of a text in one direction.

        In a right-to-left text a joined glyph stands for its last letter only and unseen ones
        beside it for the others: readers turn the glyphs round, but not the letters of a glyph.
        """
        buffer = uharfbuzz.Buffer()
        buffer.add_codepoints([ord(letter) for letter in text])
        buffer.direction = "rtl" if rtl else "ltr"
        buffer.guess_segment_properties()
        buffer.cluster_level = uharfbuzz.BufferClusterLevel.MONOTONE_CHARACTERS
        uharfbuzz.shape(self._shaper, buffer, {})
        starts = sorted({info.cluster for info in buffer.glyph_infos})
        ends = dict(zip(starts, [*starts[1:], len(text)], strict=True))
        advances, scale = dict.fromkeys(starts, 0.0), self._scale
        glyphs: list[int] = []
        moves: list[Move] = []

        def add(glyph: int, letters: str, advance: float, left: float, rise: float) -> None:
            code = self._code(glyph, letters)
            back = round(self.face.charWidths[code] - advance)
            move = Move(len(glyphs), round(left), back, round(rise))
            if any(move[1:]):
                moves.append(move)
            glyphs.append(code)

        for info, place in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
            start, advance = info.cluster, place.x_advance * scale
            letters = text[start : ends.pop(start, start)]  # a cluster's later glyphs say nothing
            own, others = (letters[-1:], letters[-2::-1]) if rtl else (letters, "")
            add(info.codepoint, own, advance, place.x_offset * scale, place.y_offset * scale)
            for letter in others:
                add(self._space, letter, 0, 0, 0)
            advances[start] += advance
        stops = tuple(sorted(advances.items()))
        return Shaped("".join(map(chr, glyphs)), tuple(moves), sum(advances.values()), stops)

    def operators(self, shaped: Shaped, size: float, canvas: Canvas) -> Iterator[str]:
        """The PDF operators that show the glyphs (32000-1 §9.4.3): Tf, Tj, TJ and Ts."""
        moves = {move.place: move for move in shaped.moves}
        start = 0
        for subset, codes in self.splitString(shaped.glyphs, canvas._doc):
            yield f"{self.getSubsetInternalName(subset, canvas._doc)} {size:g} Tf"
            shown = 0
            array: list[str] = []
            for index in range(len(codes)):
                if move := moves.get(start + index):
                    array += [f"({canvas._escape(codes[shown:index])})", f"{-move.left}"]
                    if move.rise:
                        yield f"[{' '.join(array)}] TJ {move.rise * size / 1000:.2f} Ts"
                        array = []
                    array.append(f"({canvas._escape(codes[index : index + 1])})")
                    array.append(f"{move.back + move.left}")
                    if move.rise:
                        yield f"[{' '.join(array)}] TJ 0 Ts"
                        array = []
                    shown = index + 1
            rest = f"({canvas._escape(codes[shown:])})"
            yield f"[{' '.join(array)} {rest}] TJ" if array else f"{rest} Tj"
            start += len(codes)

    def _code(self, glyph: int, letters: str) -> int:
        """The code that reportlab knows a glyph by: its letter's own, or one that we give it."""
        face = self.face
        if len(letters) == 1 and face.charToGlyph.get(ord(letters)) == glyph:
            return ord(letters)
        with self._lock:
            if (glyph, letters) not in self._codes:
                code = PRIVATE + len(self._codes)
                face.charToGlyph[code] = glyph
                face.charWidths[code] = self._shaper.get_glyph_h_advance(glyph) * self._scale
                self._texts[code] = letters
                self._codes[glyph, letters] = code
            return self._codes[glyph, letters]

    def addObjects(self, doc: PDFDocument) -> None:
        """Embed the font; then say in each ToUnicode table what our own codes stand for."""
        subsets = [list(subset) for subset in self.state[doc].subsets]
        super().addObjects(doc)
        for number, subset in enumerate(subsets):
            name = SUBSETN(number) + b"+" + self.face.name + self.face.subfontNameX
            texts = [self._texts.get(code, chr(code)) for code in subset]
            table = doc.idToObject["toUnicodeCMap:" + name.decode("pdfdoc")]
            table.content = "\n".join(_to_unicode(texts))


def _to_unicode(texts: list[str]) -> Iterator[str]:
    """A ToUnicode table (PDF 32000-1 §9.10.3): code by code the letters it stands for."""
    yield "/CIDInit /ProcSet findresource begin 12 dict begin begincmap"
    yield "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def"
    yield "/CMapName /Adobe-Identity-UCS def /CMapType 2 def"
    yield "1 begincodespacerange <00> <FF> endcodespacerange"
    lines = [
        f"<{code:02X}> <{text.encode('utf-16-be').hex().upper()}>"
        for code, text in enumerate(texts)
        if text >= " " or not text
    ]
    for start in range(0, len(lines), 100):  # the format allows 100 at a time
        part = lines[start : start + 100]
        yield f"{len(part)} beginbfchar\n" + "\n".join(part) + "\nendbfchar"
    yield "endcmap CMapName currentdict /CMap defineresource pop end end"


@cache
def typeface(family: int, bold: bool) -> Typeface:
    package, name = FAMILIES[family]
    name = f"{name}-{'Bold' if bold else 'Regular'}"
    font = Typeface(name, str(files(package).joinpath("files", f"{name}.ttf")))
    pdfmetrics.registerFont(font)
    return font


def typeface_for(text: str, *, bold: bool) -> Typeface | None:
    """The first typeface that draws all of the text."""
    for family in range(len(FAMILIES)):
        if typeface(family, bold).draws(text):
            return typeface(family, bold)
    return None


def runs(text: str, *, bold: bool) -> Iterator[tuple[int, int, Typeface]]:
    """Stretches of one typeface: whole words where a typeface has the whole word."""
    start, end, current = 0, 0, typeface(0, bold)
    for word in re.finditer(r"\S+|\s+", text):
        whole = current if word[0].isspace() else typeface_for(word[0], bold=bold)
        for letters in [word[0]] if whole else word[0]:
            wanted = whole or (current if current.draws(letters) else None)
            font = wanted or typeface_for(letters, bold=bold) or current
            if font is not current and end > start:
                yield start, end, current
                start = end
            current, end = font, end + len(letters)
    if end > start:
        yield start, end, current


# What is not drawn: controls, invisible marks of other software, and the marks that turn the
# direction of writing, which could show a record other than it is. Nothing seen is taken away.
UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u180e\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
LINE_ENDS = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
LOOSE_JOINERS = re.compile(f"(?<!{ARABIC})[{JOINERS}]|[{JOINERS}](?!{ARABIC})")
FLAG = re.compile("[\U0001f1e6-\U0001f1ff]{2}")
SKIN = re.compile("[\U0001f3fb-\U0001f3ff]")
SPACES = re.compile(r"[^\S\n]")


def legible(text: str) -> str:
    """The text as the document draws it; the one door through which all text of people goes.

    Letters are composed (NFC) and spaces made plain. What no typeface has is not dropped but named
    in square brackets: a picture by its Unicode name, `[grinning face]`; letters of a script that
    we cannot draw by their numbers, `[U+4E2D U+6587]`, from which they can be had back.
    """
    if text.isascii() and text.isprintable():
        return text
    text = LINE_ENDS.sub("\n", unicodedata.normalize("NFC", text))
    text = SPACES.sub(" ", LOOSE_JOINERS.sub("", UNSEEN.sub("", text)))
    if typeface(0, False).draws(text.replace("\n", "")):
        return text
    text = FLAG.sub(lambda found: f"[flag {_country(found[0])}]", text)
    text = SKIN.sub(lambda found: f"[skin tone {ord(found[0]) - 0x1F3FA}]", text)
    return "".join(_named(text))


def _named(text: str) -> Iterator[str]:
    numbers: list[str] = []
    for letter in text:
        drawn = letter == "\n" or typeface_for(letter, bold=False) is not None
        is_letter = unicodedata.category(letter)[0] in "LMNC"
        if numbers and (drawn or not is_letter):
            yield f"[{' '.join(numbers)}]"
            numbers = []
        if drawn:
            yield letter
        elif is_letter:
            numbers.append(f"U+{ord(letter):04X}")
        else:
            yield f"[{unicodedata.name(letter, f'U+{ord(letter):04X}').lower()}]"
    if numbers:
        yield f"[{' '.join(numbers)}]"


def _country(flag: str) -> str:
    return "".join(chr(ord(letter) - 0x1F1E6 + ord("A")) for letter in flag)
