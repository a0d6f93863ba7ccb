"""Letters about referrals and concerns: a reference and a link, nothing else (casework reference
§13)."""

from casework.letters import Letter


def _letter(what: str, next_step: str) -> Letter:
    return Letter("{reference}: " + what, f"{next_step}\n\nSign in to see it:\n{{link}}\n")


LETTERS = {
    "referral.receipt": _letter(
        "we have your referral", "Thank you. A coordinator reads it next. You can follow it here."
    ),
    "referral.send": _letter("received", "A referral has been received and waits to be read."),
    "referral.accept": _letter("accepted", "Your referral was accepted. We look for a worker now."),
    "referral.wait": _letter("on the waiting list", "Your referral was accepted and has to wait."),
    "referral.keep_waiting": _letter(
        "still on the waiting list", "We looked again: it has to wait longer. We say how it stands."
    ),
    "referral.offer_place": _letter(
        "a place is free", "A place is free now. We look for a worker."
    ),
    "referral.back_to_waiting": _letter(
        "back on the waiting list", "It has to wait for a place again."
    ),
    "referral.ask": _letter(
        "we have a question", "Before we can decide we need an answer from you."
    ),
    "referral.answer": _letter("your question is answered", "The referrer has answered."),
    "referral.stop_asking": _letter(
        "no answer is needed any more", "We go on without an answer to our question."
    ),
    "referral.decline": _letter("not accepted", "We could not accept your referral. We say why."),
    "referral.redirect": _letter("passed on", "Another service fits better. We say which."),
    "referral.withdraw": _letter("withdrawn", "A referral was withdrawn."),
    "referral.allocate": _letter("please take this on", "You are asked to work with somebody."),
    "referral.take_on": _letter("support starts", "A worker has taken this on."),
    "referral.turn_down": _letter(
        "somebody else is needed", "Whoever was asked cannot take it on. Ask somebody else."
    ),
    "referral.seek_again": _letter(
        "another worker is needed", "Their worker has ended. Find them somebody else."
    ),
    "referral.pause": _letter("paused", "Support is paused. A day to look at it again is set."),
    "referral.resume": _letter("support goes on", "Support goes on after a break."),
    "referral.start_closing": _letter(
        "the ending begins", "Support comes to its end. An end report follows."
    ),
    "referral.write_report": _letter(
        "an end report is written", "A coordinator who did not write it approves it next."
    ),
    "referral.return_report": _letter(
        "the end report is yours again", "It should be better before it is approved. We say how."
    ),
    "referral.send_back": _letter("support goes on", "It does not end after all."),
    "referral.approve_end": _letter("ended", "The end report is approved, and support has ended."),
    "referral.close_early": _letter("closed", "It was closed before support began."),
    "referral.reopen": _letter("open again", "It is open again. We look for a worker."),
    "referral.hand_over": _letter("this is yours now", "A referral was handed to you."),
    "referral.hold": _letter("held", "A referral is held until a safeguarding lead has decided."),
    "referral.release": _letter("released", "A held referral may go on."),
    "referral.let_go": _letter("you can go on", "A safeguarding lead has looked at your referral."),
    "referral.reminder": _letter("due soon", "Something is waiting for you and is due soon."),
    "referral.late": _letter("late", "Something is late and needs somebody to act."),
    "concern.open": _letter("a concern", "A concern was raised and waits for a lead to read it."),
    "concern.acknowledge": _letter("received", "A safeguarding lead has read your concern."),
    "concern.stopped_again": _letter(
        "danger was said again", "A referral that you had let go on is stopped again. Open it now."
    ),
    "concern.hand_over": _letter("this is yours now", "A concern was handed to you. Open it now."),
    "concern.reminder": _letter("due soon", "A concern is waiting for you and is due soon."),
    "concern.late": _letter("late", "A concern is late. Open it now."),
}
