import logging
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def quiet() -> Iterator[None]:
    """Without a line in the log for each invented person."""
    log = logging.getLogger("waymark.access")
    before, log.disabled = log.disabled, True
    try:
        yield
    finally:
        log.disabled = before
