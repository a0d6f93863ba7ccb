"""Letters about referrals and concerns: a reference and a link, nothing else (casework reference
§13)."""

from casework.letters import Letter


def _letter(what: str, next_step: str) -> Letter:
    return Letter("{reference}: " + what, f"{next_step}\n\nSign in to see it:\n{{link}}\n")


LETTERS = {
    "referral.send": _letter("received", "A referral has been received and waits to be read."),
    "referral.accept": _letter("accepted", "Your referral was accepted. We look for a worker now."),
    "referral.wait": _letter("on the waiting list", "Your referral was accepted and has to wait."),
    "referral.keep_waiting": _letter(
        "still on the waiting list", "We looked again: it has to wait longer. We say how it stands."
    ),
    "referral.ask": _letter(
        "we have a question", "Before we can decide we need an answer from you."
    ),
    "referral.answer": _letter("your question is answered", "The referrer has answered."),
    "referral.decline": _letter("not accepted", "We could not accept your referral. We say why."),
    "referral.redirect": _letter("passed on", "Another service fits better. We say which."),
    "referral.withdraw": _letter("withdrawn", "A referral was withdrawn."),
    "referral.allocate": _letter("please take this on", "You are asked to work with somebody."),
    "referral.take_on": _letter("support starts", "A worker has taken this on."),
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
    "concern.reminder": _letter("due soon", "A concern is waiting for you and is due soon."),
    "concern.late": _letter("late", "A concern is late. Open it now."),
}
