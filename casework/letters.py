"""Letters: what a message says. Link, don't tell: a reference and a link, never a name or a
reason."""

from dataclasses import dataclass

from django.db.models import TextChoices


class Category(TextChoices):
    SAFEGUARDING = "safeguarding", "Safeguarding"
    ACCESS = "access", "What is handed to you, and what you may do"
    QUESTION = "question", "What you are asked to answer or to do"
    LATE = "late", "What is late"
    RECEIPT = "receipt", "Receipts for what you send"
    DECISION = "decision", "What was decided about a referral"
    PROGRESS = "progress", "How support goes on"
    REMINDER = "reminder", "What is due soon"


# Nobody can do without the first; a late case is told or it is lost.
ALWAYS = (Category.SAFEGUARDING, Category.ACCESS, Category.QUESTION, Category.LATE)
MAY_BE_UNWANTED = tuple(each for each in Category if each not in ALWAYS)


@dataclass(frozen=True)
class Letter:
    """`subject` and `text` may use {reference} and {link}, nothing else."""

    subject: str
    text: str
    category: Category = Category.QUESTION


def compose(what: str, next_step: str, category: Category = Category.QUESTION) -> Letter:
    """A letter as all about cases look: what it is about, a sentence, and where to see it."""
    text = f"{next_step}\n\nSign in to see it:\n{{link}}\n"
    return Letter("{reference}: " + what, text, category)


_letters: dict[str, Letter] = {}

PLAIN = Letter(
    "{reference}: something has changed",
    "Something has changed on {reference}, and you are one of those who should know.\n\n"
    "Sign in to see what it is and what happens next:\n{link}\n",
)


def register(letters: dict[str, Letter]) -> None:
    """Add an app's letters, keyed `kind.move`. Called once for each app as it starts."""
    _letters.update(letters)


def letter(key: str) -> Letter:
    return _letters.get(key, PLAIN)


def about(key: str) -> str:
    """What a letter is about, as its subject says after the reference."""
    return letter(key).subject.partition(": ")[2].capitalize()
