from .concerns import (
    keep_actions,
    name_concerns,
    open_danger_concern,
    raise_concern,
    tick_off,
)
from .contacts import write_contact
from .drafts import delete_draft, expire_drafts, place, save_sections, start, unfinished
from .ending import end_with_report, report_of, report_shown, to_better
from .people import compare, likely_same, undecided, verdicts
from .working import (
    answer,
    ask,
    assign,
    begin_work,
    end_assignments,
    note_unmet_need,
    release,
    stop_asking,
    unassign,
)

__all__ = [
    "answer",
    "ask",
    "assign",
    "begin_work",
    "compare",
    "delete_draft",
    "end_assignments",
    "end_with_report",
    "expire_drafts",
    "keep_actions",
    "likely_same",
    "name_concerns",
    "note_unmet_need",
    "open_danger_concern",
    "place",
    "raise_concern",
    "release",
    "report_of",
    "report_shown",
    "save_sections",
    "start",
    "stop_asking",
    "tick_off",
    "to_better",
    "unassign",
    "undecided",
    "unfinished",
    "verdicts",
    "write_contact",
]
