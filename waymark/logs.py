"""Lines of the log without what people typed: routes and codes instead of paths, the class and the
place of an error instead of its words (a path may hold a reference or a token, and PostgreSQL says
the values of the row that it refused)."""

import copy
import logging
import re
import traceback
from pathlib import Path
from typing import Any

BASE = Path(__file__).resolve().parent.parent
_OF_REQUESTS = ("django.request", "django.security")
_OF_THE_QUEUE = "django-q"  # puts the whole traceback of a task that failed into its message
_FRAME = re.compile(r'File "([^"]+)", line (\d+)')


class Line(logging.Formatter):
    """A formatter and no filter: what other handlers make of the same record stays as it is."""

    def format(self, record: logging.LogRecord) -> str:
        record = copy.copy(record)
        record.exc_text = None  # another formatter's, in full
        if record.name.startswith(_OF_REQUESTS):
            record.msg, record.args = _request(record), None
        elif record.name == _OF_THE_QUEUE:
            record.msg, record.args = _task(record.getMessage()), None
        return super().format(record)

    def formatException(self, ei: Any) -> str:
        """`IntegrityError from UniqueViolation at …/cursor.py:97 < accounts/models/people.py:73`:
        the classes, the place, and the lines of ours that led there, the last first."""
        error = ei[1]
        names = [type(error).__name__]
        while error := error.__cause__ or error.__context__:
            names.append(type(error).__name__)
        frames = [(frame.filename, frame.lineno or 0) for frame in traceback.extract_tb(ei[2])]
        return f"{' from '.join(names)}{_places(frames)}"


def _request(record: logging.LogRecord) -> str:
    request = getattr(record, "request", None)
    match = getattr(request, "resolver_match", None)
    route = (match and match.view_name) or "-"
    method = getattr(request, "method", None) or "-"
    return f"status={getattr(record, 'status_code', '-')} method={method} route={route}"


def _task(message: str) -> str:
    frames = [(file, int(line)) for file, line in _FRAME.findall(message)]
    return message.partition(" - ")[0].partition("\n")[0] + _places(frames)


def _places(frames: list[tuple[str, int]]) -> str:
    """Where it broke, then the lines of ours on the way, the innermost first."""
    ours = [frame for frame in frames if "site-packages" not in frame[0]]
    shown = list(dict.fromkeys([*frames[-1:], *ours[::-1]]))
    return f" at {' < '.join(_place(*frame) for frame in shown)}" if shown else ""


def _place(file: str, line: int) -> str:
    path = Path(file)
    return f"{path.relative_to(BASE) if path.is_relative_to(BASE) else path}:{line}"
