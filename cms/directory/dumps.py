"""Reading a dump of Open Referral UK, 3.0 or 1.0: one JSON document, or one record on each line.

A dump is held in memory while it is read, so the limit is small; a larger file is refused by its
size before a byte of it is read.
"""

import json
from pathlib import Path
from typing import Any

from accounts.import_report import shown
from accounts.importing import SIGNATURES, Refused, TextFile, measure

from . import legacy

LIMIT_MB = 20
BRING = "bring the services of an Open Referral UK 3.0 feed as JSON"


def examine(path: Path, *, limit_mb: int = LIMIT_MB) -> TextFile:
    """Raises Refused for what cannot be a dump. JSON is UTF-8 by its own standard."""
    size = measure(path, limit_mb=limit_mb)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise Refused(f"{path} cannot be read ({error.strerror}): check its permissions.") from None
    for mark, what in SIGNATURES.items():
        if content.startswith(mark):
            raise Refused(f"{path.name} {what.partition(':')[0]}: {BRING}.")
    if b"\0" in content:
        raise Refused(f"{path.name} is not text: {BRING}.")
    try:
        content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused(
            f"{path.name} is not UTF-8 (byte {error.start:,}): JSON must be, so save it as UTF-8."
        ) from None
    return TextFile(path, size, "utf-8-sig")


def records(file: TextFile) -> list[Any]:
    """The records of a dump as they are, not yet believed. Raises Refused for another shape."""
    content = file.path.read_text(encoding=file.encoding)
    document = _document(content, file.path.name)
    if isinstance(document, dict):
        is_record = {"id", "name"} <= document.keys()
        is_old = "totalElements" in document
        rows = document.get("contents", document.get("content"))
        document = [document] if is_record else rows
        if is_old and isinstance(document, list):
            document = [legacy.modern(row) for row in document]
    if not isinstance(document, list):
        raise Refused(f"{file.path.name} holds no list of services and no “contents”: {BRING}.")
    if not document:
        raise Refused(f"{file.path.name} holds an empty list: download or export it again.")
    return document


def _document(content: str, name: str) -> Any:
    try:
        return json.loads(content, parse_constant=_refuse_constant)
    except RecursionError:
        raise Refused(f"{name} is nested too deeply: {BRING}.") from None
    except ValueError as error:
        lines = _lines(content)
        if lines is not None:
            return lines
        where = f"line {error.lineno}" if isinstance(error, json.JSONDecodeError) else "a number"
        start = shown(content.lstrip()[:20])
        raise Refused(f"{name} is not JSON ({where}; it begins with {start}): {BRING}.") from None


def _lines(content: str) -> list[Any] | None:
    """One record on each line, which is what feeds stream as ndjson; None if it is not that."""
    rows = []
    for line in content.splitlines():
        if line.strip():
            try:
                rows.append(json.loads(line, parse_constant=_refuse_constant))
            except (ValueError, RecursionError):
                return None
    return rows if len(rows) > 1 else None


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is not a number that JSON knows")
