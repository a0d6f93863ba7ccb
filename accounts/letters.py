"""What accounts writes to people: a link or a fact about their own account, never about a case."""

from dataclasses import dataclass

from django.conf import settings
from django.core.mail import EmailMessage


@dataclass(frozen=True)
class Letter:
    """`text` may use {link} and nothing else."""

    subject: str
    text: str


SIGN_OFF = "\nIf you did not expect this, tell your administrator.\n"

INVITATION = Letter(
    "You have been invited to Waymark",
    "You have been invited to use Waymark, which carries young people from a referral to a place "
    "that lasts.\n\nOpen this link to choose a password. It works once, for seven days:\n\n"
    "{link}\n" + SIGN_OFF,
)
RESET = Letter(
    "Choose a new Waymark password",
    "Somebody asked for a new password for your Waymark account.\n\n"
    "Open this link to choose one. It works once, for an hour:\n\n{link}\n\n"
    "If it was not you, do nothing: your password stays as it is.\n",
)
NEW_EMAIL = Letter(
    "Confirm your new email address for Waymark",
    "Sign in to Waymark as before, then open this link to use this address from now on:\n\n"
    "{link}\n" + SIGN_OFF,
)
NOTICES = {
    "new_role": Letter(
        "You have a new role in Waymark",
        "You have been given another role. Sign in to see it:\n\n{link}\n" + SIGN_OFF,
    ),
    "asked_elsewhere": Letter(
        "An organisation would like you to work with it in Waymark",
        "Another organisation has invited you to a role in Waymark. You have an account already: "
        "only an administrator of the unit can add it. If you want it, forward this letter to "
        "them and say which organisation it is.\n" + SIGN_OFF,
    ),
    "password_changed": Letter(
        "Your Waymark password was changed",
        "The password of your Waymark account has just been changed.\n" + SIGN_OFF,
    ),
    "new_email_asked": Letter(
        "Another email address for your Waymark account",
        "Somebody signed in to your Waymark account has asked to sign in with another address from "
        "now on.\n" + SIGN_OFF,
    ),
    "email_changed": Letter(
        "Your Waymark email address was changed",
        "From now on this address signs in to your Waymark account.\n" + SIGN_OFF,
    ),
    "second_factor_reset": Letter(
        "Your Waymark sign-in was reset",
        "Your phone and recovery codes no longer open your Waymark account. When you next sign in "
        "you will be asked to set up your phone again:\n\n{link}\n" + SIGN_OFF,
    ),
    "recovery_code_used": Letter(
        "A recovery code was used to sign in to Waymark",
        "Somebody has just signed in to your Waymark account with a recovery code instead of a "
        "phone.\n" + SIGN_OFF,
    ),
}


class NotSent(Exception):
    """The mail server did not take it. Says what kind of fault it was, never to whom."""


def send(letter: Letter, *, to: str, path: str = "/sign-in/") -> None:
    """Raises NotSent."""
    deliver(letter.subject, letter.text.format(link=link_to(path)), to=to)


def link_to(path: str) -> str:
    """With the address in the settings, never the host that a visitor asked for."""
    return f"{settings.BASE_URL.rstrip('/')}{path}"


def deliver(subject: str, text: str, *, to: str) -> None:
    """Raises NotSent."""
    try:
        EmailMessage(subject, text, to=[to]).send()
    except OSError as error:  # SMTPException is one; its text quotes the address
        raise NotSent(type(error).__name__) from None
