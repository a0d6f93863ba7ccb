from .check import SustainmentCheck
from .moves import PlacementMoves
from .opportunity import Opportunity
from .placement import Placement
from .status import EteStatus, Evidence

__all__ = [
    "EteStatus",
    "Evidence",
    "Opportunity",
    "Placement",
    "PlacementMoves",
    "SustainmentCheck",
]
