"""What older versions of Keras wrote, brought into the words and the layout of today.

Keras 1 had an array for each gate and other names of its settings (keras-team/keras at 1.2.2,
keras/layers/recurrent.py); until 2.2.5 there were layers for cuDNN alone, whose matrices lie in
another order (keras/engine/saving.py at 2.2.4, `_convert_rnn_weights`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from ...core.cells import Array
from ...core.errors import BadInput
from .config import RECURRENT, Config, cell_of, class_and_config

CUDNN = {"CuDNNLSTM": "LSTM", "CuDNNGRU": "GRU"}
WITH_CUDNN = {"activation": "tanh", "recurrent_activation": "sigmoid", "reset_after": True}
"""What cuDNN computes, which has no settings."""
WRAPPED = "RNN"
"""The class of a layer around a cell that is an object of its own."""
CELLS = {f"{name}Cell": name for name in RECURRENT}
RENAMED = {"output_dim": "units", "inner_activation": "recurrent_activation", "bias": "use_bias"}
"""Keras 1's names of settings -> today's."""
WITH_UNITS = {"Dense", "TimeDistributedDense", *RECURRENT}
GATES = {name: of.letters.split(", ") for name, of in RECURRENT.items() if of.blocks > 1}
"""The gates of a class in the order of today."""
KERAS_1 = GATES | {"LSTM": ["i", "c", "f", "o"]}
"""In the order in which Keras 1 saved them, three arrays each."""


def in_words_of_today(kind: str, config: Config) -> tuple[str, Config]:
    """Class and configuration of a layer, whatever the version that wrote them."""
    if kind in WITH_UNITS and "output_dim" in config:
        config = {RENAMED.get(key, key): value for key, value in config.items()}
        kind = "Dense" if kind == "TimeDistributedDense" else kind
    if kind in CUDNN:
        return CUDNN[kind], {**config, **WITH_CUDNN}
    if kind == WRAPPED:
        wrapped, cell = class_and_config(config.get("cell"))
        if wrapped in CELLS:
            return CELLS[wrapped], {**cell, **{k: v for k, v in config.items() if k != "cell"}}
    return kind, config


def in_layout_of_today(kind: str, arrays: Sequence[Array], name: str) -> Sequence[Array]:
    """Kernel, recurrent kernel and bias of a layer, whatever the version that wrote them.

    Raises
    ------
    BadInput
        For gates whose arrays do not fit one another.
    """
    gates = GATES.get(kind, [])
    if gates and len(arrays) == 3 * len(gates):
        return _side_by_side(kind, arrays, name)
    if gates and len(arrays) == 3 and arrays[2].ndim == 1 and arrays[1].ndim == 2:
        kernel, recurrent_kernel, bias = arrays
        if bias.size == 2 * recurrent_kernel.shape[1]:
            return _from_cudnn(kind, kernel, recurrent_kernel, bias)
    return arrays


def _side_by_side(kind: str, arrays: Sequence[Array], name: str) -> list[Array]:
    parts = [arrays[start::3] for start in range(3)]
    places = [KERAS_1[kind].index(gate) for gate in GATES[kind]]
    for part in parts:
        if len({array.shape for array in part}) > 1 or part[0].ndim not in (1, 2):
            raise BadInput(f"The gates of the layer {name[:60]} have arrays of different shapes.")
    return [np.concatenate([part[place] for place in places], axis=-1) for part in parts]


def _from_cudnn(kind: str, kernel: Array, recurrent_kernel: Array, bias: Array) -> list[Array]:
    """Turn each gate's matrix, which cuDNN has transposed, and add up its two biases."""

    def each(matrix: Array, turn: Callable[[Array], Array]) -> Array:
        count = len(GATES[kind])
        if matrix.ndim != 2 or matrix.shape[1] % count:
            return matrix  # of no use: its shape is refused later
        return np.hstack([turn(block) for block in np.hsplit(matrix, count)])

    both = bias.reshape(2, -1)
    return [
        each(kernel, lambda block: block.T.reshape(block.shape, order="F")),
        each(recurrent_kernel, lambda block: block.T),
        both if cell_of(kind, WITH_CUDNN).two_biases else both.sum(axis=0),
    ]
