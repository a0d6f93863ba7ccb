"""The task list of a draft: which sections are done, which may be opened, which cannot start
yet."""

from typing import Any

from django.urls import reverse

from .choices import SectionCode
from .models import Referral


def tasks(referral: Referral) -> list[dict[str, Any]]:
    """Rows for the task-list component, in order."""
    rows: list[dict[str, Any]] = []
    can_start = True
    for code in SectionCode:
        done = code in referral.sections_done
        rows.append(
            {
                "label": code.label,
                "url": reverse("referrals:section", args=[referral.reference, code])
                if done or can_start
                else "",
                "status": "Done" if done else "Not started" if can_start else "Cannot start yet",
                "tone": "" if done else "info" if can_start else "",
            }
        )
        can_start = can_start and done
    return rows
