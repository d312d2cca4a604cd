"""PyTorch: a `state_dict` in a `.safetensors` file, and whatever `torch.save` writes.

Nothing in a file is run: see `binary/pickle.py`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from ...core.cells import Cell
from ...core.errors import BadInput, Unsupported
from ...core.modelfile.safetensors import looks_like_safetensors
from ...core.network import Dense, Embedding, Layer, Network
from ..alone import open_alone
from ..assumed import Assumed, choices, unsaid
from ..base import Imported, Options, build, refuse_unused, settle_flatten, zeros
from ..inferred import arrange
from ..inferred_order import Misfit
from ..merging import join_directions
from . import containers
from .followed import around, bounded, changing, check_followed, own_code
from .known import hints, nonlinearities, tables
from .modules import LAYERS
from .order import in_order
from .plain import Plain, read_plain, unread, without_losses
from .repeated import repeat_state
from .source import Source, open_source
from .weight_norm import join_parts
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
    """Read weights, with what is known of their modules: all of them, or a recurrent layer."""
    arrays, held, joined = join_parts(source.arrays, source.names)
    source = replace(source, arrays=arrays, names=held)
    names, plain_names = sort_names(source.names)
    plain_names, losses = without_losses(plain_names)
    said = _nonlinearity(options)
    known = nonlinearities(source.modules) if said is None else {}
    groups = read_groups(source.arrays, names, known, said or "tanh")
    flat = [layer for group in groups for layer in group.layers]
    plain = read_plain(source.arrays, plain_names, flat, tables(source.modules))
    weighted = {name.rpartition(".")[0] for name in source.names}
    own, left = own_code(source.modules, weighted, groups, plain.dense)
    try:
        if reason := unread(plain):
            raise reason
        if options.get("layer") is not None:
            raise Unsupported("The option layer says so.")
        check_followed(source.modules, weighted)
        layers, more = _whole(source, plain, groups, options)
        network = build(settle_flatten(layers))
    except (Unsupported, Misfit) as error:
        _refuse_unused_alone(plain, groups, options, source.used)
        bare = [f"{name} ({kind})" for name, kind in changing(source.modules, weighted)]
        beside = around(source.arrays, plain, source.modules, [*left, *bare])
        stacks = {group.name: group.layers for group in groups}
        layers, more, leaving = open_alone(stacks, beside, options, error.detail)
        network, left = build(layers), list(leaving)
    sentences = [
        *(*source.assumed, *joined, *losses, *more, *own),
        *_nonlinear(groups, known, options),
    ]
    return Imported(
        format=source.format,
        network=network,
        detected=_detected(groups) | _projected(network) | dict(source.detected),
        assumed=unsaid(sentences),
        choices=choices(sentences),
        snippet=_snippet(network, source),
        left_out=tuple(left),
    )


def _whole(
    source: Source, plain: Plain, groups: Sequence[Group], options: Options
) -> tuple[list[Layer], list[str]]:
    """All layers in their order, and what was taken for granted."""
    embedding, dense, more = plain.embedding, plain.dense, list[str]()
    if embedding is not None:
        embedding, more = bounded(embedding, source.modules)
    ordered, order = in_order(groups, embedding, dense, options, made=source.ordered)
    found = hints(source.modules, dense, groups, options)
    found = replace(found, made=source.ordered)
    layers, joined = join_directions(
        [layer for group in ordered for layer in group.layers],
        options,
        lambda stack: arrange(embedding, stack, dense, options, hints=found),
    )
    layers, repeated = repeat_state(layers, ordered, options)
    build(settle_flatten(layers))
    _refuse_unused(embedding, dense, groups, options, source.used)
    return layers, [*more, *order, *repeated, *joined]


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
    if not simple or known:
        return []
    said = options.get("nonlinearity")
    words = f"nn.{simple[0]} uses {said or 'tanh'} (nonlinearity)."
    values = ("tanh", "relu")
    return [Assumed(words, "nonlinearity", said or "tanh", values, said=said is not None)]


def _refuse_unused(
    embedding: Embedding | None,
    dense: Collection[Dense],
    groups: Sequence[Group],
    options: Options,
    mattered: Collection[str],
) -> None:
    used = {"reads", "activations", *mattered}
    used |= {"before", "state_activation"} if dense else set()
    used |= {"dense_order"} if len(dense) > 1 else set()
    used |= {"mask_zero"} if embedding is not None else set()
    used |= {"nonlinearity"} if any(not x.cell.gates for x in groups) else set()
    used |= {"order", "repeats"} if len(groups) > 1 else set()
    used |= {"merge_mode"} if any(x.bidirectional for x in groups) else set()
    refuse_unused(options, used, "the file has no layer that it speaks of")


def _refuse_unused_alone(
    plain: Plain, groups: Sequence[Group], options: Options, mattered: Collection[str]
) -> None:
    """The same where a recurrent layer is opened on its own."""
    used = {"layer", *mattered}
    used |= {"fed", "mask_zero"} if plain.tables else set()
    used |= {"nonlinearity"} if any(not x.cell.gates for x in groups) else set()
    refuse_unused(options, used, "the recurrent layer is opened on its own")


def _snippet(network: Network, source: Source) -> str:
    """What the owner's own module gives."""
    inputs = "inputs = torch.tensor([[1, 2, 3]])  # your token ids: (batch, timesteps)"
    if network.embedding is None:
        inputs = (
            f"inputs = torch.tensor({zeros(network.features)}, dtype=torch.float32)"
            f"  # your numbers: (batch, timesteps, {network.features})"
        )
    return f"""\
import torch
{source.load}
{inputs}
{_call(source)}  # a tuple from nn.LSTM alone: output, (h_n, c_n)"""


def _call(source: Source) -> str:
    """How a module is called that may read the batch first or the timesteps."""
    modules = [m for m in source.modules.values() if m.kind in LAYERS]
    first = {module.constants.get("batch_first") for module in modules}
    if first == {True}:
        return "model.eval()(inputs)"
    turned = "model.eval()(inputs.transpose(0, 1))"
    if first == {False}:
        return f"# made without batch_first: timesteps first\n{turned}"
    return (
        "# without batch_first=True, as nn.LSTM is by default: model(inputs.transpose(0, 1))\n"
        "model.eval()(inputs)"
    )
