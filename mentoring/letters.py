"""Letters about the register and matches: a reference and a link, nothing else (casework reference
§13)."""

from casework.letters import Category as C
from casework.letters import compose as _letter

LETTERS = {
    "match.approve": _letter("we would like to ask you", "You are asked to mentor somebody."),
    "match.accept": _letter("the mentor said yes", "A mentor has said yes.", C.PROGRESS),
    "match.settle": _letter(
        "both said yes", "Both have said yes. Next they meet for the first time.", C.PROGRESS
    ),
    "match.decline": _letter("a match did not begin", "One of the two has said no."),
    "match.expire": _letter("no answer in time", "We asked, and had no answer in time."),
    "match.withdraw": _letter("taken back", "A match was taken back.", C.PROGRESS),
    "match.introduce": _letter("they have met", "The first meeting was held.", C.PROGRESS),
    "match.activate": _letter(
        "it begins", "The match begins. Write down each session on its day.", C.PROGRESS
    ),
    "match.pause": _letter("paused", "A match is paused.", C.PROGRESS),
    "match.pause_longer": _letter("paused for longer", "A match stays paused.", C.PROGRESS),
    "match.resume": _letter("it goes on", "A match goes on after a break.", C.PROGRESS),
    "match.start_closing": _letter(
        "the ending begins", "The ending of a match has begun.", C.PROGRESS
    ),
    "match.go_on": _letter("it goes on", "A match goes on after all.", C.PROGRESS),
    "match.close": _letter("ended", "A match has ended. Thank you for your work.", C.PROGRESS),
    "match.end_now": _letter(
        "ended", "A match was ended at once. We will be in touch.", C.SAFEGUARDING
    ),
    "match.hand_over": _letter("this is yours now", "A match was handed to you.", C.ACCESS),
    "match.two_misses": _letter("two missed sessions", "Two sessions in a row were missed."),
    "match.reminder": _letter("due soon", "Something about a match is due soon.", C.REMINDER),
    "match.late": _letter(
        "late", "Something about a match is late and needs somebody to act.", C.LATE
    ),
    "referral.hard_to_reach": _letter(
        "we are finding it hard to reach them",
        "Two sessions in a row were missed. If you know more, please tell us.",
    ),
    "referral.look_after_them": _letter(
        "please ask how they are",
        "Two sessions in a row were missed. Ask a coordinator today whether they are well.",
        C.SAFEGUARDING,
    ),
    "mentor.complete": _letter(
        "welcome", "You are in the register and may be matched now.", C.ACCESS
    ),
    "mentor.go_on_leave": _letter("on a break", "A mentor takes a break.", C.PROGRESS),
    "mentor.come_back": _letter(
        "back from a break", "A mentor is back and may be proposed again.", C.PROGRESS
    ),
    "mentor.lapse": _letter("not renewed", "The papers were not enough to renew them. We say why."),
    "mentor.leave": _letter("has left", "A mentor has left the register.", C.PROGRESS),
    "mentor.hand_over": _letter(
        "this is yours now", "A mentor was handed to you to look after.", C.ACCESS
    ),
    "mentor.suspend": _letter(
        "suspended",
        "A mentor is suspended. No new match is made until this is settled.",
        C.SAFEGUARDING,
    ),
    "mentor.reinstate": _letter("suspension lifted", "A suspension was lifted.", C.ACCESS),
    "mentor.renew": _letter("renewed", "Your papers were looked at and are in date.", C.PROGRESS),
    "mentor.hand_in": _letter("papers are in", "A mentor has handed in new papers to look at."),
    "mentor.check_runs_out": _letter(
        "a check runs out soon", "A check that mentoring needs runs out soon. Renew it in time."
    ),
    "mentor.reminder": _letter("due soon", "Something about a mentor is due soon.", C.REMINDER),
    "mentor.late": _letter(
        "late", "Something about a mentor is late and needs somebody to act.", C.LATE
    ),
}
