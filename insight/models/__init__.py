from .population import Population
from .weights import Weights

__all__ = ["Population", "Weights"]
