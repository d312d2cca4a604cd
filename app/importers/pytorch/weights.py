"""Recurrent layers out of names and arrays.

PyTorch's weights stand transposed, (gates * units, inputs), the LSTM's gates as i, f, g, o like
Keras's, the GRU's as r, z, n. Both biases of an LSTM or RNN are summed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from ...core.cells import Array, Cell, Layout, Weights, cells_of
from ...core.cells.activated import with_activations
from ...core.errors import BadInput, Unsupported
from ...core.network import Bidirectional, Recurrent
from ..base import checked, own_order
from ..inferred_order import Stack

WEIGHT = re.compile(
    r"(?P<prefix>.*?)\.?(?P<part>weight_ih|weight_hh|bias_ih|bias_hh|weight_hr)"
    r"(_l(?P<layer>\d{1,3})(?P<back>_reverse)?)?"
)
"""A cell's weights are those of a layer without its number."""


class Arrays(Protocol):
    """Names and arrays, whose shapes cost nothing."""

    def __getitem__(self, name: str, /) -> Array: ...

    def shape(self, name: str) -> tuple[int, ...]:
        """An array's shape."""
        ...


BY_BLOCKS = {layout.blocks: (cell, layout) for cell, layout in cells_of("pytorch")}
"""What the number of blocks says."""
PROJECTED = next(found for found in BY_BLOCKS.values() if found[0].projects)
"""What a projection says, where the columns say nothing of the blocks."""


@dataclass(frozen=True)
class Group:
    """One recurrent module.

    Attributes
    ----------
    name : the module's
    cell : that of all its layers
    single : whether it reads one timestep at a time, as an `nn.LSTMCell`
    layers : first to last
    """

    name: str
    cell: Cell
    single: bool
    layers: list[Stack]

    @property
    def kind(self) -> str:
        """The name of its class in PyTorch."""
        return self.cell.layouts["pytorch"].name + ("Cell" if self.single else "")

    @property
    def bidirectional(self) -> bool:
        """Whether it has two directions."""
        return any(isinstance(layer, Bidirectional) for layer in self.layers)


Parts = dict[str, str]
"""Part, such as "weight_ih" or "weight_ih_reverse" -> the array's name."""
Names = dict[str, dict[int, Parts]]
"""Module -> layer -> its parts."""


def sort_names(names: Sequence[str]) -> tuple[Names, list[str]]:
    """Names of recurrent weights by module and layer, and all other names."""
    groups: Names = {}
    plain = []
    for name in names:
        found = WEIGHT.fullmatch(name[:300])
        if not found:
            plain.append(name)
            continue
        layer = groups.setdefault(found["prefix"] or "rnn", {})
        parts = layer.setdefault(int(found["layer"] or 0), {})
        parts[found["part"] + (found["back"] or "")] = name
    if not groups:
        raise Unsupported(
            "There are no weights of nn.LSTM, nn.GRU or nn.RNN, nor of their cells. There are: "
            f"{', '.join(name[:60] for name in plain[:10]) or 'nothing'}."
        )
    return groups, plain


def natural(name: str) -> list[tuple[int, int, str]]:
    """Sort numbers in names by their value."""
    parts = re.split(r"(\d{1,9})", name[:300])
    return [(0, int(p), "") if p.isdecimal() else (1, 0, p) for p in parts]


def read_groups(
    arrays: Arrays, names: Names, nonlinearities: Mapping[str, str], usual: str
) -> list[Group]:
    """The recurrent modules.

    Parameters
    ----------
    nonlinearities : of those simple modules that are known, by name
    usual : of the others
    """
    return [
        _group(arrays, prefix, layers, nonlinearities.get(prefix, usual))
        for prefix, layers in names.items()
    ]


def _group(arrays: Arrays, prefix: str, numbered: dict[int, Parts], nonlinearity: str) -> Group:
    layers: list[Stack] = []
    cells: list[Cell] = []
    for number, parts in sorted(numbered.items()):
        name = f"{prefix}.{number}" if len(numbered) > 1 else prefix
        cell, forward = _recurrent(arrays, name, parts, "", nonlinearity)
        cells.append(cell)
        if "weight_ih_reverse" not in parts:
            layers.append(forward)
            continue
        _, backward = _recurrent(arrays, name, parts, "_reverse", nonlinearity)
        layers.append(Bidirectional(name, forward, backward))
    single = any(name.endswith("_hh") for parts in numbered.values() for name in parts.values())
    return Group(prefix, cells[-1], single, layers)


def _recurrent(
    arrays: Arrays, name: str, parts: Parts, back: str, nonlinearity: str
) -> tuple[Cell, Recurrent]:
    """One direction of one layer."""
    for part in ("weight_ih", "weight_hh"):
        if part + back not in parts:
            raise BadInput(f"The layer {name[:100]} lacks {part}{back}.")
    shape = arrays.shape(parts["weight_hh" + back])
    rows, hidden = shape if len(shape) == 2 else (0, 1)
    projection = None
    if "weight_hr" + back in parts:  # of an LSTM alone, whose rows the columns say nothing of
        of = parts["weight_hr" + back]
        projection = checked(arrays[of], of, (hidden, rows // PROJECTED[1].blocks)).T.copy()
    whole = projection is not None and rows % PROJECTED[1].blocks == 0
    found = PROJECTED if whole else _by_shape(rows, hidden)
    if found is None:
        raise BadInput(
            f"{parts['weight_hh' + back][:100]} has shape {tuple(shape)}; it must "
            "have 1, 3 or 4 times as many rows as columns."
        )
    cell, layout = found

    def rows_of(part: str, shape: tuple[int | None, ...]) -> Array:
        return own_order(checked(arrays[parts[part]], parts[part], shape), layout)

    use_bias = "bias_ih" + back in parts
    if use_bias != ("bias_hh" + back in parts):
        raise BadInput(f"The layer {name[:100]} has one bias of two.")
    biases = np.zeros((2, rows), np.float32)
    if use_bias:
        biases = np.stack([rows_of(f"{part}{back}", (rows,)) for part in ("bias_ih", "bias_hh")])
    direction = "/backward" if back else "/forward"
    return cell, Recurrent(
        name=name + direction if "weight_ih_reverse" in parts else name,
        cell=with_activations(
            cell.name,
            "tanh" if cell.gates else nonlinearity,
            "sigmoid",
            projected=projection is not None,
        ),
        weights=Weights(
            kernel=rows_of("weight_ih" + back, (rows, None)).T.copy(),
            recurrent_kernel=rows_of("weight_hh" + back, (rows, hidden)).T.copy(),
            bias=biases if cell.two_biases else biases.sum(axis=0),
            projection=projection,
        ),
        return_sequences=True,
        go_backwards=bool(back),
        use_bias=use_bias,
    )


def _by_shape(rows: int, units: int) -> tuple[Cell, Layout] | None:
    """What the number of blocks says, which is that of rows for each unit."""
    return BY_BLOCKS.get(rows // units) if units and rows % units == 0 else None
