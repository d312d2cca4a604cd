"""The recurrent cells. A new one is one file here and one row in `CELLS`."""

from .base import Array, Cell, Gradients, State, Trace, Weights, sigmoid
from .lstm import LSTM
from .simple_rnn import SIMPLE_RNN

CELLS: dict[str, Cell] = {cell.name: cell for cell in (LSTM, SIMPLE_RNN)}

__all__ = ["CELLS", "Array", "Cell", "Gradients", "State", "Trace", "Weights", "sigmoid"]
