"""What stands around recurrent layers: an embedding, and linear layers."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import NamedTuple

import numpy as np

from ...core.errors import Unsupported
from ...core.network import Dense, Embedding
from ..base import checked
from ..inferred_order import Stack, reads
from .weights import Arrays

LOSS = re.compile(r"(^|\.)(\w*_)?(loss|losses|loss_fn|loss_func\w*|criterion|metrics?)(_\w+)?\.")
"""Names of what is no part of the model, though a training keeps it beside."""

LATE = re.compile(
    r"(^|[._])(dec\w*|out\w*|fc\w*|head|linear|proj\w*|logits|pred\w*)([._\d]|$)", re.I
)
"""What people call a layer that stands last."""


def without_losses(names: Sequence[str]) -> tuple[list[str], list[str]]:
    """All names but those of a loss, and a sentence for each that is left out."""
    left = [name for name in names if LOSS.search(name[:200])]
    words = [f"{name[:60]} belongs to a loss or a metric, and is left out." for name in left]
    return [name for name in names if name not in set(left)], words


class Plain(NamedTuple):
    """What stands around the recurrent layers.

    Attributes
    ----------
    tables : all matrices that are known, or called, to be an embedding's
    rest : names of weights that belong to no layer that is read
    """

    embedding: Embedding | None
    dense: list[Dense]
    tables: list[Embedding]
    rest: list[str]


def read_plain(
    arrays: Arrays, names: list[str], stack: Sequence[Stack], tables: Collection[str] | None
) -> Plain:
    """The embedding, a matrix as wide as what the first layer reads, and the linear layers.

    Parameters
    ----------
    tables : names of the weights that are known to be an embedding's, where that is known
    """
    widths = {reads(layer) for layer in stack}
    by_shape = _tables(arrays, names, stack)
    # an embedding's rows may also be read by a linear layer that stands before the recurrent one
    shapes = [arrays.shape(name) for name in names]
    widths_named = widths | {s[1] for s in shapes if len(s) == 2 and s[0] in widths}
    dense, known, rest = list[Dense](), list[Embedding](), dict.fromkeys(names)
    for name in names:
        if name not in rest or not (name == "weight" or name.endswith(".weight")):
            continue
        prefix, shape = name.removesuffix("weight"), arrays.shape(name)
        if len(shape) != 2:
            continue
        bias = f"{prefix}bias"
        title = prefix.rstrip(".") or "layer"
        use_bias = bias in rest
        rest.pop(name)
        rest.pop(bias, None)
        table = (
            name in tables
            if tables is not None
            else name in by_shape or _is_named_table(name, shape[1], widths_named)
        )
        if not use_bias and table:
            known.append(Embedding(title, checked(arrays[name], name, (None, None))))
            if len(known) == 1 or tables is not None or "emb" in name.lower():
                continue
        kernel = checked(arrays[name], name, (None, None)).T.copy()
        outputs = kernel.shape[1]
        values = (
            checked(arrays[bias], bias, (outputs,)) if use_bias else np.zeros(outputs, np.float32)
        )
        dense.append(Dense(title, kernel, values, "linear", use_bias))
    return Plain(known[0] if known else None, dense, known, list(rest))


def unread(plain: Plain) -> Unsupported | None:
    """Why what stands around the recurrent layers is not read whole; None where it is."""
    named = {layer.name for layer in plain.dense}
    if plain.rest:
        return Unsupported(
            f"There are weights of a layer that is not read: {min(plain.rest)[:100]}. These are "
            "read: nn.Embedding, nn.LSTM, nn.GRU, nn.RNN, their cells, and nn.Linear."
        )
    several = [table.name[:60] for table in plain.tables if table.name not in named]
    if len(several) > 1:
        return Unsupported(f"The model has several embeddings: {', '.join(several[:8])}.")
    return None


def _is_named_table(name: str, width: int, widths: set[int]) -> bool:
    """Whether a matrix is an embedding's by its name, and as wide as one may be."""
    return "emb" in name.lower() and width in widths


def _tables(arrays: Arrays, names: Sequence[str], stack: Sequence[Stack]) -> list[str]:
    """The matrices that are an embedding's rather than those of a linear layer without a bias.

    One that a recurrent layer can read and no head, or one that a head could read too where
    another matrix does so: of two such, the one whose name does not say that it stands last.
    """
    widths, units = {reads(layer) for layer in stack}, stack[-1].units
    matrices = [n for n in names if n.endswith("weight") and len(arrays.shape(n)) == 2]
    bare = [
        name
        for name in matrices
        if f"{name.removesuffix('weight')}bias" not in names and arrays.shape(name)[1] in widths
    ]
    clear = [name for name in bare if arrays.shape(name)[1] != units]
    heads = [name for name in matrices if arrays.shape(name)[1] == units]
    if clear or len(heads) < 2:
        return clear
    long = [name for name in bare if arrays.shape(name)[0] != units]
    return sorted(long, key=lambda name: bool(LATE.search(name)))[:1]
