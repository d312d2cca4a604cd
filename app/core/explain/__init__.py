"""Why a network said what it said: exact, and computed in float64.

What is explained is one sequence, a batch of one, through one recurrent layer.
"""

from .attributions import Attributions, attribute
from .below import hidden_of
from .gradients import GradientNorms, gradient_norms
from .ledger import Ledger, check_ledger
from .logit import Logit, read_logit
from .pins import Pin, hold

__all__ = [
    "Attributions",
    "GradientNorms",
    "Ledger",
    "Logit",
    "Pin",
    "attribute",
    "check_ledger",
    "gradient_norms",
    "hidden_of",
    "hold",
    "read_logit",
]
