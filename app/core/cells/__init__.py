"""The recurrent cells. A new one is one file here and one row in `CELLS`."""

from .base import Array, Cell, Gradients, State, Trace, Weights, sigmoid
from .declaration import Factor, Layout, Memory, Reset
from .gru import GRU, GRU_RESET_BEFORE
from .lstm import LSTM
from .lstm_coupled import LSTM_COUPLED
from .mgu import MGU
from .simple_rnn import SIMPLE_RNN

_ALL = (LSTM, GRU, GRU_RESET_BEFORE, SIMPLE_RNN, LSTM_COUPLED, MGU)
CELLS: dict[str, Cell] = {cell.name: cell for cell in _ALL}


def cells_of(framework: str) -> list[tuple[Cell, Layout]]:
    """The cells that a framework has, and how it keeps their weights."""
    cells = (cell for cell in CELLS.values() if framework in cell.layouts)
    return [(cell, cell.layouts[framework]) for cell in cells]


__all__ = [
    "CELLS",
    "GRU",
    "GRU_RESET_BEFORE",
    "LSTM",
    "LSTM_COUPLED",
    "MGU",
    "SIMPLE_RNN",
    "Array",
    "Cell",
    "Factor",
    "Gradients",
    "Layout",
    "Memory",
    "Reset",
    "State",
    "Trace",
    "Weights",
    "cells_of",
    "sigmoid",
]
