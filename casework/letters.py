"""Letters: what a message says. Link, don't tell: a reference and a link, never a name or a
reason."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Letter:
    """`subject` and `text` may use {reference} and {link}, nothing else."""

    subject: str
    text: str


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
