"""Why a network said what it said: exact, and computed in float64.

What is explained is one sequence, a batch of one, through one recurrent layer.
"""

from .attributions import Attributions, attribute
from .below import hidden_of
from .derivatives import Backward, Derivatives, backpropagate, derivatives, of_layer
from .gradients import GradientNorms, gradient_norms
from .ledger import Ledger, check_ledger
from .logit import Logit, read_logit

__all__ = [
    "Attributions",
    "Backward",
    "Derivatives",
    "GradientNorms",
    "Ledger",
    "Logit",
    "attribute",
    "backpropagate",
    "check_ledger",
    "derivatives",
    "gradient_norms",
    "hidden_of",
    "of_layer",
    "read_logit",
]
