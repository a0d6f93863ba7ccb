"""The task list of a draft: which sections are done, which may be opened, which cannot start
yet."""

from typing import Any

from django.urls import reverse

from .choices import SectionCode
from .models import Referral


def tasks(referral: Referral) -> list[dict[str, Any]]:
    """Rows for the task-list component, in order; the last is to check and send."""
    rows: list[dict[str, Any]] = []
    can_start = True
    for code in SectionCode:
        done = code in referral.sections_done
        url = reverse("referrals:section", args=[referral.reference, code])
        rows.append(_row(code.label, url, done, can_start))
        can_start = can_start and done
    check_url = reverse("referrals:check", args=[referral.reference])
    return [*rows, _row("Check and send", check_url, False, can_start and not referral.is_stopped)]


def _row(label: str, url: str, done: bool, can_start: bool) -> dict[str, Any]:
    if done:
        return {"label": label, "url": url, "status": "Done", "tone": ""}
    if can_start:
        return {"label": label, "url": url, "status": "Not started", "tone": "info"}
    return {"label": label, "url": "", "status": "Cannot start yet", "tone": ""}
