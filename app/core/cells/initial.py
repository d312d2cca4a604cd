"""Weights before any training, drawn as Keras draws them."""

from __future__ import annotations

import numpy as np

from ..shapes import Float
from .base import Array, Cell, Weights


def draw_weights(cell: Cell, features: int, units: int, random: np.random.RandomState) -> Weights:
    """Draw a layer's first weights, in float32.

    Glorot-uniform kernel (Glorot & Bengio 2010), orthogonal recurrent kernel (Saxe et al. 2014),
    zero bias but for an LSTM's forget gate, which starts open with a bias of one (Jozefowicz et al.
    2015).

    Parameters
    ----------
    cell : the row of the table of cells
    features, units : the layer's sizes
    random : NumPy's frozen generator, whose stream is the same in every version
    """
    columns = len(cell.blocks) * units
    bias = np.zeros(columns, np.float32)
    if cell.open_at_first is not None:
        start = cell.gates.index(cell.open_at_first) * units
        bias[start : start + units] = 1
    return Weights(
        kernel=glorot_uniform(features, columns, random),
        recurrent_kernel=orthogonal(units, columns, random),
        bias=bias,
    )


def glorot_uniform(
    rows: int, columns: int, random: np.random.RandomState
) -> Float[Array, "rows columns"]:
    """Uniform within plus or minus sqrt(6 / (rows + columns))."""
    limit = np.sqrt(6 / (rows + columns))
    return random.uniform(-limit, limit, (rows, columns)).astype(np.float32)


def orthogonal(
    rows: int, columns: int, random: np.random.RandomState
) -> Float[Array, "rows columns"]:
    """A matrix with orthonormal rows (or columns, where it is tall), evenly over all of them."""
    normal = random.standard_normal((max(rows, columns), min(rows, columns)))
    q, r = np.linalg.qr(normal)
    q *= np.sign(np.diag(r))
    return np.ascontiguousarray(q if rows >= columns else q.T, dtype=np.float32)
