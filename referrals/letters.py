"""Letters about referrals and concerns: a reference and a link, nothing else (casework reference
§13)."""

from casework.letters import Category as C
from casework.letters import compose as _letter

LETTERS = {
    "referral.receipt": _letter(
        "we have your referral",
        "Thank you. A coordinator reads it next. You can follow it here.",
        C.RECEIPT,
    ),
    "referral.send": _letter("received", "A referral has been received and waits to be read."),
    "referral.accept": _letter(
        "accepted", "Your referral was accepted. We look for a worker now.", C.DECISION
    ),
    "referral.wait": _letter(
        "on the waiting list", "Your referral was accepted and has to wait.", C.DECISION
    ),
    "referral.keep_waiting": _letter(
        "still on the waiting list",
        "We looked again: it has to wait longer. We say how it stands.",
        C.DECISION,
    ),
    "referral.offer_place": _letter(
        "a place is free", "A place is free now. We look for a worker.", C.DECISION
    ),
    "referral.back_to_waiting": _letter(
        "back on the waiting list", "It has to wait for a place again.", C.DECISION
    ),
    "referral.ask": _letter(
        "we have a question", "Before we can decide we need an answer from you."
    ),
    "referral.answer": _letter("your question is answered", "The referrer has answered."),
    "referral.stop_asking": _letter(
        "no answer is needed any more", "We go on without an answer to our question.", C.DECISION
    ),
    "referral.decline": _letter(
        "not accepted", "We could not accept your referral. We say why.", C.DECISION
    ),
    "referral.redirect": _letter(
        "passed on", "Another service fits better. We say which.", C.DECISION
    ),
    "referral.withdraw": _letter("withdrawn", "A referral was withdrawn.", C.DECISION),
    "referral.allocate": _letter("please take this on", "You are asked to work with somebody."),
    "referral.take_on": _letter("support starts", "A worker has taken this on.", C.PROGRESS),
    "referral.turn_down": _letter(
        "somebody else is needed", "Whoever was asked cannot take it on. Ask somebody else."
    ),
    "referral.seek_again": _letter(
        "another worker is needed", "Their worker has ended. Find them somebody else."
    ),
    "referral.pause": _letter(
        "paused", "Support is paused. A day to look at it again is set.", C.PROGRESS
    ),
    "referral.pause_longer": _letter(
        "paused for longer", "Support stays paused. There is a new day to look at it.", C.PROGRESS
    ),
    "referral.resume": _letter("support goes on", "Support goes on after a break.", C.PROGRESS),
    "referral.start_closing": _letter(
        "the ending begins", "Support comes to its end. An end report follows.", C.PROGRESS
    ),
    "referral.write_report": _letter(
        "an end report is written", "A coordinator who did not write it approves it next."
    ),
    "referral.return_report": _letter(
        "the end report is yours again", "It should be better before it is approved. We say how."
    ),
    "referral.send_back": _letter("support goes on", "It does not end after all.", C.PROGRESS),
    "referral.approve_end": _letter(
        "ended", "The end report is approved, and support has ended.", C.PROGRESS
    ),
    "referral.close_early": _letter("closed", "It was closed before support began.", C.DECISION),
    "referral.reopen": _letter("open again", "It is open again. We look for a worker.", C.DECISION),
    "referral.hand_over": _letter("this is yours now", "A referral was handed to you.", C.ACCESS),
    "referral.hold": _letter(
        "held", "A referral is held until a safeguarding lead has decided.", C.SAFEGUARDING
    ),
    "referral.release": _letter("released", "A held referral may go on.", C.SAFEGUARDING),
    "referral.let_go": _letter(
        "you can go on", "A safeguarding lead has looked at your referral.", C.SAFEGUARDING
    ),
    "referral.reminder": _letter(
        "due soon", "Something is waiting for you and is due soon.", C.REMINDER
    ),
    "referral.late": _letter("late", "Something is late and needs somebody to act.", C.LATE),
    "concern.open": _letter(
        "a concern", "A concern was raised and waits for a lead to read it.", C.SAFEGUARDING
    ),
    "concern.acknowledge": _letter(
        "received", "A safeguarding lead has read your concern.", C.SAFEGUARDING
    ),
    "concern.stopped_again": _letter(
        "danger was said again",
        "A referral that you had let go on is stopped again. Open it now.",
        C.SAFEGUARDING,
    ),
    "concern.hand_over": _letter(
        "this is yours now", "A concern was handed to you. Open it now.", C.SAFEGUARDING
    ),
    "concern.reminder": _letter(
        "due soon", "A concern is waiting for you and is due soon.", C.SAFEGUARDING
    ),
    "concern.late": _letter("late", "A concern is late. Open it now.", C.SAFEGUARDING),
}
