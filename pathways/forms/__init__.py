from referrals.forms import ContactNoteForm

from .advisers import AskAdviserForm
from .checks import AnswerForm, CorrectionForm
from .moves import (
    AcceptedForm,
    ApplyForm,
    ChaseForm,
    CompletedForm,
    ContactForm,
    FellThroughForm,
    LeftForm,
    NotOfferedForm,
    OfferForm,
    OnwardForm,
    PostponedForm,
    RefusedForm,
    StartedForm,
    WithdrawnForm,
)
from .opportunities import FilterForm, OpportunityForm
from .statuses import StatusForm

__all__ = [
    "AcceptedForm",
    "AnswerForm",
    "ApplyForm",
    "AskAdviserForm",
    "ChaseForm",
    "CompletedForm",
    "ContactForm",
    "ContactNoteForm",
    "CorrectionForm",
    "FellThroughForm",
    "FilterForm",
    "LeftForm",
    "NotOfferedForm",
    "OfferForm",
    "OnwardForm",
    "OpportunityForm",
    "PostponedForm",
    "RefusedForm",
    "StartedForm",
    "StatusForm",
    "WithdrawnForm",
]
