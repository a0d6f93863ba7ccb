"""Letters about placements: a reference and a link, nothing else (casework reference §13)."""

from casework.letters import Category as C
from casework.letters import compose as _letter

LETTERS = {
    "placement.open": _letter("applied for", "Somebody applied for a place, and it is yours."),
    "placement.start": _letter("started", "Somebody has started in a place.", C.PROGRESS),
    "placement.fall_through": _letter(
        "did not start", "A place that was agreed did not begin.", C.PROGRESS
    ),
    "placement.complete": _letter(
        "completed", "Somebody has completed what they began.", C.PROGRESS
    ),
    "placement.leave": _letter("has left", "Somebody has left a place. Speak with them soon."),
    "placement.move_on": _letter("moved on", "Somebody has gone on to another place.", C.PROGRESS),
    "placement.break_checks": _letter(
        "the place did not last", "28 days have passed since they left. They need a new plan."
    ),
    "placement.hand_over": _letter("this is yours now", "A placement was handed to you.", C.ACCESS),
    "placement.reminder": _letter("due soon", "A placement or a check needs you soon.", C.REMINDER),
    "placement.late": _letter(
        "late", "A placement or a check is late and needs somebody to act.", C.LATE
    ),
    "referral.ask_adviser": _letter(
        "please help", "You are asked to help somebody into education, training or work."
    ),
    "referral.hand_over_adviser": _letter(
        "this is yours now",
        "You help somebody into education, training or work from now on.",
        C.ACCESS,
    ),
    "referral.status_lapsed": _letter(
        "please confirm", "What we know of their education, training or work is no longer current."
    ),
}
# What the notes of this app did, as the end of a sentence that begins with a name.
NOTES = {
    "placement.open": "applied for this place",
    "ask_adviser": "asked a pathway adviser to help too",
    "hand_over_adviser": "handed the work of their pathway adviser to somebody else",
    "record_status": "recorded what they do",
    "apply": "applied for a place with them",
    "work_on_placement": "worked on a placement",
    "answer_check": "answered a check",
    "correct_check": "corrected the answer to a check",
    "break_checks": "closed the checks that were left: the break was over 28 days",
}
