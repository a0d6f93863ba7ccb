"""What django-q2 calls. Each may run twice; none holds a rule."""

from django.conf import settings

from . import chain, checks, escalation, outbox


def relay() -> int:
    # The queue kills what takes longer than its timeout; a mail server that does not answer takes
    # EMAIL_TIMEOUT at each of its addresses, and that may be the last letter begun.
    return outbox.relay(within=settings.Q_CLUSTER["timeout"] / 4)


def sweep_clocks() -> dict[str, int]:
    return escalation.sweep()


def seal_events() -> int:
    return chain.seal()


def check_nobody_lost() -> int:
    return checks.report()
