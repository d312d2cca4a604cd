"""PyTorch's `state_dict` in a `.safetensors` file: names and arrays, nothing else.

PyTorch's weights stand transposed, (gates * units, inputs), the LSTM's gates as i, f, g, o like
Keras's, the GRU's as r, z, n. Both biases of an LSTM or RNN are summed.
"""

from __future__ import annotations

import re
from collections.abc import Collection

import numpy as np

from ...core.cells import Array, Cell, Weights, cells_of
from ...core.cells.activated import with_activations
from ...core.errors import BadInput, Unsupported
from ...core.network import Bidirectional, Dense, Embedding, Network, Recurrent
from ..advice import naming, of_pytorch
from ..base import (
    Imported,
    Options,
    build,
    checked,
    own_order,
    refuse_unused,
    settle_flatten,
    zeros,
)
from ..binary.safetensors import Tensors, looks_like_safetensors
from ..inferred import arrange
from ..inferred_order import Stack, reads

WEIGHT = re.compile(
    r"(?P<prefix>.*?)\.?(?P<part>weight_ih|weight_hh|bias_ih|bias_hh|weight_hr)_l(?P<layer>\d{1,3})(?P<back>_reverse)?"
)


BY_BLOCKS = {layout.blocks: (cell, layout) for cell, layout in cells_of("pytorch")}
"""What the number of blocks says."""


def match(data: memoryview) -> bool:
    """Whether the file is a safetensors file."""
    return looks_like_safetensors(data)


def read(data: memoryview, options: Options) -> Imported:
    """Read a state dict; see `inferred.arrange` for what it does not say.

    Raises
    ------
    Unsupported
        Naming a weight of a layer that is not read.
    BadInput
        For a file that is damaged, or weights that do not fit one another.
    """
    tensors = Tensors(data)
    recurrent, plain = _sorted(tensors)
    stack, cells = _stack(tensors, recurrent, options)
    first = next(iter(recurrent))
    with naming(of_pytorch(first if any(x.startswith(f"{first}.") for x in tensors) else "")):
        embedding, dense = _plain(tensors, plain, stack, options.get("tables"))
        _refuse_unused(embedding, dense, cells, options)
        layers, assumed = arrange(embedding, stack, dense, options)
        network = build(settle_flatten(layers))
    kept = any(cell.two_biases for cell in cells)
    names = dict.fromkeys(cell.layouts["pytorch"].name for cell in cells)
    detected = {
        "layers": ", ".join(f"nn.{name}" for name in names),
        "gate order": "; ".join(dict.fromkeys(_order(cell) for cell in cells if cell.gates)),
        "biases": f"input and recurrent bias {'kept apart' if kept else 'summed'}",
        "layout": "transposed",
    }
    if _has_simple(cells) and options.get("nonlinearity") is None:
        assumed.append("nn.RNN uses tanh (nonlinearity).")
    return Imported(
        format="PyTorch state_dict (.safetensors)",
        network=network,
        detected=detected,
        assumed=tuple(assumed),
        snippet=_snippet(network),
    )


def _order(cell: Cell) -> str:
    """PyTorch's order of the gates, and what became of it."""
    layout = cell.layouts["pytorch"]
    if layout.order == tuple(range(layout.blocks)):
        return f"{layout.letters}, as in Keras"
    return f"{layout.letters}, brought into Keras's {cell.layouts['keras'].letters}"


def _has_simple(cells: Collection[Cell]) -> bool:
    """Whether there is a cell without gates, whose nonlinearity PyTorch lets one choose."""
    return any(not cell.gates for cell in cells)


def _refuse_unused(
    embedding: Embedding | None, dense: Collection[Dense], cells: Collection[Cell], options: Options
) -> None:
    used = {"reads", "activations"}
    used |= {"before"} if dense else set()
    used |= {"mask_zero"} if embedding is not None else set()
    used |= {"nonlinearity"} if _has_simple(cells) else set()
    refuse_unused(options, used, "the file has no layer that it speaks of")


Groups = dict[str, dict[int, dict[str, str]]]
"""Prefix -> layer -> part, such as "weight_ih" or "weight_ih_reverse" -> the array's name."""


def _sorted(tensors: Tensors) -> tuple[Groups, list[str]]:
    """Names of recurrent weights by module and layer, and all other names."""
    groups: Groups = {}
    plain = []
    for name in sorted(tensors, key=_natural):
        found = WEIGHT.fullmatch(name[:300])
        if not found:
            plain.append(name)
            continue
        if found["part"] == "weight_hr":
            raise Unsupported(f"{name[:100]} belongs to an LSTM with proj_size, which is not read.")
        layer = groups.setdefault(found["prefix"] or "rnn", {}).setdefault(int(found["layer"]), {})
        layer[found["part"] + (found["back"] or "")] = name
    if not groups:
        raise Unsupported(
            "There are no weights of nn.LSTM, nn.GRU or nn.RNN. There are: "
            f"{', '.join(name[:60] for name in plain[:10]) or 'nothing'}."
        )
    return groups, plain


def _natural(name: str) -> list[tuple[int, int, str]]:
    """Sort numbers in names by their value."""
    parts = re.split(r"(\d{1,9})", name[:300])
    return [(0, int(p), "") if p.isdecimal() else (1, 0, p) for p in parts]


def _stack(tensors: Tensors, groups: Groups, options: Options) -> tuple[list[Stack], list[Cell]]:
    """The recurrent layers, and their cells."""
    stack: list[Stack] = []
    cells = []
    for prefix, layers in groups.items():
        for number, parts in sorted(layers.items()):
            name = f"{prefix}.{number}" if len(layers) > 1 else prefix
            cell, forward = _recurrent(tensors, name, parts, "", options)
            cells.append(cell)
            if "weight_ih_reverse" not in parts:
                stack.append(forward)
                continue
            _, backward = _recurrent(tensors, name, parts, "_reverse", options)
            stack.append(Bidirectional(name, forward, backward))
    return stack, cells


def _recurrent(
    tensors: Tensors, name: str, parts: dict[str, str], back: str, options: Options
) -> tuple[Cell, Recurrent]:
    """One direction of one layer."""
    for part in ("weight_ih", "weight_hh"):
        if part + back not in parts:
            raise BadInput(f"The layer {name[:100]} lacks {part}{back}.")
    recurrent_kernel = tensors[parts["weight_hh" + back]]
    rows, units = recurrent_kernel.shape if recurrent_kernel.ndim == 2 else (0, 1)
    found = BY_BLOCKS.get(rows // max(1, units)) if units and rows % units == 0 else None
    if found is None:
        raise BadInput(
            f"{parts['weight_hh' + back][:100]} has shape {tuple(recurrent_kernel.shape)}; it must "
            "have 1, 3 or 4 times as many rows as columns."
        )
    cell, layout = found

    def rows_of(part: str, shape: tuple[int | None, ...]) -> Array:
        return own_order(checked(tensors[parts[part]], parts[part], shape), layout)

    use_bias = "bias_ih" + back in parts
    if use_bias != ("bias_hh" + back in parts):
        raise BadInput(f"The layer {name[:100]} has one bias of two.")
    biases = np.zeros((2, rows), np.float32)
    if use_bias:
        biases = np.stack([rows_of(f"{part}{back}", (rows,)) for part in ("bias_ih", "bias_hh")])
    nonlinearity = options.get("nonlinearity", "tanh") if not cell.gates else "tanh"
    if nonlinearity not in ("tanh", "relu"):
        raise BadInput("The option nonlinearity must be tanh or relu.")
    direction = "/backward" if back else "/forward"
    return cell, Recurrent(
        name=name + direction if "weight_ih_reverse" in parts else name,
        cell=with_activations(cell.name, nonlinearity, "sigmoid"),
        weights=Weights(
            kernel=rows_of("weight_ih" + back, (rows, None)).T.copy(),
            recurrent_kernel=rows_of("weight_hh" + back, (rows, units)).T.copy(),
            bias=biases if cell.two_biases else biases.sum(axis=0),
        ),
        return_sequences=True,
        go_backwards=bool(back),
        use_bias=use_bias,
    )


def _plain(
    tensors: Tensors, names: list[str], stack: list[Stack], tables: Collection[str] | None
) -> tuple[Embedding | None, list[Dense]]:
    """The embedding, a matrix as wide as what the first layer reads, and the linear layers.

    Parameters
    ----------
    tables : names of the weights that are known to be an embedding's, where that is known
    """
    widths = {reads(layer) for layer in stack}
    # an embedding's rows may also be read by a linear layer that stands before the recurrent one
    shapes = [tensors.shape(name) for name in names]
    widths_named = widths | {s[1] for s in shapes if len(s) == 2 and s[0] in widths}
    embedding, dense, rest = None, [], set(names)
    for name in names:
        if name not in rest or not (name == "weight" or name.endswith(".weight")):
            continue
        prefix, shape = name.removesuffix("weight"), tensors.shape(name)
        if len(shape) != 2:
            continue
        bias = f"{prefix}bias"
        title = prefix.rstrip(".") or "layer"
        rest -= {name, bias}
        table = (
            name in tables
            if tables is not None
            else _is_table(name, shape[1], widths, widths_named, stack)
        )
        if bias not in names and embedding is None and table:
            embedding = Embedding(title, checked(tensors[name], name, (None, None)))
            continue
        kernel = checked(tensors[name], name, (None, None)).T.copy()
        outputs, use_bias = kernel.shape[1], bias in names
        values = (
            checked(tensors[bias], bias, (outputs,)) if use_bias else np.zeros(outputs, np.float32)
        )
        dense.append(Dense(title, kernel, values, "linear", use_bias))
    if rest:
        raise Unsupported(
            f"There are weights of a layer that is not read: {sorted(rest)[0][:100]}. These are "
            "read: nn.Embedding, nn.LSTM, nn.GRU, nn.RNN and nn.Linear."
        )
    return embedding, dense


def _is_table(
    name: str, width: int, widths: set[int], widths_named: set[int], stack: list[Stack]
) -> bool:
    """Whether a matrix is an embedding's rather than that of a linear layer without a bias.

    Parameters
    ----------
    widths : how many numbers a recurrent layer reads
    widths_named : how wide a table may be whose name says what it is
    """
    if "emb" in name.lower():
        return width in widths_named
    return width in widths and width != stack[-1].units


def _snippet(network: Network) -> str:
    """What the owner's own module gives."""
    inputs = "inputs = torch.tensor([[1, 2, 3]])  # your token ids: (batch, timesteps)"
    if network.embedding is None:
        inputs = (
            f"inputs = torch.tensor({zeros(network.features)}, dtype=torch.float32)"
            f"  # your numbers: (batch, timesteps, {network.features})"
        )
    return f"""\
import torch
from safetensors.torch import load_file
model.load_state_dict(load_file("model.safetensors"))  # model: as your code builds it
{inputs}
# without batch_first=True, as nn.LSTM is by default: model(inputs.transpose(0, 1))
model.eval()(inputs)  # a tuple from nn.LSTM alone: output, (h_n, c_n)"""
