from .cases import Case, CaseQuerySet
from .clocks import ClockRule, Term
from .events import Event, Reason, Seal
from .messages import Message
from .notes import Note
from .unwanted import Unwanted
from .viewings import Viewing

__all__ = [
    "Case",
    "CaseQuerySet",
    "ClockRule",
    "Event",
    "Message",
    "Note",
    "Reason",
    "Seal",
    "Term",
    "Unwanted",
    "Viewing",
]
