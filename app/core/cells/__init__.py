"""The recurrent cells. A new one is one file here and one row in `CELLS`."""

from .base import Array, Cell, Gradients, State, Trace, Weights, sigmoid
from .gru import GRU, GRU_RESET_BEFORE
from .lstm import LSTM
from .simple_rnn import SIMPLE_RNN

CELLS: dict[str, Cell] = {cell.name: cell for cell in (LSTM, GRU, GRU_RESET_BEFORE, SIMPLE_RNN)}

__all__ = ["CELLS", "Array", "Cell", "Gradients", "State", "Trace", "Weights", "sigmoid"]
