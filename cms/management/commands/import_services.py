import re
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils.text import slugify

from accounts.import_report import Report
from accounts.importing import ImportCommand, TextFile
from cms.directory import dumps
from cms.directory.importing import ServiceImport, read_source


class Command(ImportCommand):
    help = "Take services from an Open Referral UK 3.0 dump, as drafts unless --publish is given."
    limit_mb = dumps.LIMIT_MB

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--source", default="", help="Whose directory it is; the name of the file if not given."
        )
        parser.add_argument(
            "--publish", action="store_true", help="Show them to the public without a review."
        )

    def examine(self, path: Path, *, limit_mb: int) -> TextFile:
        return dumps.examine(path, limit_mb=limit_mb)

    def load(
        self,
        file: TextFile,
        report: Report,
        *,
        source: str = "",
        publish: bool = False,
        **options: Any,
    ) -> None:
        name = re.sub(r"\s+", " ", source).strip()[:200] or file.path.stem
        rows = dumps.records(file)
        code = slugify(name)[:60] or "unnamed"
        run = ServiceImport(read_source(code=code, name=name), report, publish=publish)
        for number, record in enumerate(rows, 1):
            run.take(number, record)
            report.tick(number / len(rows))
        for why, count in run.reading.left_out.most_common():
            report.note(f"{count:,} values left out: {why}.")
        for field, count in run.held.most_common():
            report.note(f"{count:,} times {field} was kept as it was edited here.")
        if not publish and report.added:
            report.note("New services are drafts: review and publish them in the editor.")
