from .action import GapAction
from .population import Population
from .weights import Weights

__all__ = ["GapAction", "Population", "Weights"]
