"""What django-q2 calls. Each may run twice; none holds a rule."""

from . import services


def flag_lapsed() -> int:
    return services.flag_lapsed()


def end_breaks() -> dict[str, int]:
    return services.end_breaks()


def let_advisers_go() -> int:
    return services.let_all_go()
