from .concerns import ChaseForm, CloseConcernForm, ConcernForm, HandleForm, PassOnForm
from .contact import ContactNoteForm
from .moves import (
    AcceptForm,
    AllocateForm,
    AnswerForm,
    AskForm,
    BeginEndingForm,
    DeclineForm,
    EndForm,
    EndReportForm,
    KeepWaitingForm,
    LetGoForm,
    OfferForm,
    PauseForm,
    RedirectForm,
    ReleaseForm,
    ReopenForm,
    WhyForm,
    WithdrawForm,
)
from .section import SectionForm
from .sections import SECTIONS
from .start import StartForm

__all__ = [
    "SECTIONS",
    "AcceptForm",
    "AllocateForm",
    "AnswerForm",
    "AskForm",
    "BeginEndingForm",
    "ChaseForm",
    "CloseConcernForm",
    "ConcernForm",
    "ContactNoteForm",
    "DeclineForm",
    "EndForm",
    "EndReportForm",
    "HandleForm",
    "KeepWaitingForm",
    "LetGoForm",
    "OfferForm",
    "PassOnForm",
    "PauseForm",
    "RedirectForm",
    "ReleaseForm",
    "ReopenForm",
    "SectionForm",
    "StartForm",
    "WhyForm",
    "WithdrawForm",
]
