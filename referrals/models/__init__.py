from .action import Agreed, ConcernAction
from .answers import Agreement, Education, Need, Risk, Support
from .comparison import Comparison
from .concern import Concern
from .people import HomeAddress, YoungPerson
from .programme import Programme
from .referral import Referral
from .work import Assignment, InfoRequest

__all__ = [
    "Agreed",
    "Agreement",
    "Assignment",
    "Comparison",
    "Concern",
    "ConcernAction",
    "Education",
    "HomeAddress",
    "InfoRequest",
    "Need",
    "Programme",
    "Referral",
    "Risk",
    "Support",
    "YoungPerson",
]
