"""The buttons of a case's page, from the moves that its reader may make."""

from dataclasses import dataclass

from django.urls import reverse

from accounts.models import User
from casework.models import Case
from casework.workflow import moves


@dataclass(frozen=True)
class Button:
    label: str
    url: str
    kind: str = ""


def buttons(case: Case, by: User, *, prefix: str = "") -> list[Button]:
    """One for each move that has a page of its own; at most the first is primary."""
    found = [move for move in moves(case, by) if not move.custom.get("hidden")]
    return [
        Button(
            move.custom["label"],
            reverse(f"referrals:{prefix}move", args=[case.reference, move.name]),
            "" if move.custom.get("primary") else "secondary",
        )
        for move in found
    ]
