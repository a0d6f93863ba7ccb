import re
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils.text import slugify

from accounts.import_report import Report
from accounts.importing import ImportCommand, Refused, TextFile, inspect
from cms.directory import dumps, noting, spreadsheets
from cms.directory.importing import ServiceImport, read_source

TABLES = {".csv", ".tsv", ".txt"}


class Command(ImportCommand):
    help = (
        "Take services from an Open Referral UK 3.0 or 1.0 dump or a CSV file, as drafts unless "
        "--publish is given."
    )
    limit_mb = dumps.LIMIT_MB

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--source", default="", help="Whose directory it is; the name of the file if not given."
        )
        parser.add_argument(
            "--publish", action="store_true", help="Show them to the public without a review."
        )

        parser.add_argument(
            "--columns",
            type=Path,
            help='For a CSV file with other headings: lines such as name = "Their heading".',
        )

    def examine(self, path: Path, *, limit_mb: int) -> TextFile:
        if path.suffix.lower() in TABLES:
            return inspect(path, limit_mb=limit_mb)
        return dumps.examine(path, limit_mb=limit_mb)

    def load(
        self,
        file: TextFile,
        report: Report,
        *,
        source: str = "",
        publish: bool = False,
        columns: Path | None = None,
        **options: Any,
    ) -> None:
        name = re.sub(r"\s+", " ", source).strip()[:200] or file.path.stem
        rows = self._records(file, report, columns)
        code = slugify(name)[:60] or "unnamed"
        run = ServiceImport(read_source(code=code, name=name), report, publish=publish)
        for done, (number, record) in enumerate(rows.items(), 1):
            run.take(number, record)
            report.tick(done / len(rows))
        for change in run.changes:
            report.note(noting.line(change))
        if report.changed > len(run.changes):
            report.note("… further changes are not named.")
        for why, count in run.reading.left_out.most_common():
            report.note(f"{count:,} values left out: {why}.")
        for field, count in run.held.most_common():
            report.note(f"{count:,} times {field} was kept as it was edited here.")
        if not publish and report.added:
            report.note("New services are drafts: review and publish them in the editor.")

    def _records(self, file: TextFile, report: Report, columns: Path | None) -> dict[int, Any]:
        """By their number in the file, or the line of it."""
        if file.path.suffix.lower() in TABLES:
            return spreadsheets.records(file, spreadsheets.columns(columns), report)
        if columns:
            raise Refused("A map of columns is for a CSV file.")
        return dict(enumerate(dumps.records(file), 1))
