"""What django-q2 calls. Each may run twice; none holds a rule."""

from . import chain, checks, escalation, outbox


def relay() -> int:
    return outbox.relay()


def sweep_clocks() -> dict[str, int]:
    return escalation.sweep()


def seal_events() -> int:
    return chain.seal()


def check_nobody_lost() -> int:
    return checks.report()
