"""What django-q2 calls. Each may run twice; none holds a rule."""

from . import services


def watch_checks() -> dict[str, int]:
    """Suspend mentors whose mandatory checks have run out; tell of those that soon will."""
    return {"suspended": services.suspend_lapsed(), "reminded": services.remind_of_lapses()}
