from .apart import end_keep_apart, keep_apart
from .lapsing import remind_of_lapses, suspend_lapsed
from .matching import (
    adviser_of,
    ask_both,
    begin_ending,
    check_again,
    end_for_referral,
    give_back,
    mentor_agrees,
    pause_with_referral,
    resume_referral,
    settle_if_both_agree,
)
from .pace import begin_sessions, keep_contact, owe_meeting, owe_session
from .proposing import agree_to_take_part, propose_mentor, shortlist, why_not_now
from .register import enquire, keep_check, save_entry
from .sessions import (
    Report,
    Worry,
    concern_key,
    correct_session,
    misses_in_a_row,
    plan_session,
    record_session,
)

__all__ = [
    "Report",
    "Worry",
    "adviser_of",
    "agree_to_take_part",
    "ask_both",
    "begin_ending",
    "begin_sessions",
    "check_again",
    "concern_key",
    "correct_session",
    "end_for_referral",
    "end_keep_apart",
    "enquire",
    "give_back",
    "keep_apart",
    "keep_check",
    "keep_contact",
    "mentor_agrees",
    "misses_in_a_row",
    "owe_meeting",
    "owe_session",
    "pause_with_referral",
    "plan_session",
    "propose_mentor",
    "record_session",
    "remind_of_lapses",
    "resume_referral",
    "save_entry",
    "settle_if_both_agree",
    "shortlist",
    "suspend_lapsed",
    "why_not_now",
]
