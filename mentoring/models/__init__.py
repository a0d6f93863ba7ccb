from .apart import KeepApart
from .credential import Credential
from .match import Match
from .mentor import Mentor
from .session import Session

__all__ = ["Credential", "KeepApart", "Match", "Mentor", "Session"]
