from referrals.forms import WhyForm

from .apart import KeepApartForm
from .moves import (
    BeginEndingForm,
    BeginForm,
    EndForm,
    EndNowForm,
    IntroduceForm,
    PauseForm,
    SayNoForm,
    SayYesForm,
    TheirYesForm,
)
from .register import (
    CheckForm,
    CompleteForm,
    EntryForm,
    LeaveForm,
    LeavingForm,
    SupervisionForm,
    SupervisorForm,
    SuspendForm,
    TurnAwayForm,
)
from .sessions import CorrectionForm, FirstContactForm, PlanForm, SessionForm

__all__ = [
    "BeginEndingForm",
    "BeginForm",
    "CheckForm",
    "CompleteForm",
    "CorrectionForm",
    "EndForm",
    "EndNowForm",
    "EntryForm",
    "FirstContactForm",
    "IntroduceForm",
    "KeepApartForm",
    "LeaveForm",
    "LeavingForm",
    "PauseForm",
    "PlanForm",
    "SayNoForm",
    "SayYesForm",
    "SessionForm",
    "SupervisionForm",
    "SupervisorForm",
    "SuspendForm",
    "TheirYesForm",
    "TurnAwayForm",
    "WhyForm",
]
