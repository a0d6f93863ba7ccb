"""What django-q2 calls. Each may run twice; none holds a rule."""

from . import releases, track_records


def keep_track_records() -> int:
    return track_records.keep()


def release_figures() -> int:
    return releases.make()
