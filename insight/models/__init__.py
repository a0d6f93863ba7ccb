from .action import GapAction
from .population import Population
from .release import Release
from .weights import Weights

__all__ = ["GapAction", "Population", "Release", "Weights"]
