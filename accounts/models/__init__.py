from .areas import Area, Locality, Postcode
from .devices import Authenticator, RecoveryCode, RecoverySheet
from .duty import DutyShift, deputy, on_duty
from .invitations import Invitation
from .memberships import Membership
from .organisations import Organisation, SharingAgreement
from .people import User
from .sessions import Session
from .submissions import Submission
from .tallies import Tally

__all__ = [
    "Area",
    "Authenticator",
    "DutyShift",
    "Invitation",
    "Locality",
    "Membership",
    "Organisation",
    "Postcode",
    "RecoveryCode",
    "RecoverySheet",
    "Session",
    "SharingAgreement",
    "Submission",
    "Tally",
    "User",
    "deputy",
    "on_duty",
]
