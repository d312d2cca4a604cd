"""PyTorch: a `state_dict` in a `.safetensors` file, and whatever `torch.save` writes.

Nothing in a file is run: see `binary/pickle.py`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from ...core.cells import Cell
from ...core.errors import BadInput
from ...core.network import Dense, Embedding, Network
from ..advice import naming, of_pytorch
from ..base import Imported, Options, build, refuse_unused, settle_flatten, zeros
from ..binary.safetensors import looks_like_safetensors
from ..inferred import arrange
from ..merging import join_directions
from . import containers
from .known import hints, nonlinearities, tables
from .order import in_order
from .plain import read_plain, without_losses
from .repeated import repeat_state
from .source import Source, open_source
from .weights import Group, read_groups, sort_names


def match(data: memoryview) -> bool:
    """Whether the file is a safetensors file, or one of PyTorch's own."""
    return looks_like_safetensors(data) or containers.match(data)


def read(data: memoryview, options: Options) -> Imported:
    """Read a file; see `inferred.arrange` for what weights do not say.

    Raises
    ------
    Unsupported
        Naming a weight of a layer that is not read.
    BadInput
        For a file that is damaged, or weights that do not fit one another, and where two readings
        fit equally, naming the option that decides.
    """
    return read_source(open_source(data, options), options)


def read_source(source: Source, options: Options) -> Imported:
    """Read weights, with what is known of their modules."""
    names, plain = sort_names(source.names)
    plain, assumed = without_losses(plain)
    said = _nonlinearity(options)
    known = nonlinearities(source.modules) if said is None else {}
    groups = read_groups(source.arrays, names, known, said or "tanh")
    first = groups[0].name
    with naming(of_pytorch(first if any(x.startswith(f"{first}.") for x in source.names) else "")):
        flat = [layer for group in groups for layer in group.layers]
        embedding, dense = read_plain(source.arrays, plain, flat, tables(source.modules))
        _refuse_unused(embedding, dense, groups, options, source.used)
        ordered, order = in_order(groups, embedding, dense, options, made=source.ordered)
        found = hints(source.modules, dense, groups, options)
        layers, more = join_directions(
            [layer for group in ordered for layer in group.layers],
            options,
            lambda stack: arrange(embedding, stack, dense, options, hints=found),
        )
        layers, repeated = repeat_state(layers, ordered, options)
        network = build(settle_flatten(layers))
    return Imported(
        format=source.format,
        network=network,
        detected=_detected(groups) | _projected(network) | dict(source.detected),
        assumed=(
            *source.assumed,
            *assumed,
            *order,
            *repeated,
            *more,
            *_nonlinear(groups, known, options),
        ),
        snippet=_snippet(network, source.load),
    )


def _detected(groups: Sequence[Group]) -> dict[str, str]:
    cells = [group.cell for group in groups]
    kept = any(cell.two_biases for cell in cells)
    return {
        "layers": ", ".join(dict.fromkeys(f"nn.{group.kind}" for group in groups)),
        "gate order": "; ".join(dict.fromkeys(_order(cell) for cell in cells if cell.gates)),
        "biases": f"input and recurrent bias {'kept apart' if kept else 'summed'}",
        "layout": "transposed",
    }


def _projected(network: Network) -> dict[str, str]:
    """How long hidden states are that are shorter than the cell states."""
    sizes = [(x.weights.hidden, x.weights.units) for x in network.recurrent.values()]
    found = [f"{hidden} of {units} units" for hidden, units in sizes if hidden != units]
    return {"projection (proj_size)": ", ".join(dict.fromkeys(found))} if found else {}


def _order(cell: Cell) -> str:
    """PyTorch's order of the gates, and what became of it."""
    layout = cell.layouts["pytorch"]
    if layout.order == tuple(range(layout.blocks)):
        return f"{layout.letters}, as in Keras"
    return f"{layout.letters}, brought into Keras's {cell.layouts['keras'].letters}"


def _nonlinearity(options: Options) -> str | None:
    said: Any = options.get("nonlinearity")
    if said not in (None, "tanh", "relu"):
        raise BadInput("The option nonlinearity must be tanh or relu.")
    return said


def _nonlinear(groups: Sequence[Group], known: dict[str, str], options: Options) -> list[str]:
    simple = [group.kind for group in groups if not group.cell.gates]
    if not simple or known or options.get("nonlinearity") is not None:
        return []
    return [f"nn.{simple[0]} uses tanh (nonlinearity)."]


def _refuse_unused(
    embedding: Embedding | None,
    dense: Collection[Dense],
    groups: Sequence[Group],
    options: Options,
    mattered: Collection[str],
) -> None:
    used = {"reads", "activations", *mattered}
    used |= {"before", "state_activation"} if dense else set()
    used |= {"mask_zero"} if embedding is not None else set()
    used |= {"nonlinearity"} if any(not x.cell.gates for x in groups) else set()
    used |= {"order", "repeats"} if len(groups) > 1 else set()
    used |= {"merge_mode"} if any(x.bidirectional for x in groups) else set()
    refuse_unused(options, used, "the file has no layer that it speaks of")


def _snippet(network: Network, load: str) -> str:
    """What the owner's own module gives."""
    inputs = "inputs = torch.tensor([[1, 2, 3]])  # your token ids: (batch, timesteps)"
    if network.embedding is None:
        inputs = (
            f"inputs = torch.tensor({zeros(network.features)}, dtype=torch.float32)"
            f"  # your numbers: (batch, timesteps, {network.features})"
        )
    return f"""\
import torch
{load}
{inputs}
# without batch_first=True, as nn.LSTM is by default: model(inputs.transpose(0, 1))
model.eval()(inputs)  # a tuple from nn.LSTM alone: output, (h_n, c_n)"""
