from .advisers import ask_adviser, follow, is_still_placed, let_all_go
from .checks import answer_check, correct_check, end_breaks, lost_checks
from .opportunities import save_opportunity
from .placements import (
    apply,
    begin,
    go_on,
    hold_place,
    keep_going,
    part,
    settle,
    settle_after_contact,
)
from .statuses import flag_lapsed, keep_contact, record_status

__all__ = [
    "answer_check",
    "apply",
    "ask_adviser",
    "begin",
    "correct_check",
    "end_breaks",
    "flag_lapsed",
    "follow",
    "go_on",
    "hold_place",
    "is_still_placed",
    "keep_contact",
    "keep_going",
    "let_all_go",
    "lost_checks",
    "part",
    "record_status",
    "save_opportunity",
    "settle",
    "settle_after_contact",
]
