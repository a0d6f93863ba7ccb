from accounts import readiness


def is_set_up() -> list[str]:
    """What is still missing before referrals may come in, in sentences; nothing when ready."""
    return readiness.missing()
