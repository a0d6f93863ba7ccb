"""What django-q2 calls. Each may run twice; none holds a rule."""

from . import track_records


def keep_track_records() -> int:
    return track_records.keep()
