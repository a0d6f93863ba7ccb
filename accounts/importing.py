"""Reading the files that people bring: bounded, streamed, every fault named.

An importer never holds a whole file, never shows a traceback for a bad one, and says for each row
that it did not take where it stands, what is wrong and what to do. `inspect` looks a file through
once before anything is believed, `Table` reads a CSV by its header, `Report` counts and writes the
rejected rows, `ImportCommand` ties them together.
"""

import codecs
import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, transaction

from .import_report import Fault, Report, shown

LIMIT_MB = 100
CHUNK = 1 << 20  # bytes; a chunk without a line end is no table and would have to be held whole

# What a file starts with when it is not plain text, and what to do about it.
SIGNATURES = {
    b"PK\x03\x04": "is a spreadsheet or a zip: open it and save the sheet as “CSV UTF-8”",
    b"\xd0\xcf\x11\xe0": "is an old Excel file: open it and save the sheet as “CSV UTF-8”",
    b"\x1f\x8b": "is compressed: unpack it first",
    b"%PDF": "is a PDF: bring the data as CSV",
    codecs.BOM_UTF16_LE: "is UTF-16 (“Unicode text” in Excel): save it as “CSV UTF-8”",
    codecs.BOM_UTF16_BE: "is UTF-16 (“Unicode text” in Excel): save it as “CSV UTF-8”",
}
CONTROLS = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1a"))
NOT_IN_CP1252 = bytes([0x81, 0x8D, 0x8F, 0x90, 0x9D])


class Refused(Exception):
    """The file cannot be used at all; the message is a sentence that says what to do."""


@dataclass(frozen=True, slots=True)
class TextFile:
    """A file that has been looked through: text in one known encoding, within the limits."""

    path: Path
    size: int
    encoding: str

    @property
    def note(self) -> str:
        if self.encoding.startswith("utf-8"):
            return ""
        return f"The file is not UTF-8: it was read as {self.encoding}. Check names with accents."


def measure(path: Path, *, limit_mb: int = LIMIT_MB) -> int:
    """The size of a file before it is read. Raises Refused: not there, empty, too large."""
    try:
        if not path.is_file():
            problem = "is a folder" if path.is_dir() else "is not a file that is there"
            raise Refused(f"{path} {problem}: give the path of a file.")
        size = path.stat().st_size
    except OSError as error:
        raise Refused(f"{path} cannot be read ({error.strerror}): check its permissions.") from None
    if size > limit_mb * 1_000_000:
        raise Refused(
            f"{path.name} has {size / 1e6:,.0f} MB and the limit is {limit_mb} MB: bring the "
            "part that covers your area, or raise the limit with --limit-mb."
        )
    if not size:
        raise Refused(f"{path.name} is empty: download or export it again.")
    return size


def inspect(path: Path, *, limit_mb: int = LIMIT_MB) -> TextFile:
    """Look a file through without keeping it. Raises Refused; for a huge one before reading it."""
    size = measure(path, limit_mb=limit_mb)
    try:
        with path.open("rb") as stream:
            return TextFile(path, size, _encoding(stream, path.name))
    except OSError as error:
        raise Refused(f"{path} cannot be read ({error.strerror}): check its permissions.") from None


def _encoding(stream: IO[bytes], name: str) -> str:
    """The encoding of a whole stream: UTF-8 if it is valid throughout, else Windows or Latin-1."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    is_utf8, western = True, "cp1252"
    seen = controls = 0
    first = b""
    while chunk := stream.read(CHUNK):
        first = first or chunk
        seen += len(chunk)
        controls += len(chunk) - len(chunk.translate(None, CONTROLS))
        if b"\0" in chunk or controls > seen / 100 or _signature(first):
            raise Refused(f"{name} {_signature(first) or 'is not text: bring a CSV file'}.")
        if len(chunk) == CHUNK and b"\n" not in chunk and b"\r" not in chunk:
            raise Refused(f"{name} has a line of over a million characters: it is not a table.")
        if any(byte in chunk for byte in NOT_IN_CP1252):
            western = "latin-1"
        is_utf8 = is_utf8 and _decodes(decoder, chunk)
    if is_utf8 and _decodes(decoder, b"", final=True):
        return "utf-8-sig" if first.startswith(codecs.BOM_UTF8) else "utf-8"
    return western


def _signature(first: bytes) -> str:
    return next((what for mark, what in SIGNATURES.items() if first.startswith(mark)), "")


def _decodes(decoder: codecs.IncrementalDecoder, chunk: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class Column:
    """A column we read: our key and the spellings of its heading (patterns, in any case)."""

    key: str
    spellings: tuple[str, ...]
    required: bool = True

    def means(self, heading: str) -> bool:
        return any(re.fullmatch(spelling, heading, re.IGNORECASE) for spelling in self.spellings)

    def __str__(self) -> str:
        plain = [name.replace(r"\d\d", "24").replace("\\", "") for name in self.spellings]
        first, *others = plain
        return f"{first} (or {', '.join(others)})" if others else first


class Table:
    """A CSV file by its header. Raises Refused when a required column is missing or there twice."""

    def __init__(self, file: TextFile, columns: Sequence[Column]) -> None:
        self.file = file
        with file.path.open("rb") as raw, self._text(raw) as stream:
            line = stream.readline(CHUNK)
        headings = {mark: self._split(line, mark) for mark in ",;\t"}
        self.delimiter = max(headings, key=lambda mark: len(headings[mark]))
        self.headings = headings[self.delimiter]
        self.places = {column.key: self._place(column) for column in columns}
        missing = [str(c) for c in columns if c.required and self.places[c.key] is None]
        if missing:
            raise Refused(
                f"{file.path.name} has no column {'; '.join(missing)}. "
                f"Its first line has: {self._found()}. Bring the file with its original headings."
            )

    def has(self, key: str) -> bool:
        return self.places.get(key) is not None

    def rows(self, report: Report) -> Iterator[tuple[int, dict[str, str]]]:
        """Line number and stripped cells by key; rows that are no rows go to the report."""
        places = [(key, place) for key, place in self.places.items() if place is not None]
        width = len(self.headings)
        for line, cells in self._cells(report):
            if len(cells) < width or any(cells[width:]):
                what = f"The row has {len(cells)} cells and the header {width}."
                report.reject(line, [Fault("", what, "Check commas and quotation marks.")])
                continue
            yield line, {key: cells[place].strip() for key, place in places}

    def _cells(self, report: Report) -> Iterator[tuple[int, list[str]]]:
        with self.file.path.open("rb") as raw, self._text(raw) as stream:
            reader = csv.reader(stream, delimiter=self.delimiter, strict=True)
            next(reader)
            while True:
                line = reader.line_num + 1
                try:
                    cells = next(reader)
                except StopIteration:
                    return
                except csv.Error as error:
                    what = f"The row cannot be read ({error})."
                    report.reject(line, [Fault("", what, "Check its quotation marks.")])
                    continue
                report.tick(raw.tell() / self.file.size)
                if any(cells):
                    yield line, cells

    def _text(self, raw: IO[bytes]) -> io.TextIOWrapper:
        return io.TextIOWrapper(raw, encoding=self.file.encoding, newline="")

    @staticmethod
    def _split(line: str, delimiter: str) -> list[str]:
        try:
            return [cell.strip() for cell in next(csv.reader([line], delimiter=delimiter), [])]
        except csv.Error:
            return []

    def _place(self, column: Column) -> int | None:
        """Where the column is; earlier spellings win, one spelling twice is refused."""
        for spelling in column.spellings:
            only = Column(column.key, (spelling,))
            found = [i for i, heading in enumerate(self.headings) if only.means(heading)]
            if len(found) > 1:
                raise Refused(
                    f"{self.file.path.name} has the column {shown(self.headings[found[0]])} "
                    "twice: remove one."
                )
            if found:
                return found[0]
        return None

    def _found(self, limit: int = 12) -> str:
        names = ", ".join(shown(name) for name in self.headings[:limit])
        more = len(self.headings) - limit
        return f"{names} and {more} more" if more > 0 else names or "nothing"


class ImportCommand(BaseCommand):
    """A file into the database, all in one transaction: what a subclass's `load` makes of it."""

    requires_system_checks: list[str] = []
    limit_mb = LIMIT_MB

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, metavar="FILE")
        parser.add_argument(
            "--dry-run", action="store_true", help="Check everything, write nothing."
        )
        parser.add_argument(
            "--limit-mb",
            type=int,
            default=self.limit_mb,
            help="Refuse a larger file (%(default)s).",
        )

    def examine(self, path: Path, *, limit_mb: int) -> TextFile:
        """Look the file through before anything is believed; other formats have other ways."""
        return inspect(path, limit_mb=limit_mb)

    def load(self, file: TextFile, report: Report, **options: Any) -> None:
        raise NotImplementedError

    def handle(self, *, path: Path, dry_run: bool, limit_mb: int, **options: Any) -> None:
        name = type(self).__module__.rpartition(".")[2]
        with Report(name, dry_run=dry_run, out=self.stdout, err=self.stderr) as report:
            try:
                file = self.examine(path, limit_mb=limit_mb)
                report.note(file.note)
                with transaction.atomic():
                    self.load(file, report, **options)
                    transaction.set_rollback(dry_run)
            except Refused as refusal:
                raise CommandError(f"{refusal} Nothing was written.") from None
            except DatabaseError as error:
                what = str(error).splitlines()[0]
                raise CommandError(f"The database refused it: {what}. Nothing written.") from error
            report.summary()
        if report.rejected:
            raise CommandError(f"{report.rejected:,} rows were not taken: see {report.file}.")
